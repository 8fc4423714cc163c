package io.ringfence.engine.control;

import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.ReasonCode;
import java.util.Arrays;

/**
 * The ordered list of controls between the verbs of the budget and its ledger.
 *
 * <p>A check goes control by control, and within one from the command's account up to the root of its tree. The first that fails names
 * itself. Which controls ran is kept, a bit each. Which had to run is compiled apart from that, when accounts are configured: an
 * admission that lacks one throws {@link IllegalStateException}, which stops the engine. Called by the owner's thread only; allocates
 * nothing once warm.
 */
public final class Controls {
    private final AccountView accounts;
    private Control[] order;
    private long[] orderBits; // Of the controls in their order.
    private Control[] stateful;
    private long[] required = new long[0]; // By slot: bits of the controls that must see its orders.

    private Controls(AccountView accounts, Control[] order) {
        this.accounts = accounts;
        order(order);
    }

    /** All controls, in the order of {@link ControlCode}. */
    public static Controls all(AccountView accounts) {
        return new Controls(accounts, new Control[] {
            new Overdrawn(),
            new Outstanding(),
            new OrderSizeControls.MaxQuantity(),
            new OrderSizeControls.MaxValue(),
            new Range(),
            new ExposureControl(),
            new Available()
        });
    }

    /** For tests: the same controls with another order, fewer, or others besides. */
    void order(Control... next) {
        order = next.clone();
        orderBits = Arrays.stream(next).mapToLong(each -> each.code().bit()).toArray();
        stateful = Arrays.stream(next).filter(Control::isStateful).toArray(Control[]::new);
    }

    Control[] order() {
        return order.clone();
    }

    /**
     * Checks what a command asks for at its account and at each one above; changes nothing but the context, which learns which controls
     * ran and which failed.
     *
     * @param asked of a known account.
     * @return reason of the first control that fails, or {@code NONE}.
     */
    public ReasonCode check(ControlContext asked) {
        int account = asked.accountSlot();
        long ran = 0;
        long bits = ControlCode.ALWAYS;
        for (int slot = account; slot != AccountView.NONE; slot = accounts.parent(slot)) {
            bits |= accounts.limited(slot);
        }
        if (!asked.isOrder()) {
            bits &= ~ControlCode.OF_ORDERS;
        }
        for (int i = 0; i < order.length; i++) {
            if ((bits & orderBits[i]) == 0) {
                continue;
            }
            ran |= orderBits[i];
            Control control = order[i];
            for (int slot = account; slot != AccountView.NONE; slot = accounts.parent(slot)) {
                if (!control.passes(asked, accounts, slot)) {
                    return fail(control, asked, slot, ran);
                }
            }
        }
        asked.ran(ran);
        return ReasonCode.NONE;
    }

    private ReasonCode fail(Control control, ControlContext asked, int slot, long ran) {
        asked.ran(ran);
        control.explain(asked, accounts, slot, asked.fail());
        return control.code().reason();
    }

    /** A request, order, replace or cancel came past intake. */
    public void arrived(ControlContext asked) {
        for (Control control : stateful) {
            control.arrived(asked);
        }
    }

    /** What arrived was admitted. Throws {@link IllegalStateException} when a control that had to run has not. */
    public void admitted(ControlContext asked) {
        long ofOthers = asked.isOrder() ? 0 : ControlCode.OF_ORDERS;
        long missing = required[asked.accountSlot()] & ~ofOthers & ~asked.ran();
        if (missing != 0) {
            throw new IllegalStateException("every control that is configured must run before an admission: sequence="
                    + asked.sequence() + ", missing=" + Long.toBinaryString(missing));
        }
        for (Control control : stateful) {
            control.admitted(asked);
        }
    }

    /** What arrived was refused. */
    public void refused(ControlContext asked) {
        for (Control control : stateful) {
            control.refused(asked);
        }
    }

    /** An execution or a settle was booked. */
    public void fact(ControlContext asked) {
        for (Control control : stateful) {
            control.fact(asked);
        }
    }

    /** Event time moved on. */
    public void tick(long nowNs) {
        for (Control control : stateful) {
            control.tick(nowNs);
        }
    }

    /** Does any control remember something between commands? */
    public boolean hasStateful() {
        return stateful.length > 0;
    }

    /** Event time from which {@link #tick} has work, in ns; {@link Long#MAX_VALUE} for none. */
    public long dueNs() {
        long dueNs = Long.MAX_VALUE;
        for (Control control : stateful) {
            dueNs = Math.min(dueNs, control.dueNs());
        }
        return dueNs;
    }

    /** An account was opened or restored, or a limit or cap of it changed: compiles which controls must see its orders. */
    public void configured(int slot) {
        if (accounts.size() > required.length) {
            required = Arrays.copyOf(required, Math.max(accounts.size(), 2 * required.length));
        }
        required[slot] = requiredAt(slot);
        if (accounts.isParent(slot)) {
            for (int other = 0; other < accounts.size(); other++) {
                required[other] = requiredAt(other);
            }
        }
    }

    /** From the limits themselves, not from the bits that the check goes by. */
    private long requiredAt(int account) {
        long bits = ControlCode.ALWAYS;
        for (int slot = account; slot != AccountView.NONE; slot = accounts.parent(slot)) {
            bits |= accounts.capMicros(slot) > 0 ? ControlCode.EXPOSURE.bit() : 0;
            bits |= ControlCode.ofLimits(accounts, slot);
        }
        return bits;
    }

    /** How many bytes {@link #writeState} would append now. */
    public long stateLength() {
        long length = 0;
        for (Control control : stateful) {
            length += control.stateLength();
        }
        return length;
    }

    /** Writes what the controls remember, in their order. */
    public void writeState(StateWriter writer) {
        for (Control control : stateful) {
            control.writeState(writer);
        }
    }

    /** Takes the message at the reader's position, if a control wrote it. */
    public boolean readState(StateReader reader, MessageHeaderDecoder header) {
        for (Control control : stateful) {
            if (control.readState(reader, header)) {
                return true;
            }
        }
        return false;
    }

    /** Forgets everything, before a state is read. */
    public void clear() {
        for (Control control : stateful) {
            control.clear();
        }
    }

    /** Lets no new risk onto an account that is overdrawn. */
    private static final class Overdrawn extends Control {
        Overdrawn() {
            super(ControlCode.OVERDRAWN, false);
        }

        @Override
        protected boolean passes(ControlContext asked, AccountView accounts, int slot) {
            return accounts.freeMicros(slot) >= 0 || !asked.isRaise();
        }

        @Override
        protected void explain(ControlContext asked, AccountView accounts, int slot, ControlFailure failure) {
            failure.set(
                    accounts.id(slot), 0, -accounts.freeMicros(slot), asked.askedMicros(), accounts.freeMicros(slot));
        }
    }

    /** Lets no new risk onto an account of which something is known that is not booked. */
    private static final class Outstanding extends Control {
        Outstanding() {
            super(ControlCode.OUTSTANDING, false);
        }

        @Override
        protected boolean passes(ControlContext asked, AccountView accounts, int slot) {
            return accounts.outstandingFacts(slot) == 0 || !asked.isRaise();
        }

        @Override
        protected void explain(ControlContext asked, AccountView accounts, int slot, ControlFailure failure) {
            long facts = accounts.outstandingFacts(slot);
            failure.set(accounts.id(slot), 0, facts, asked.askedMicros(), -facts);
        }
    }

    /** Keeps what is reserved, and what open orders of one side may trade, within i64. */
    private static final class Range extends Control {
        Range() {
            super(ControlCode.RANGE, false);
        }

        @Override
        protected boolean passes(ControlContext asked, AccountView accounts, int slot) {
            return asked.askedMicros() <= Long.MAX_VALUE - accounts.reservedMicros(slot)
                    && (!asked.isOrder() || asked.moreQuantity() <= Long.MAX_VALUE - asked.openQuantity());
        }

        @Override
        protected void explain(ControlContext asked, AccountView accounts, int slot, ControlFailure failure) {
            long left = Long.MAX_VALUE - accounts.reservedMicros(slot);
            if (asked.askedMicros() > left) {
                failure.set(accounts.id(slot), Long.MAX_VALUE, Long.MAX_VALUE, asked.askedMicros(), left);
            } else {
                failure.set(
                        accounts.id(slot),
                        Long.MAX_VALUE,
                        Long.MAX_VALUE,
                        asked.moreQuantity(),
                        Long.MAX_VALUE - asked.openQuantity());
            }
        }
    }

    /** Holds no more than is available. */
    private static final class Available extends Control {
        Available() {
            super(ControlCode.AVAILABLE, false);
        }

        @Override
        protected boolean passes(ControlContext asked, AccountView accounts, int slot) {
            return asked.askedMicros() <= accounts.freeMicros(slot) || !asked.isRaise();
        }

        @Override
        protected void explain(ControlContext asked, AccountView accounts, int slot, ControlFailure failure) {
            long granted = accounts.grantedMicros(slot);
            long free = accounts.freeMicros(slot);
            failure.set(
                    accounts.id(slot), granted, sum(granted - free, asked.askedMicros()), asked.askedMicros(), free);
        }
    }
}

package io.ringfence.engine.control;

import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.MessageHeaderDecoder;

/**
 * One rule that can refuse what the kernel let pass, with whatever it must remember for that.
 *
 * <p>Life of a control, for each command that passed intake, in this order: {@link #arrived}, {@link #passes} for the account and each
 * one above it, then {@link #admitted} or {@link #refused}. A request that the kernel refused arrives and is refused, without a check.
 * Facts and ticks come between commands. Called by the owner's thread only; allocates nothing once warm.
 */
public abstract class Control {
    private final ControlCode code;
    private final boolean isStateful;

    /** @param isStateful does it remember anything? Otherwise only {@link #passes} and {@link #explain} are called. */
    protected Control(ControlCode code, boolean isStateful) {
        this.code = code;
        this.isStateful = isStateful;
    }

    /** Which control it is: its bit, its reason and its place. */
    public final ControlCode code() {
        return code;
    }

    final boolean isStateful() {
        return isStateful;
    }

    /**
     * Does the command pass at one account? Pure: changes nothing, also not in the context.
     *
     * @param slot of the command's account, or of one above it.
     */
    protected abstract boolean passes(ControlContext asked, AccountView accounts, int slot);

    /** Writes the account and the figures of a check that did not {@link #passes pass}. */
    protected abstract void explain(ControlContext asked, AccountView accounts, int slot, ControlFailure failure);

    /** Intake let a request, order, replace or cancel pass. A later stage may still refuse it. */
    protected void arrived(ControlContext asked) {}

    /** What arrived was admitted, and its hold stands. */
    protected void admitted(ControlContext asked) {}

    /** What arrived was refused: by the kernel, a control or the ledger. */
    protected void refused(ControlContext asked) {}

    /** An execution or a settle was booked. */
    protected void fact(ControlContext asked) {}

    /** Event time moved on; what ends by time ends here and nowhere else. */
    protected void tick(long nowNs) {}

    /** Event time from which a {@link #tick} would change what it remembers, in ns; {@link Long#MAX_VALUE} for none. */
    protected long dueNs() {
        return Long.MAX_VALUE;
    }

    /** How many bytes {@link #writeState} would append now. */
    protected long stateLength() {
        return 0;
    }

    /** Writes what it remembers, in canonical order, as messages of its own. Allocates. */
    protected void writeState(StateWriter writer) {}

    /** Takes the message at the reader's position, if it is one that this control wrote. */
    protected boolean readState(StateReader reader, MessageHeaderDecoder header) {
        return false;
    }

    /** Forgets everything, before a state is read. */
    protected void clear() {}

    /** An amount that leaves i64 is told as the largest that fits. */
    static long sum(long left, long right) {
        return ((left ^ left + right) & (right ^ left + right)) < 0 ? Long.MAX_VALUE : left + right;
    }
}

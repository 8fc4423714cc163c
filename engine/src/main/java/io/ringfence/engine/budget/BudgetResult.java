package io.ringfence.engine.budget;

import io.ringfence.engine.control.ControlContext;
import io.ringfence.engine.control.ControlFailure;
import io.ringfence.schemas.ReasonCode;
import java.util.stream.Stream;

/**
 * Outcome of one command: reason, hold, controls, and the balance of the account after the command.
 *
 * <p>Reused: the verb of {@link Budget} that receives it overwrites all of it. Amounts are micros; those of the account are 0 when
 * the command touched no account. One thread at a time. Allocates nothing once made.
 */
public final class BudgetResult {
    /** Most other accounts whose balances one result tells. */
    public static final int OTHERS_MAX = 32;

    private ReasonCode reason = ReasonCode.NONE;
    private int accountSlot = Accounts.NONE;
    private long holdId;
    private long heldMicros;
    private long actedCandidateId;
    private boolean isHoldEnded;
    private boolean isUnmatched;
    private long controls;
    private boolean isControlFailed;
    private final ControlFailure failure = new ControlFailure();
    private final Balance own = new Balance();
    private boolean hasPosition;
    private long instrumentId;
    private long position;
    private long openBuyQuantity;
    private long openSellQuantity;
    private int openHolds;
    private int expired;
    private int otherCount;
    private final Balance[] others =
            Stream.generate(Balance::new).limit(OTHERS_MAX).toArray(Balance[]::new);

    /** Sets everything to nothing: no reason, no hold, no account. */
    public void clear() {
        begin();
        end(ReasonCode.NONE, null, 0);
    }

    /** Takes what a record has of the state after the command; the other figures are 0. No hold: id 0. */
    public void recorded(ReasonCode reason, long holdId, long heldMicros, long availableMicros, long controls) {
        clear();
        this.holdId = holdId;
        this.reason = reason;
        this.heldMicros = heldMicros;
        this.own.availableMicros = availableMicros;
        this.controls = controls;
    }

    /** Takes what a record has of the control that failed, by writing it into what is returned. */
    public ControlFailure recordedFailure() {
        isControlFailed = true;
        return failure;
    }

    /** Takes what the controls found. */
    void controls(ControlContext asked) {
        controls = asked.ran();
        if (asked.hasFailed()) {
            recordedFailure().set(asked.failure());
        }
    }

    void begin() {
        accountSlot = Accounts.NONE;
        holdId = heldMicros = actedCandidateId = controls = 0;
        isHoldEnded = isUnmatched = isControlFailed = hasPosition = false;
        expired = otherCount = 0;
    }

    /** Names the account whose figures are told at the end; {@link Accounts#NONE} for none. */
    void account(int slot) {
        accountSlot = slot;
    }

    void hold(long id, long amountMicros) {
        holdId = id;
        heldMicros = amountMicros;
    }

    /** Names the candidate of the order that a replace changed; also as a record has it. */
    public void acted(long candidateId) {
        actedCandidateId = candidateId;
    }

    void holdEnded() {
        isHoldEnded = true;
        heldMicros = 0;
    }

    void unmatched() {
        isUnmatched = true;
    }

    /** Tells how the account stands in an instrument, by its row of the positions. */
    void position(Positions positions, int row, long instrument) {
        hasPosition = true;
        instrumentId = instrument;
        position = positions.filled(row);
        openBuyQuantity = positions.openBuys(row);
        openSellQuantity = positions.openSells(row);
    }

    /** Tells the balance of another account, if there is room. */
    boolean other(Accounts accounts, int slot) {
        if (otherCount == OTHERS_MAX) {
            return false;
        }
        others[otherCount++].set(accounts, slot);
        return true;
    }

    void expired(int count) {
        expired = count;
    }

    /** Completes the result of a verb with the figures of the account that it named. */
    void end(ReasonCode finalReason, Accounts accounts, int holdCount) {
        reason = finalReason;
        openHolds = holdCount;
        if (accountSlot == Accounts.NONE) {
            own.clear(accounts == null ? 0 : accounts.outstandingFacts(Accounts.NONE));
        } else {
            own.set(accounts, accountSlot);
        }
    }

    int accountSlot() {
        return accountSlot;
    }

    /** {@code NONE}: done. Any other reason: nothing changed. */
    public ReasonCode reason() {
        return reason;
    }

    /** How the account of the command stands after it; 0 but for outstanding facts when it was about none. */
    public Balance balance() {
        return own;
    }

    /** Hold that the command made, or that stood before it and that it acted on, also when it was refused; 0 for none. */
    public long holdId() {
        return holdId;
    }

    /** Did this command end its hold: a final settle, a release, or the execution that completed or cancelled the order? */
    public boolean isHoldEnded() {
        return isHoldEnded;
    }

    /** Does {@link #holdId()} stand after the command? */
    public boolean isHoldStanding() {
        return holdId != 0 && !isHoldEnded;
    }

    /** Amount that the hold keeps after the command; 0 when none stands. */
    public long heldMicros() {
        return heldMicros;
    }

    /** Candidate that acts on the order that a replace changed, u32; 0 after a replace that was refused, and after other commands. */
    public long actedCandidateId() {
        return actedCandidateId;
    }

    /** Bits of the controls that ran: {@link io.ringfence.engine.control.ControlCode#bit()}. */
    public long controls() {
        return controls;
    }

    /** Did a control fail? Then {@link #reason()} is its code. */
    public boolean isControlFailed() {
        return isControlFailed;
    }

    /** Why the control failed; an earlier command's unless {@link #isControlFailed()}. */
    public ControlFailure failure() {
        return failure;
    }

    /** Is a position told? An order or replace that was admitted tells one, and an execution whose order is known. */
    public boolean hasPosition() {
        return hasPosition;
    }

    /** Instrument of the position told; 0 when none is. */
    public long instrumentId() {
        return hasPosition ? instrumentId : 0;
    }

    /** The account's position in the instrument, bought less sold, in 1e-8 units; 0 when none is told. */
    public long position() {
        return hasPosition ? position : 0;
    }

    /** What the account's open buys in the instrument may still trade, in 1e-8 units; 0 when no position is told. */
    public long openBuyQuantity() {
        return hasPosition ? openBuyQuantity : 0;
    }

    /** What the account's open sells in the instrument may still trade, in 1e-8 units; 0 when no position is told. */
    public long openSellQuantity() {
        return hasPosition ? openSellQuantity : 0;
    }

    /** Holds of all accounts that stand. */
    public int openHolds() {
        return openHolds;
    }

    /** Holds that a sweep ended; 0 for other commands. */
    public int expired() {
        return expired;
    }

    /** Other accounts that are told; 0 but for a tick. Their holds expired, or commands on accounts below changed them. */
    public int otherCount() {
        return otherCount;
    }

    /** Balance now of another account, at {@code 0 <= index < otherCount()}, until this result is used again. */
    public Balance other(int index) {
        return others[index];
    }

    /** Was a bust or correction booked whose execution is not remembered? Then no money came back. Not in the record. */
    public boolean isUnmatched() {
        return isUnmatched;
    }

    /** How an account stands, in micros. */
    public static final class Balance {
        private long accountId;
        private long availableMicros;
        private long reservedMicros;
        private long committedMicros;
        private long overdrawnMicros;
        private long openOrders;
        private long outstandingFacts;

        private void set(Accounts accounts, int slot) {
            accountId = accounts.id(slot);
            availableMicros = accounts.availableMicros(slot);
            reservedMicros = accounts.reservedMicros(slot);
            committedMicros = accounts.committedMicros(slot);
            overdrawnMicros = accounts.overdrawnMicros(slot);
            openOrders = accounts.openOrders(slot);
            outstandingFacts = accounts.outstandingFacts(slot);
        }

        private void clear(long unownedFacts) {
            accountId = availableMicros = reservedMicros = committedMicros = overdrawnMicros = openOrders = 0;
            outstandingFacts = unownedFacts;
        }

        /** Whose; 0 for none. */
        public long accountId() {
            return accountId;
        }

        /** Amount that it may still hold. */
        public long availableMicros() {
            return availableMicros;
        }

        /** Sum of the holds. */
        public long reservedMicros() {
            return reservedMicros;
        }

        /** Amount spent, less rebates. */
        public long committedMicros() {
            return committedMicros;
        }

        /** Amount booked beyond the balance. */
        public long overdrawnMicros() {
            return overdrawnMicros;
        }

        /** Orders that are open. */
        public long openOrders() {
            return openOrders;
        }

        /** Reported facts that a person has to book or drop; those of no account when this is of no account. */
        public long outstandingFacts() {
            return outstandingFacts;
        }
    }
}

package io.ringfence.engine.budget;

import io.ringfence.schemas.ReasonCode;
import java.util.Arrays;

/**
 * Outcome of one command: reason, hold, failed control, and the balance of the account after the command.
 *
 * <p>Reused: the verb of {@link Budget} that receives it overwrites all of it. Amounts are micros; those of the account are 0 when
 * the command touched no account. One thread at a time. Allocates only when a sweep touches more accounts than any before.
 */
public final class BudgetResult {
    private static final BudgetResult[] NOTHING_SWEPT = {};

    private ReasonCode reason = ReasonCode.NONE;
    private int accountSlot = Accounts.NONE;
    private long accountId;
    private long holdId;
    private long heldMicros;
    private boolean isHoldEnded;
    private boolean isUnmatched;
    private boolean isControlFailed;
    private long controlLimit;
    private long controlObserved;
    private long controlHeadroom;
    private long availableMicros;
    private long reservedMicros;
    private long committedMicros;
    private long overdrawnMicros;
    private long openOrders;
    private boolean hasPosition;
    private long instrumentId;
    private long position;
    private int openHolds;
    private int expired;
    private int sweptCount;
    private BudgetResult[] swept = NOTHING_SWEPT;

    /** Sets everything to nothing: no reason, no hold, no account. */
    public void clear() {
        begin();
        end(ReasonCode.NONE, 0);
    }

    /**
     * Takes what a record has; the other figures are 0.
     *
     * @param holdId          the hold that stands after the command; 0 for none.
     * @param heldMicros      that the hold keeps after the command.
     * @param availableMicros of the account after the command.
     */
    public void recorded(ReasonCode reason, long holdId, long heldMicros, long availableMicros) {
        clear();
        this.holdId = holdId;
        this.reason = reason;
        this.heldMicros = heldMicros;
        this.availableMicros = availableMicros;
    }

    /** Takes what a record has of the control that failed. */
    public void recordedControl(long limit, long observed, long headroom) {
        control(limit, observed, headroom);
    }

    void begin() {
        accountSlot = Accounts.NONE;
        holdId = 0;
        heldMicros = 0;
        isHoldEnded = false;
        isUnmatched = false;
        isControlFailed = false;
        hasPosition = false;
        expired = 0;
        sweptCount = 0;
    }

    /** Names the account whose figures are told at the end; {@link Accounts#NONE} for none. */
    void account(int slot) {
        accountSlot = slot;
    }

    void hold(long id, long amountMicros) {
        holdId = id;
        heldMicros = amountMicros;
    }

    void holdEnded() {
        isHoldEnded = true;
        heldMicros = 0;
    }

    void unmatched() {
        isUnmatched = true;
    }

    void position(long instrument, long quantity) {
        hasPosition = true;
        instrumentId = instrument;
        position = quantity;
    }

    /** Names an account that a sweep touched; each account once. */
    void sweep(int slot) {
        if (sweptCount == swept.length) {
            swept = Arrays.copyOf(swept, Math.max(1, 2 * sweptCount));
            Arrays.setAll(swept, i -> i < sweptCount ? swept[i] : new BudgetResult());
        }
        swept[sweptCount].begin();
        swept[sweptCount++].account(slot);
    }

    void expired(int count) {
        expired = count;
    }

    /** Tells how far a further amount was from passing; does nothing for a reason that is not a control's. */
    void control(ReasonCode failed, Accounts accounts, int slot, long amountMicros) {
        switch (failed) {
            case EXPOSURE_LIMIT -> {
                long cap = accounts.capMicros(slot);
                long reserved = accounts.reservedMicros(slot);
                control(cap, reserved + amountMicros, cap - reserved);
            }
            case BUDGET_EXHAUSTED -> {
                long granted = accounts.grantedMicros(slot);
                long available = accounts.availableMicros(slot);
                long used = granted - available;
                long observed = Micros.sumOverflows(used, amountMicros) ? Long.MAX_VALUE : used + amountMicros;
                control(granted, observed, available);
            }
            case ACCOUNT_OVERDRAWN -> control(0, accounts.overdrawnMicros(slot), -accounts.overdrawnMicros(slot));
            default -> isControlFailed = false;
        }
    }

    /** Completes the result of a verb with the figures of the account that it named. */
    void end(ReasonCode finalReason, Accounts accounts, int holdCount) {
        end(finalReason, holdCount);
        if (accountSlot != Accounts.NONE) {
            accountId = accounts.id(accountSlot);
            availableMicros = accounts.availableMicros(accountSlot);
            reservedMicros = accounts.reservedMicros(accountSlot);
            committedMicros = accounts.committedMicros(accountSlot);
            overdrawnMicros = accounts.overdrawnMicros(accountSlot);
            openOrders = accounts.openOrders(accountSlot);
        }
    }

    /** Completes the results of the accounts that a sweep touched. */
    void endSweep(Accounts accounts, int holdCount) {
        for (int i = 0; i < sweptCount; i++) {
            swept[i].end(ReasonCode.NONE, accounts, holdCount);
        }
    }

    int accountSlot() {
        return accountSlot;
    }

    private void end(ReasonCode finalReason, int holdCount) {
        reason = finalReason;
        openHolds = holdCount;
        if (accountSlot == Accounts.NONE) {
            accountId = 0;
            availableMicros = 0;
            reservedMicros = 0;
            committedMicros = 0;
            overdrawnMicros = 0;
            openOrders = 0;
        }
    }

    private void control(long limit, long observed, long headroom) {
        isControlFailed = true;
        controlLimit = limit;
        controlObserved = observed;
        controlHeadroom = headroom;
    }

    /** {@code NONE}: done. Any other reason: nothing changed. */
    public ReasonCode reason() {
        return reason;
    }

    /** Account whose figures are told; 0 for none. */
    public long accountId() {
        return accountId;
    }

    /**
     * Hold that the command made, or that stood before it and that it acted on, also when it was refused; 0 for none. It stands
     * after the command unless {@link #isHoldEnded()}.
     */
    public long holdId() {
        return holdId;
    }

    /** Did this command end its hold: a final settle, a release, or the execution that completed or cancelled the order? */
    public boolean isHoldEnded() {
        return isHoldEnded;
    }

    /** Amount that the hold keeps after the command; 0 when none stands. */
    public long heldMicros() {
        return heldMicros;
    }

    /** Amount that the account has available after the command. */
    public long remainingMicros() {
        return availableMicros;
    }

    /** Did a control fail: {@code BUDGET_EXHAUSTED}, {@code EXPOSURE_LIMIT} or {@code ACCOUNT_OVERDRAWN}? */
    public boolean isControlFailed() {
        return isControlFailed;
    }

    /** Limit of the failed control: the granted amount, the cap, or 0 of overdraft; 0 when none failed. */
    public long controlLimit() {
        return isControlFailed ? controlLimit : 0;
    }

    /** What the failed control observed, at most i64: used or reserved with the new amount, or the overdraft; else 0. */
    public long controlObserved() {
        return isControlFailed ? controlObserved : 0;
    }

    /** Amount left below the limit of the failed control, below 0 when it was exceeded before; 0 when none failed. */
    public long controlHeadroom() {
        return isControlFailed ? controlHeadroom : 0;
    }

    /** Amount that the account may still hold. */
    public long availableMicros() {
        return availableMicros;
    }

    /** Sum that the account's holds keep. */
    public long reservedMicros() {
        return reservedMicros;
    }

    /** Amount that the account has spent, less rebates. */
    public long committedMicros() {
        return committedMicros;
    }

    /** Amount that was booked beyond the account's balance. */
    public long overdrawnMicros() {
        return overdrawnMicros;
    }

    /** Orders of the account that are open. */
    public long openOrders() {
        return openOrders;
    }

    /** Is a position told? Only an execution tells one, booked or not, when its order is known. */
    public boolean hasPosition() {
        return hasPosition;
    }

    /** Instrument of the position told; 0 when none is. */
    public long instrumentId() {
        return hasPosition ? instrumentId : 0;
    }

    /** The account's position after an execution in its instrument: 1e-8 units, below 0 short; 0 when none is told. */
    public long position() {
        return hasPosition ? position : 0;
    }

    /** Holds of all accounts that stand. */
    public int openHolds() {
        return openHolds;
    }

    /** Holds that a sweep ended; 0 for other commands. */
    public int expired() {
        return expired;
    }

    /** Accounts whose holds a sweep ended, each counted once; 0 for other commands. */
    public int sweptCount() {
        return sweptCount;
    }

    /** Balance after the sweep of the account at {@code 0 <= index < sweptCount()}, until this result is used again. */
    public BudgetResult swept(int index) {
        return swept[index];
    }

    /** Was a bust or correction booked whose execution is not remembered? Then no money came back. Not in the record. */
    public boolean isUnmatched() {
        return isUnmatched;
    }
}

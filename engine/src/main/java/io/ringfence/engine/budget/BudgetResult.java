package io.ringfence.engine.budget;

import io.ringfence.schemas.ReasonCode;

/**
 * What became of one command: reason, hold, failed control, and the account as it stands after it.
 *
 * <p>{@link Budget} owns it and overwrites all of it with the next command; read it before. Amounts are micros; those of the
 * account are 0 where the command touched none.
 */
public final class BudgetResult {
    private ReasonCode reason;
    private long owner;
    private long accountId;
    private long heldMicros;
    private boolean isControlFailed;
    private long controlLimit;
    private long controlObserved;
    private long controlHeadroom;
    private long availableMicros;
    private long reservedMicros;
    private long committedMicros;
    private long overdrawnMicros;
    private long openOrders;
    private long position;
    private int openHolds;
    private int expired;
    private boolean isUnmatched;

    /** Forgets everything: as before the first command. */
    public void clear() {
        begin();
        accountId = 0;
        afterwards(0, 0, 0, 0, 0, 0);
        openHolds = 0;
    }

    /** Takes another's values. */
    public void copyFrom(BudgetResult other) {
        reason = other.reason;
        owner = other.owner;
        accountId = other.accountId;
        heldMicros = other.heldMicros;
        expired = other.expired;
        isUnmatched = other.isUnmatched;
        openHolds = other.openHolds;
        control(other.isControlFailed, other.controlLimit, other.controlObserved, other.controlHeadroom);
        afterwards(
                other.availableMicros,
                other.reservedMicros,
                other.committedMicros,
                other.overdrawnMicros,
                other.openOrders,
                other.position);
    }

    /**
     * Takes what a record says; the account's figures but what is available stay unknown: 0.
     *
     * @param reason          why not, {@code NONE} when it was done.
     * @param heldMicros      what the hold keeps after it.
     * @param availableMicros what the account has available after it.
     */
    public void recorded(ReasonCode reason, long heldMicros, long availableMicros) {
        clear();
        this.reason = reason;
        this.heldMicros = heldMicros;
        this.availableMicros = availableMicros;
    }

    /** Takes what a record says of the control that failed. */
    public void recordedControl(long limit, long observed, long headroom) {
        control(true, limit, observed, headroom);
    }

    void begin() {
        reason = ReasonCode.NONE;
        owner = Owner.NONE;
        heldMicros = 0;
        expired = 0;
        isUnmatched = false;
        control(false, 0, 0, 0);
    }

    /** Names the account, and for an order the position, whose state afterwards is wanted. */
    void touch(long touchedOwner) {
        owner = touchedOwner;
    }

    void held(long amountMicros) {
        heldMicros = amountMicros;
    }

    void expired(int count) {
        expired = count;
    }

    void unmatched() {
        isUnmatched = true;
    }

    /** Says how far a further amount was from passing; nothing for a reason that is no control's. */
    void control(ReasonCode failed, Accounts accounts, int slot, long amountMicros) {
        long reserved = accounts.reservedMicros(slot);
        switch (failed) {
            case EXPOSURE_LIMIT -> {
                long cap = accounts.capMicros(slot);
                control(true, cap, reserved + amountMicros, cap - reserved);
            }
            case BUDGET_EXHAUSTED -> {
                long granted = accounts.grantedMicros(slot);
                long available = accounts.availableMicros(slot);
                long used = granted - available;
                long observed = Int64.sumOverflows(used, amountMicros) ? Long.MAX_VALUE : used + amountMicros;
                control(true, granted, observed, available);
            }
            case ACCOUNT_OVERDRAWN -> control(true, 0, accounts.overdrawnMicros(slot), -accounts.overdrawnMicros(slot));
            default -> control(false, 0, 0, 0);
        }
    }

    void end(ReasonCode finalReason, AccountLedger ledger, Positions positions) {
        reason = finalReason;
        openHolds = ledger.openHolds();
        boolean isTouched = owner != Owner.NONE;
        int slot = isTouched ? Owner.accountSlot(owner) : Accounts.NONE;
        Accounts accounts = ledger.accounts();
        accountId = isTouched ? accounts.id(slot) : 0;
        afterwards(
                isTouched ? accounts.availableMicros(slot) : 0,
                isTouched ? accounts.reservedMicros(slot) : 0,
                isTouched ? accounts.committedMicros(slot) : 0,
                isTouched ? accounts.overdrawnMicros(slot) : 0,
                isTouched ? accounts.openOrders(slot) : 0,
                isTouched && Owner.isOrder(owner) ? positions.quantity(slot, Owner.instrumentId(owner)) : 0);
    }

    private void afterwards(
            long available, long reserved, long committed, long overdrawn, long orders, long positionQuantity) {
        availableMicros = available;
        reservedMicros = reserved;
        committedMicros = committed;
        overdrawnMicros = overdrawn;
        openOrders = orders;
        position = positionQuantity;
    }

    private void control(boolean isFailed, long limit, long observed, long headroom) {
        isControlFailed = isFailed;
        controlLimit = limit;
        controlObserved = observed;
        controlHeadroom = headroom;
    }

    /** {@code NONE}: done. Anything else: nothing changed. */
    public ReasonCode reason() {
        return reason;
    }

    /** The account whose state afterwards is told; 0 for none. */
    public long accountId() {
        return accountId;
    }

    /** Does the result tell the position in an instrument: was an order touched? */
    public boolean isOrder() {
        return owner != Owner.NONE && Owner.isOrder(owner);
    }

    /** Instrument of the position told; 0 where none is. */
    public long instrumentId() {
        return isOrder() ? Owner.instrumentId(owner) : 0;
    }

    /** What the hold keeps after the command; 0 where none stands. */
    public long heldMicros() {
        return heldMicros;
    }

    /** What the account has available after the command. */
    public long remainingMicros() {
        return availableMicros;
    }

    /** Did a control fail: {@code BUDGET_EXHAUSTED}, {@code EXPOSURE_LIMIT} or {@code ACCOUNT_OVERDRAWN}? */
    public boolean isControlFailed() {
        return isControlFailed;
    }

    /** Limit of the failed control: what was granted, the cap, or 0 of overdraft. */
    public long controlLimit() {
        return controlLimit;
    }

    /** What that control would have seen: used or reserved with the new amount, or the overdraft. Saturates. */
    public long controlObserved() {
        return controlObserved;
    }

    /** What was left below the limit; below 0 where it was passed before. */
    public long controlHeadroom() {
        return controlHeadroom;
    }

    /** What the account may still hold. */
    public long availableMicros() {
        return availableMicros;
    }

    /** What the account's holds keep. */
    public long reservedMicros() {
        return reservedMicros;
    }

    /** What the account has spent, rebates taken off. */
    public long committedMicros() {
        return committedMicros;
    }

    /** What was booked beyond the account's balance. */
    public long overdrawnMicros() {
        return overdrawnMicros;
    }

    /** The account's open orders. */
    public long openOrders() {
        return openOrders;
    }

    /** The account's position in the order's instrument in 1e-8 units, below 0 short. */
    public long position() {
        return position;
    }

    /** Holds that stand on all accounts. */
    public int openHolds() {
        return openHolds;
    }

    /** Holds that a sweep ended. */
    public int expired() {
        return expired;
    }

    /** Was a bust or correction booked whose execution is not remembered? Then no money came back. No record says so. */
    public boolean isUnmatched() {
        return isUnmatched;
    }
}

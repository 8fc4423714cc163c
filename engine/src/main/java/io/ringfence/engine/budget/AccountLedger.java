package io.ringfence.engine.budget;

import io.ringfence.schemas.ReasonCode;

/**
 * Reserves, commits and releases amounts of accounts; the caller gives the ids.
 *
 * <p>Every verb checks all of its rules in the order listed, then changes everything or nothing; {@code NONE} says done.
 * Amounts are signed micros, account and hold ids unsigned. Not thread safe; below the given capacities nothing is allocated
 * once warm, beyond them it grows.
 */
public final class AccountLedger {
    private final Accounts accounts;
    private final Holds holds;

    /**
     * @param accountCapacity accounts to make room for; 1 and above.
     * @param holdCapacity    holds standing at one time to make room for; 1 and above.
     */
    public AccountLedger(int accountCapacity, int holdCapacity) {
        this.accounts = new Accounts(accountCapacity);
        this.holds = new Holds(holdCapacity);
    }

    /** Opens an account: {@code AMOUNT_NOT_POSITIVE} (below 0), {@code ACCOUNT_EXISTS} (and stays as it is). */
    public ReasonCode ensure(long accountId, long grantedMicros) {
        if (grantedMicros < 0) {
            return ReasonCode.AMOUNT_NOT_POSITIVE;
        }
        if (accounts.find(accountId) != Accounts.NONE) {
            return ReasonCode.ACCOUNT_EXISTS;
        }
        accounts.add(accountId, grantedMicros);
        return ReasonCode.NONE;
    }

    /** Grants more: {@code AMOUNT_NOT_POSITIVE}, {@code ACCOUNT_UNKNOWN}, {@code AMOUNT_OVERFLOW}. */
    public ReasonCode topUp(long accountId, long amountMicros) {
        if (amountMicros <= 0) {
            return ReasonCode.AMOUNT_NOT_POSITIVE;
        }
        int slot = accounts.find(accountId);
        return slot == Accounts.NONE ? ReasonCode.ACCOUNT_UNKNOWN : accounts.grant(slot, amountMicros);
    }

    /**
     * Caps what may be reserved at one time; 0 lifts the cap, standing holds stay: {@code AMOUNT_NOT_POSITIVE} (below 0),
     * {@code ACCOUNT_UNKNOWN}.
     */
    public ReasonCode setCap(long accountId, long capMicros) {
        if (capMicros < 0) {
            return ReasonCode.AMOUNT_NOT_POSITIVE;
        }
        int slot = accounts.find(accountId);
        if (slot == Accounts.NONE) {
            return ReasonCode.ACCOUNT_UNKNOWN;
        }
        accounts.cap(slot, capMicros);
        return ReasonCode.NONE;
    }

    /**
     * Holds an amount: {@code AMOUNT_NOT_POSITIVE}, {@code ACCOUNT_UNKNOWN}, {@code HOLD_DUPLICATE},
     * {@code ACCOUNT_OVERDRAWN}, {@code AMOUNT_OVERFLOW} (of the reserved total), {@code EXPOSURE_LIMIT},
     * {@code BUDGET_EXHAUSTED}.
     */
    public ReasonCode reserve(long holdId, long accountId, long amountMicros) {
        if (amountMicros <= 0) {
            return ReasonCode.AMOUNT_NOT_POSITIVE;
        }
        int slot = accounts.find(accountId);
        ReasonCode reason = checkReserve(holdId, slot, amountMicros);
        if (reason == ReasonCode.NONE) {
            add(holdId, Owner.plain(slot), amountMicros);
        }
        return reason;
    }

    /**
     * Spends an amount and ends the hold; what was held beyond it is free again, what it lacks is taken from the available:
     * {@code AMOUNT_NOT_POSITIVE} (below 0), {@code HOLD_UNKNOWN}, {@code AMOUNT_OVERFLOW}, {@code COMMIT_OVERRUN}; the hold
     * is kept then.
     */
    public ReasonCode commit(long holdId, long amountMicros) {
        int row = holds.find(holdId);
        ReasonCode reason = checkCommit(row, amountMicros);
        if (reason == ReasonCode.NONE) {
            end(row, amountMicros);
        }
        return reason;
    }

    /** Spends an amount and keeps the rest held, down to 0; says no as {@link #commit} does. */
    public ReasonCode commitPart(long holdId, long amountMicros) {
        int row = holds.find(holdId);
        ReasonCode reason = checkCommit(row, amountMicros);
        if (reason == ReasonCode.NONE) {
            long rest = Math.max(0, holds.heldMicros(row) - amountMicros);
            mustBook(row, rest, amountMicros);
        }
        return reason;
    }

    /** Frees what is held and ends the hold: {@code HOLD_UNKNOWN}. */
    public ReasonCode release(long holdId) {
        int row = holds.find(holdId);
        if (row == Holds.NONE) {
            return ReasonCode.HOLD_UNKNOWN;
        }
        end(row, 0);
        return ReasonCode.NONE;
    }

    /** Is this account open? */
    public boolean hasAccount(long accountId) {
        return accounts.find(accountId) != Accounts.NONE;
    }

    /** Does a hold stand under this id? */
    public boolean hasHold(long holdId) {
        return holds.find(holdId) != Holds.NONE;
    }

    /** What the hold keeps; 0 if there is none. */
    public long heldMicros(long holdId) {
        int row = holds.find(holdId);
        return row == Holds.NONE ? 0 : holds.heldMicros(row);
    }

    /** Everything that was granted; the account must exist. */
    public long grantedMicros(long accountId) {
        return accounts.grantedMicros(slotOf(accountId));
    }

    /** What may still be held; the account must exist. */
    public long availableMicros(long accountId) {
        return accounts.availableMicros(slotOf(accountId));
    }

    /** What is held; the account must exist. */
    public long reservedMicros(long accountId) {
        return accounts.reservedMicros(slotOf(accountId));
    }

    /** What was spent; the account must exist. */
    public long committedMicros(long accountId) {
        return accounts.committedMicros(slotOf(accountId));
    }

    /** The cap on what is held, 0 for none; the account must exist. */
    public long capMicros(long accountId) {
        return accounts.capMicros(slotOf(accountId));
    }

    /** How many holds stand. */
    public int openHolds() {
        return holds.size();
    }

    Accounts accounts() {
        return accounts;
    }

    Holds holds() {
        return holds;
    }

    /** The checks of {@link #reserve} behind the amount's sign: 0 is an amount here. */
    ReasonCode checkReserve(long holdId, int slot, long amountMicros) {
        if (slot == Accounts.NONE) {
            return ReasonCode.ACCOUNT_UNKNOWN;
        }
        if (holds.find(holdId) != Holds.NONE) {
            return ReasonCode.HOLD_DUPLICATE;
        }
        return accounts.checkReserve(slot, amountMicros);
    }

    /** Makes the hold that {@link #checkReserve} let pass. */
    int add(long holdId, long owner, long amountMicros) {
        int slot = Owner.accountSlot(owner);
        if (Owner.isOrder(owner)) {
            accounts.orderOpened(slot);
        }
        accounts.reserve(slot, amountMicros);
        return holds.add(holdId, owner, amountMicros);
    }

    /** Holds more, as {@link Accounts#checkReserve} let pass. */
    void raise(int row, long heldMicros) {
        accounts.reserve(holds.accountSlot(row), heldMicros - holds.heldMicros(row));
        holds.held(row, heldMicros);
    }

    /** Books a fact on a standing hold that falls to the given amount; {@code AMOUNT_OVERFLOW} changes nothing. */
    ReasonCode book(int row, long heldMicros, long chargeMicros) {
        ReasonCode reason = accounts.book(holds.accountSlot(row), holds.heldMicros(row) - heldMicros, chargeMicros);
        if (reason == ReasonCode.NONE) {
            holds.held(row, heldMicros);
        }
        return reason;
    }

    /** Forgets a hold that keeps nothing any more. */
    void remove(int row) {
        if (holds.isOrder(row)) {
            accounts.orderClosed(holds.accountSlot(row));
        }
        holds.remove(row);
    }

    /** Throws when holds and accounts do not add up: the engine must stop. */
    void checkConserved() {
        long[] reserved = new long[accounts.size()];
        for (int row : holds.rowsById()) {
            reserved[holds.accountSlot(row)] += holds.heldMicros(row);
        }
        for (int slot = 0; slot < accounts.size(); slot++) {
            accounts.checkConserved(slot);
            if (reserved[slot] != accounts.reservedMicros(slot)) {
                throw new IllegalStateException("holds must add up to reserved: account="
                        + Long.toUnsignedString(accounts.id(slot)) + ", holds=" + reserved[slot] + ", reserved="
                        + accounts.reservedMicros(slot));
            }
        }
    }

    private ReasonCode checkCommit(int row, long amountMicros) {
        if (amountMicros < 0) {
            return ReasonCode.AMOUNT_NOT_POSITIVE;
        }
        if (row == Holds.NONE) {
            return ReasonCode.HOLD_UNKNOWN;
        }
        int slot = holds.accountSlot(row);
        if (Int64.sumOverflows(accounts.committedMicros(slot), amountMicros)) {
            return ReasonCode.AMOUNT_OVERFLOW;
        }
        return amountMicros - holds.heldMicros(row) > accounts.availableMicros(slot)
                ? ReasonCode.COMMIT_OVERRUN
                : ReasonCode.NONE;
    }

    private void end(int row, long chargeMicros) {
        mustBook(row, 0, chargeMicros);
        remove(row);
    }

    /** Books what was checked to fit. */
    private void mustBook(int row, long heldMicros, long chargeMicros) {
        if (book(row, heldMicros, chargeMicros) != ReasonCode.NONE) {
            throw new IllegalStateException("a checked amount must fit: hold=" + Long.toUnsignedString(holds.id(row))
                    + ", charge=" + chargeMicros);
        }
    }

    private int slotOf(long accountId) {
        int slot = accounts.find(accountId);
        if (slot == Accounts.NONE) {
            throw new IllegalArgumentException("account must exist: account=" + Long.toUnsignedString(accountId));
        }
        return slot;
    }
}

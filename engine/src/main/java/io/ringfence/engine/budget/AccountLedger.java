package io.ringfence.engine.budget;

import io.ringfence.engine.control.ControlContext;
import io.ringfence.engine.control.Controls;
import io.ringfence.schemas.AccountLimit;
import io.ringfence.schemas.ReasonCode;

/**
 * Reserves, commits and releases amounts of accounts; the caller gives the ids.
 *
 * <p>A verb checks its rules in the order listed. It returns the first that fails and changes nothing, or it changes everything
 * and returns {@code NONE}. Amounts are signed micros; account and hold ids are unsigned. Not thread safe. Allocates nothing once
 * warm below the given capacities; beyond them it grows.
 */
public final class AccountLedger {
    private final Accounts accounts;
    private final Holds holds;
    private final Controls controls;
    private final ControlContext asked = new ControlContext();

    /**
     * @param accountCapacity accounts to make room for; 1 and above.
     * @param holdCapacity    holds standing at one time to make room for; 1 and above.
     */
    public AccountLedger(int accountCapacity, int holdCapacity) {
        this(accountCapacity, holdCapacity, Integer.MAX_VALUE);
    }

    /** With a bound on the holds of each account, beyond which a new one is {@code HOLDS_AT_BOUND}. */
    AccountLedger(int accountCapacity, int holdCapacity, int holdsPerAccount) {
        this.accounts = new Accounts(accountCapacity);
        this.holds = new Holds(accounts, holdCapacity, holdsPerAccount);
        this.controls = Controls.all(accounts);
    }

    /** Opens an account: {@code AMOUNT_NOT_POSITIVE} (below 0), {@code ACCOUNT_EXISTS} (which leaves it as it is). */
    public ReasonCode ensure(long accountId, long grantedMicros) {
        return open(accountId, Accounts.NONE, grantedMicros);
    }

    /** Opens an account below another for good: as {@link #ensure}, then {@code PARENT_UNKNOWN}. */
    ReasonCode ensureBelow(long accountId, long parentId, long grantedMicros) {
        int parent = accounts.find(parentId);
        ReasonCode reason = checkOpen(accountId, grantedMicros);
        if (reason == ReasonCode.NONE && parent == Accounts.NONE) {
            return ReasonCode.PARENT_UNKNOWN;
        }
        return reason == ReasonCode.NONE ? open(accountId, parent, grantedMicros) : reason;
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
        controls.configured(slot);
        return ReasonCode.NONE;
    }

    /** Sets a limit, or lifts it with {@link Accounts#NOT_SET}: {@code FIELD_OUT_OF_RANGE} (below 0), {@code ACCOUNT_UNKNOWN}. */
    ReasonCode setLimit(long accountId, AccountLimit limit, long value) {
        if (value < 0 && value != Accounts.NOT_SET) {
            return ReasonCode.FIELD_OUT_OF_RANGE;
        }
        int slot = accounts.find(accountId);
        if (slot == Accounts.NONE) {
            return ReasonCode.ACCOUNT_UNKNOWN;
        }
        accounts.limit(slot, limit, value);
        controls.configured(slot);
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
        ReasonCode reason = holds.check(holdId, slot);
        if (reason == ReasonCode.NONE) {
            asked.account(slot);
            asked.asks(amountMicros, true);
            reason = controls.check(asked);
        }
        if (reason == ReasonCode.NONE) {
            holds.open(holdId, Positions.plainKey(slot), amountMicros);
        }
        return reason;
    }

    /**
     * Spends an amount and ends the hold. What was held beyond the amount is free again; what the hold lacks is taken from the
     * available balance. {@code AMOUNT_NOT_POSITIVE} (below 0), {@code HOLD_UNKNOWN}, {@code AMOUNT_OVERFLOW},
     * {@code COMMIT_OVERRUN}.
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
            holds.mustBook(row, Math.max(0, holds.heldMicros(row) - amountMicros), amountMicros);
        }
        return reason;
    }

    /** Frees what is held and ends the hold: {@code HOLD_UNKNOWN}. */
    public ReasonCode release(long holdId) {
        return releaseRow(holds.find(holdId));
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

    Controls controls() {
        return controls;
    }

    /** As {@link #release}, by the row of the hold, or {@link Holds#NONE}. */
    ReasonCode releaseRow(int row) {
        if (row == Holds.NONE) {
            return ReasonCode.HOLD_UNKNOWN;
        }
        end(row, 0);
        return ReasonCode.NONE;
    }

    private ReasonCode open(long accountId, int parent, long grantedMicros) {
        ReasonCode reason = checkOpen(accountId, grantedMicros);
        if (reason == ReasonCode.NONE) {
            controls.configured(accounts.add(accountId, parent, grantedMicros));
        }
        return reason;
    }

    private ReasonCode checkOpen(long accountId, long grantedMicros) {
        if (grantedMicros < 0) {
            return ReasonCode.AMOUNT_NOT_POSITIVE;
        }
        return accounts.find(accountId) == Accounts.NONE ? ReasonCode.NONE : ReasonCode.ACCOUNT_EXISTS;
    }

    private ReasonCode checkCommit(int row, long amountMicros) {
        if (amountMicros < 0) {
            return ReasonCode.AMOUNT_NOT_POSITIVE;
        }
        if (row == Holds.NONE) {
            return ReasonCode.HOLD_UNKNOWN;
        }
        boolean isOverrun = false;
        for (int slot = holds.accountSlot(row); slot != Accounts.NONE; slot = accounts.parent(slot)) {
            if (Micros.sumOverflows(accounts.committedMicros(slot), amountMicros)) {
                return ReasonCode.AMOUNT_OVERFLOW;
            }
            isOverrun |= amountMicros - holds.heldMicros(row) > accounts.availableMicros(slot);
        }
        return isOverrun ? ReasonCode.COMMIT_OVERRUN : ReasonCode.NONE;
    }

    private void end(int row, long chargeMicros) {
        holds.mustBook(row, 0, chargeMicros);
        holds.remove(row);
    }

    private int slotOf(long accountId) {
        int slot = accounts.find(accountId);
        if (slot == Accounts.NONE) {
            throw new IllegalArgumentException("account must exist: account=" + Long.toUnsignedString(accountId));
        }
        return slot;
    }
}

package io.ringfence.engine.budget;

import io.ringfence.engine.control.ControlContext;
import io.ringfence.engine.control.Controls;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SettleDecoder;
import io.ringfence.schemas.SettleKind;

/** Opens and settles the holds of actions that are no orders. What an action did cost is a fact: it is booked, or kept as outstanding. */
final class PlainHolds {
    private final Accounts accounts;
    private final Holds holds;
    private final Controls controls;
    private final EndedHolds ended;
    private final OutstandingFacts outstanding;

    PlainHolds(AccountLedger ledger, EndedHolds ended, OutstandingFacts outstanding) {
        this.accounts = ledger.accounts();
        this.ended = ended;
        this.outstanding = outstanding;
        this.holds = ledger.holds();
        this.controls = ledger.controls();
    }

    /** Opens a hold for a request; {@link Budget#hold} lists the reasons. */
    ReasonCode open(ControlContext asked, long costMicros, BudgetResult out) {
        long holdId = asked.sequence();
        int slot = asked.accountSlot();
        out.account(slot);
        if (costMicros < 0) {
            return ReasonCode.AMOUNT_OVERFLOW;
        }
        ReasonCode reason = holds.check(holdId, slot);
        if (reason != ReasonCode.NONE) {
            return reason;
        }
        long heldMicros = Math.max(asked.request().exposureMicros(), costMicros);
        asked.asks(heldMicros, true);
        reason = controls.check(asked);
        if (reason == ReasonCode.NONE) {
            int row = holds.open(holdId, Positions.plainKey(slot), heldMicros);
            long timeToLiveNs = asked.request().timeToLiveNs();
            long deadlineNs = asked.timestampNs() + timeToLiveNs;
            holds.deadline(row, timeToLiveNs < 0 || deadlineNs < 0 ? Holds.NO_DEADLINE : deadlineNs);
            out.hold(holdId, heldMicros);
        }
        return reason;
    }

    /** Commits or releases a hold; {@link Budget#settle} lists the reasons. */
    ReasonCode settle(
            ControlContext asked, long holdId, long accountId, SettleKind kind, long amountMicros, BudgetResult out) {
        boolean isCommit = isCommit(kind);
        boolean isCost = isCommit && amountMicros > 0;
        int row = holds.find(holdId);
        if (row != Holds.NONE) {
            out.account(holds.accountSlot(row));
            out.hold(holdId, holds.heldMicros(row));
            if (holds.isOrder(row)) {
                return isCost ? outstanding.keep(asked, holds.accountSlot(row), out) : ReasonCode.HOLD_IS_ORDER;
            }
        }
        if (isCommit && amountMicros < 0) {
            return ReasonCode.AMOUNT_NOT_POSITIVE;
        }
        if (row == Holds.NONE) {
            return settleLate(asked, holdId, accountId, kind, isCost, amountMicros, out);
        }
        long keptMicros = kind == SettleKind.COMMIT_PART ? Math.max(0, holds.heldMicros(row) - amountMicros) : 0;
        if (holds.book(row, keptMicros, isCommit ? amountMicros : 0) != ReasonCode.NONE) {
            return outstanding.keep(asked, holds.accountSlot(row), out);
        }
        if (kind == SettleKind.COMMIT_PART) {
            out.hold(holdId, keptMicros);
        } else {
            end(row, kind == SettleKind.COMMIT_FINAL, asked.timestampNs());
            out.holdEnded();
        }
        return ReasonCode.NONE;
    }

    /** As a settle that releases. */
    ReasonCode release(ControlContext asked, long holdId, BudgetResult out) {
        return settle(asked, holdId, SettleDecoder.accountIdNullValue(), SettleKind.RELEASE, 0, out);
    }

    /**
     * Ends at most {@code limit} holds whose deadline is not after now: one of each account in turn, the account whose first hold is due
     * first before others.
     *
     * @param untold takes the accounts whose balances change.
     * @return how many have ended.
     */
    int expire(long nowNs, int limit, UntoldBalances untold) {
        Deadlines deadlines = holds.deadlines();
        int count = 0;
        int row = limit > 0 ? deadlines.nextDue(nowNs) : Holds.NONE;
        while (row != Holds.NONE) {
            untold.add(holds.accountSlot(row));
            holds.mustBook(row, 0, 0);
            end(row, false, nowNs);
            row = ++count < limit ? deadlines.nextDue(nowNs) : Holds.NONE;
        }
        deadlines.endTurns();
        return count;
    }

    /** Ends a hold that keeps 0 by now, and remembers that it did. */
    void end(int row, boolean isSettled, long nowNs) {
        long holdId = holds.id(row);
        long key = holds.key(row);
        holds.remove(row);
        ended.addPlain(holdId, key, isSettled, nowNs);
    }

    /** Slot of the account on which {@link #settle} would act, or {@link Accounts#NONE}. */
    int accountSlot(long holdId, long accountId) {
        int row = holds.find(holdId);
        if (row != Holds.NONE) {
            return holds.accountSlot(row);
        }
        int endedRow = ended.find(holdId);
        return endedRow == EndedHolds.NONE ? namedSlot(accountId) : Positions.accountSlot(ended.key(endedRow));
    }

    /** Of a hold that expired, was released or was never known here, the cost is booked; any other cost is outstanding. */
    private ReasonCode settleLate(
            ControlContext asked,
            long holdId,
            long accountId,
            SettleKind kind,
            boolean isCost,
            long amountMicros,
            BudgetResult out) {
        int endedRow = ended.find(holdId);
        boolean isKnown = endedRow != EndedHolds.NONE;
        if (!isCost && !isKnown || kind == SettleKind.RELEASE) {
            return ReasonCode.HOLD_UNKNOWN;
        }
        int slot = isKnown ? Positions.accountSlot(ended.key(endedRow)) : namedSlot(accountId);
        out.account(slot);
        boolean isOpen = isKnown
                ? !ended.isSettled(endedRow) && !Positions.isOrder(ended.key(endedRow))
                : slot != Accounts.NONE && ended.isNew(slot, holdId, asked.sequence());
        if (!isOpen && !isCost) {
            return ReasonCode.HOLD_UNKNOWN;
        }
        if (!isOpen || accounts.book(slot, 0, amountMicros) != ReasonCode.NONE) {
            return outstanding.keep(asked, slot, out);
        }
        boolean isFinal = kind == SettleKind.COMMIT_FINAL;
        if (!isKnown) {
            ended.addPlain(holdId, Positions.plainKey(slot), isFinal, asked.timestampNs());
        } else if (isFinal) {
            ended.settle(endedRow);
        }
        return ReasonCode.NONE;
    }

    private int namedSlot(long accountId) {
        return accountId == SettleDecoder.accountIdNullValue() ? Accounts.NONE : accounts.find(accountId);
    }

    private static boolean isCommit(SettleKind kind) {
        return switch (kind) {
            case COMMIT_PART, COMMIT_FINAL -> true;
            case RELEASE -> false;
            case NULL_VAL, SBE_UNKNOWN -> throw new IllegalArgumentException("kind must be known: kind=" + kind);
        };
    }
}

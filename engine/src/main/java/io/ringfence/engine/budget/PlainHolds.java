package io.ringfence.engine.budget;

import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SettleKind;

/** Holds for actions that are no orders: settled by their clients, or ended by time. */
final class PlainHolds {
    private final AccountLedger ledger;
    private final SweptAccounts swept;

    PlainHolds(AccountLedger ledger, SweptAccounts swept) {
        this.ledger = ledger;
        this.swept = swept;
    }

    /** A hold of 0 stands like any other. */
    ReasonCode hold(
            long holdId, long accountId, long exposureMicros, long costMicros, long deadlineNs, BudgetResult result) {
        int slot = ledger.accounts().find(accountId);
        long owner = slot == Accounts.NONE ? Owner.NONE : Owner.plain(slot);
        result.touch(owner);
        if (costMicros < 0) {
            return ReasonCode.AMOUNT_OVERFLOW;
        }
        long heldMicros = Math.max(exposureMicros, costMicros);
        ReasonCode reason = ledger.checkReserve(holdId, slot, heldMicros);
        if (reason == ReasonCode.NONE) {
            int row = ledger.add(holdId, owner, heldMicros);
            ledger.holds().deadline(row, deadlineNs);
            result.held(heldMicros);
        } else if (slot != Accounts.NONE) {
            result.control(reason, ledger.accounts(), slot, heldMicros);
        }
        return reason;
    }

    ReasonCode settle(long holdId, SettleKind kind, long amountMicros, BudgetResult result) {
        int row = ledger.holds().find(holdId);
        if (row != Holds.NONE) {
            result.touch(ledger.holds().owner(row));
            result.held(ledger.holds().heldMicros(row));
            if (ledger.holds().isOrder(row)) {
                return ReasonCode.HOLD_IS_ORDER;
            }
        }
        ReasonCode reason = settle(holdId, kind, amountMicros);
        result.held(ledger.heldMicros(holdId));
        return reason;
    }

    /** Ends the holds whose time has come: earliest deadline, then lowest id. */
    int expire(long nowNs, int limit) {
        Holds holds = ledger.holds();
        int count = 0;
        for (int row = holds.firstDue(nowNs); row != Holds.NONE && count < limit; row = holds.firstDue(nowNs)) {
            swept.add(Owner.accountSlot(holds.owner(row)));
            ledger.release(holds.id(row));
            count++;
        }
        return count;
    }

    private ReasonCode settle(long holdId, SettleKind kind, long amountMicros) {
        return switch (kind) {
            case COMMIT_PART -> ledger.commitPart(holdId, amountMicros);
            case COMMIT_FINAL -> ledger.commit(holdId, amountMicros);
            case RELEASE -> ledger.release(holdId);
            case NULL_VAL, SBE_UNKNOWN -> throw new IllegalArgumentException("kind must be known: kind=" + kind);
        };
    }
}

package io.ringfence.engine.budget;

import io.ringfence.engine.control.ControlContext;
import io.ringfence.engine.control.Controls;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SettleKind;

/** Opens and settles the holds of actions that are no orders. */
final class PlainHolds {
    private final AccountLedger ledger;
    private final Holds holds;
    private final Controls controls;

    PlainHolds(AccountLedger ledger) {
        this.ledger = ledger;
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
    ReasonCode settle(long holdId, SettleKind kind, long amountMicros, BudgetResult out) {
        int row = holds.find(holdId);
        boolean isStanding = row != Holds.NONE;
        if (isStanding) {
            out.account(holds.accountSlot(row));
            out.hold(holdId, holds.heldMicros(row));
        }
        if (isStanding && holds.isOrder(row)) {
            return ReasonCode.HOLD_IS_ORDER;
        }
        return switch (kind) {
            case COMMIT_PART -> commit(row, false, amountMicros, out);
            case COMMIT_FINAL -> commit(row, true, amountMicros, out);
            case RELEASE -> {
                if (isStanding) {
                    out.holdEnded();
                }
                yield ledger.releaseRow(row);
            }
            case NULL_VAL, SBE_UNKNOWN -> throw new IllegalArgumentException("kind must be known: kind=" + kind);
        };
    }

    /** Books what an action did cost, which is a fact: also beyond hold and balance. */
    private ReasonCode commit(int row, boolean isFinal, long amountMicros, BudgetResult out) {
        if (amountMicros < 0) {
            return ReasonCode.AMOUNT_NOT_POSITIVE;
        }
        if (row == Holds.NONE) {
            return ReasonCode.HOLD_UNKNOWN;
        }
        long keptMicros = isFinal ? 0 : Math.max(0, holds.heldMicros(row) - amountMicros);
        ReasonCode reason = holds.book(row, keptMicros, amountMicros);
        if (reason != ReasonCode.NONE) {
            return reason;
        }
        if (isFinal) {
            holds.remove(row);
            out.holdEnded();
        } else {
            out.hold(holds.id(row), keptMicros);
        }
        return ReasonCode.NONE;
    }
}

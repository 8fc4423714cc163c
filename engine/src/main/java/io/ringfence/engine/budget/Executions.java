package io.ringfence.engine.budget;

import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.ReasonCode;

/**
 * Books what venues report: what was traded less what is taken back, on the account of the order, whether it still stands or
 * not.
 *
 * <p>A fact is never refused for lack of budget. A bust or correction moves position and money, not the hold: what the order
 * may still trade did not change.
 */
final class Executions {
    private final AccountLedger ledger;
    private final OrderHolds orderHolds;
    private final Positions positions;
    private final Revision revision;
    private final ClosedOrders closedOrders;
    private final OrderTerms terms = new OrderTerms();

    Executions(
            AccountLedger ledger,
            OrderHolds orderHolds,
            Positions positions,
            BookedExecutions executions,
            ClosedOrders closedOrders) {
        this.ledger = ledger;
        this.orderHolds = orderHolds;
        this.positions = positions;
        this.revision = new Revision(executions);
        this.closedOrders = closedOrders;
    }

    /** Checks the figures' signs, the hold, the execution's id, then whether all fits; changes nothing unless it does. */
    ReasonCode book(ExecutionDecoder report, BudgetResult result) {
        if (report.quantity() < 0) {
            return ReasonCode.QUANTITY_NOT_POSITIVE;
        }
        if (report.priceMicros() < 0) {
            return ReasonCode.AMOUNT_NOT_POSITIVE;
        }
        long holdId = report.holdId();
        revision.find(report);
        int row = ledger.holds().find(holdId);
        long owner = owner(row, holdId);
        if (owner == Owner.NONE) {
            return ReasonCode.HOLD_UNKNOWN;
        }
        result.touch(owner);
        result.held(row == Holds.NONE ? 0 : ledger.holds().heldMicros(row));
        if (!Owner.isOrder(owner)) {
            return ReasonCode.HOLD_NOT_ORDER;
        }
        if (revision.isDuplicate()) {
            return ReasonCode.EXECUTION_DUPLICATE;
        }
        revision.figure(report);
        if (row != Holds.NONE) {
            orderHolds.load(row, terms);
            advance(report);
        }
        ReasonCode reason = move(row, owner);
        if (reason != ReasonCode.NONE) {
            return reason;
        }
        // From here on all of it must stand: nothing below may refuse.
        revision.remember(owner);
        if (revision.isUnmatched()) {
            result.unmatched();
        }
        if (row != Holds.NONE) {
            result.held(ledger.holds().heldMicros(row));
            keep(row, holdId, owner);
        }
        return ReasonCode.NONE;
    }

    private long owner(int row, long holdId) {
        if (row != Holds.NONE) {
            return ledger.holds().owner(row);
        }
        long owner = closedOrders.owner(holdId);
        return owner == Owner.NONE ? revision.owner() : owner;
    }

    private void advance(ExecutionDecoder report) {
        switch (report.kind()) {
            case FILL -> terms.fill(report.quantity(), report.leavesQuantity());
            case REPLACED -> terms.replaced();
            case REPLACE_REJECTED -> terms.replaceRejected();
            case CANCELLED, EXPIRED, REJECTED_BY_VENUE -> terms.close();
            case BUST, CORRECTION, NULL_VAL, SBE_UNKNOWN -> {
                return; // The order goes on as it was, and so does what is held for its fees.
            }
        }
        terms.fee(report.feeMicros());
    }

    /** Moves position and money together, or says that a sum leaves the range of i64 and moves neither. */
    private ReasonCode move(int row, long owner) {
        int slot = Owner.accountSlot(owner);
        long position = positions.quantity(slot, Owner.instrumentId(owner));
        TradeFigures booked = revision.booked();
        TradeFigures takenBack = revision.takenBack();
        long traded = Owner.signed(owner, booked.quantity() - takenBack.quantity());
        if (!booked.isRepresentable() || Int64.sumOverflows(position, traded)) {
            return ReasonCode.AMOUNT_OVERFLOW;
        }
        long chargeMicros = booked.chargeMicros() - takenBack.chargeMicros();
        ReasonCode reason = row == Holds.NONE
                ? ledger.accounts().book(slot, 0, chargeMicros)
                : ledger.book(row, terms.heldMicros(), chargeMicros);
        if (reason == ReasonCode.NONE) {
            positions.quantity(slot, Owner.instrumentId(owner), position + traded);
        }
        return reason;
    }

    private void keep(int row, long holdId, long owner) {
        if (terms.isClosed()) {
            orderHolds.forget(holdId);
            ledger.remove(row);
            closedOrders.add(holdId, owner);
        } else {
            orderHolds.store(row, terms);
        }
    }
}

package io.ringfence.engine.budget;

import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.ReasonCode;

/**
 * Books what venues report on the account of the order, whether the order still stands or has ended.
 *
 * <p>A fact is never refused for lack of budget. A buy commits what it paid; a sell commits what it sold at its limit at most, however much
 * more it brought in, so a fill at the limit or better never overdraws an account by its value. A bust or correction moves position and
 * money, and the hold only where the venue opens again what was traded.
 */
final class Executions {
    private final Accounts accounts;
    private final Holds holds;
    private final Orders orders;
    private final OrderTerms terms;
    private final Positions positions;
    private final ClosedOrders closedOrders;
    private final ExecutionEffect effect;

    Executions(
            Accounts accounts,
            Holds holds,
            Orders orders,
            Positions positions,
            BookedExecutions executions,
            ClosedOrders closedOrders) {
        this.accounts = accounts;
        this.holds = holds;
        this.orders = orders;
        this.terms = orders.terms();
        this.positions = positions;
        this.closedOrders = closedOrders;
        this.effect = new ExecutionEffect(executions);
    }

    /** Books a report or changes nothing; {@link Budget#execution} lists the reasons. */
    ReasonCode book(ExecutionDecoder report, BudgetResult out) {
        long quantity = report.quantity();
        long priceMicros = report.priceMicros();
        if (quantity < 0) {
            return ReasonCode.QUANTITY_NOT_POSITIVE;
        }
        if (priceMicros < 0) {
            return ReasonCode.AMOUNT_NOT_POSITIVE;
        }
        long holdId = report.holdId();
        ExecutionKind kind = report.kind();
        effect.find(holdId, report.executionId(), kind, report.referenceExecutionId());
        int row = holds.find(holdId);
        long key = key(row, holdId);
        if (key == Positions.NO_KEY) {
            return ReasonCode.HOLD_UNKNOWN;
        }
        out.account(Positions.accountSlot(key));
        if (row != Holds.NONE) {
            out.hold(holdId, holds.heldMicros(row));
        }
        if (!Positions.isOrder(key)) {
            return ReasonCode.HOLD_NOT_ORDER;
        }
        int position = positions.find(key);
        out.position(positions, position, Positions.instrumentId(key));
        if (effect.isDuplicate()) {
            return ReasonCode.EXECUTION_DUPLICATE;
        }
        long feeMicros = report.feeMicros();
        boolean isAtWork = load(row, report);
        long limitMicros = row == Holds.NONE ? closedOrders.limitPriceMicros(holdId) : terms.highestPriceMicros();
        boolean isBoundByLimit = Positions.side(key) == Positions.SELL;
        effect.compute(quantity, isBoundByLimit ? Math.min(priceMicros, limitMicros) : priceMicros, feeMicros);
        if (isAtWork) {
            if (Micros.sumOverflows(terms.filledQuantity(), effect.tradedQuantity())) {
                return ReasonCode.AMOUNT_OVERFLOW;
            }
            terms.traded(effect.tradedQuantity());
            terms.advance(report);
        }
        ReasonCode reason = move(row, isAtWork, key, position, out);
        if (reason != ReasonCode.NONE) {
            return reason;
        }
        // From here on all of it must stand: nothing below may refuse.
        effect.remember(key);
        if (effect.isUnmatched()) {
            out.unmatched();
        }
        if (row != Holds.NONE) {
            keep(row, holdId, key, limitMicros, out);
        } else if (isAtWork && !terms.isClosed()) {
            reopen(holdId, key, out);
        }
        return ReasonCode.NONE;
    }

    /** Ends a standing order by the word of a person, as a cancel by its venue does; late executions of it are booked all the same. */
    ReasonCode writeOff(int row, BudgetResult out) {
        long holdId = holds.id(row);
        long key = holds.key(row);
        int position = positions.find(key);
        out.account(Positions.accountSlot(key));
        terms.load(row);
        long limitMicros = terms.highestPriceMicros();
        terms.writeOff();
        holds.mustBook(row, 0, 0);
        out.position(positions, positions.move(position, key, 0, terms.openedQuantity()), Positions.instrumentId(key));
        keep(row, holdId, key, limitMicros, out);
        return ReasonCode.NONE;
    }

    /** Reads the terms of an order that stands, or of one that has ended and that the report may open again; else false. */
    private boolean load(int row, ExecutionDecoder report) {
        long holdId = report.holdId();
        if (row != Holds.NONE) {
            terms.load(row);
            return true;
        }
        return OrderTerms.mayReopen(report) && closedOrders.load(holdId, terms);
    }

    /** Slot of the account that {@link #book} would book a report on, or {@link Accounts#NONE}. */
    int accountSlot(ExecutionDecoder report) {
        long holdId = report.holdId();
        effect.find(holdId, report.executionId(), report.kind(), report.referenceExecutionId());
        long key = key(holds.find(holdId), holdId);
        return key == Positions.NO_KEY ? Accounts.NONE : Positions.accountSlot(key);
    }

    private long key(int row, long holdId) {
        if (row != Holds.NONE) {
            return holds.key(row);
        }
        long key = closedOrders.key(holdId);
        return key == Positions.NO_KEY ? effect.key() : key;
    }

    /** Moves position and money together, or returns {@code AMOUNT_OVERFLOW} when a sum leaves the range of i64. */
    private ReasonCode move(int row, boolean isAtWork, long key, int position, BudgetResult out) {
        int slot = Positions.accountSlot(key);
        long traded = Positions.signed(key, effect.tradedQuantity());
        long heldMicros = isAtWork ? terms.heldMicros() : 0;
        long opened = isAtWork ? terms.openedQuantity() : 0;
        long open = Positions.side(key) == Positions.BUY ? positions.openBuys(position) : positions.openSells(position);
        if (!effect.isRepresentable()
                || heldMicros == Micros.OVERFLOW
                || Micros.sumOverflows(open, opened)
                || Micros.sumOverflows(positions.filled(position), traded)) {
            return ReasonCode.AMOUNT_OVERFLOW;
        }
        long freedMicros = (row == Holds.NONE ? 0 : holds.heldMicros(row)) - heldMicros;
        if (lacksOneMicro(slot, freedMicros, effect.chargeMicros())) {
            effect.roundDown();
        }
        ReasonCode reason = row == Holds.NONE
                ? accounts.book(slot, freedMicros, effect.chargeMicros())
                : holds.book(row, heldMicros, effect.chargeMicros());
        if (reason == ReasonCode.NONE) {
            out.position(positions, positions.move(position, key, traded, opened), Positions.instrumentId(key));
        }
        return reason;
    }

    /** Would an account that is not overdrawn be so by one micro, here or above, once this was booked? */
    private boolean lacksOneMicro(int slot, long freedMicros, long chargeMicros) {
        for (int at = slot; at != Accounts.NONE; at = accounts.parent(at)) {
            long free = accounts.freeMicros(at);
            if (free >= 0 && free + freedMicros - chargeMicros == -1) {
                return true;
            }
        }
        return false;
    }

    private void keep(int row, long holdId, long key, long limitMicros, BudgetResult out) {
        if (terms.isClosed()) {
            orders.close(row);
            closedOrders.add(holdId, key, limitMicros, terms);
            out.holdEnded();
        } else {
            terms.store(row);
            out.hold(holdId, holds.heldMicros(row));
        }
    }

    /** What the venue has open again is held again. */
    private void reopen(long holdId, long key, BudgetResult out) {
        int row = holds.add(holdId, key, terms.heldMicros());
        terms.store(row);
        out.hold(holdId, holds.heldMicros(row));
    }
}

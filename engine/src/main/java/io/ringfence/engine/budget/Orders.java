package io.ringfence.engine.budget;

import io.ringfence.engine.command.Request;
import io.ringfence.engine.control.ControlContext;
import io.ringfence.engine.control.Controls;
import io.ringfence.schemas.ReasonCode;

/**
 * Opens, changes and ends the holds of orders; {@link OrderTerms} says what each must hold.
 *
 * <p>An order's hold has open quantity, limit price and cost part in its row; what few orders have stands in {@link RareTerms}.
 */
final class Orders {
    private final Holds holds;
    private final Positions positions;
    private final Controls controls;
    private final RareTerms rare = new RareTerms();
    private final OrderTerms terms;

    Orders(Holds holds, Positions positions, Controls controls) {
        this.holds = holds;
        this.positions = positions;
        this.controls = controls;
        this.terms = new OrderTerms(holds, rare);
    }

    /**
     * Opens the hold of the order that was asked for: checks quantity and price, then the amount, then account and hold, then the
     * controls.
     *
     * @param asked           of a request that is an order; its side must be {@link Positions#BUY} or {@link Positions#SELL}, else it throws.
     * @param actedCostMicros of the acted candidate, unsigned.
     */
    ReasonCode open(ControlContext asked, long actedCostMicros, BudgetResult out) {
        Request order = asked.request();
        long holdId = asked.sequence();
        int side = order.side();
        Positions.checkSide(side);
        int slot = asked.accountSlot();
        out.account(slot);
        long askedQuantity = order.quantity();
        long priceMicros = order.limitPriceMicros();
        if (askedQuantity <= 0) {
            return ReasonCode.QUANTITY_NOT_POSITIVE;
        }
        if (priceMicros <= 0) {
            return ReasonCode.AMOUNT_NOT_POSITIVE;
        }
        long notionalMicros = order.notionalMicros();
        boolean isOverflow = actedCostMicros < 0
                || Micros.sumOverflows(notionalMicros, actedCostMicros)
                || notionalMicros == Long.MAX_VALUE && Micros.ceilMicros(askedQuantity, priceMicros) == Micros.OVERFLOW;
        if (isOverflow) {
            return ReasonCode.AMOUNT_OVERFLOW;
        }
        ReasonCode reason = holds.check(holdId, slot);
        if (reason != ReasonCode.NONE) {
            return reason;
        }
        long heldMicros = Math.max(order.exposureMicros(), notionalMicros + actedCostMicros);
        long key = Positions.orderKey(slot, side, order.instrumentId());
        if (positions.find(key) == Positions.NONE && !positions.hasRoom(slot)) {
            return ReasonCode.HOLDS_AT_BOUND;
        }
        asked.asks(heldMicros, true);
        int position = askOrder(asked, key, askedQuantity, notionalMicros, askedQuantity, true);
        reason = controls.check(asked);
        if (reason != ReasonCode.NONE) {
            return reason;
        }
        int row = holds.open(holdId, key, heldMicros);
        holds.terms(row, askedQuantity, priceMicros, actedCostMicros);
        holds.acted(row, asked.actedCandidateId());
        if (order.exposureMicros() > 0) {
            rare.cell(rare.claim(holdId), RareTerms.FLOOR, order.exposureMicros());
        }
        out.position(positions, positions.move(position, key, 0, askedQuantity), order.instrumentId());
        out.hold(holdId, heldMicros);
        return ReasonCode.NONE;
    }

    /** Holds the larger of old and new terms until the venue answers; {@link Budget#replace} lists the reasons. */
    ReasonCode replace(ControlContext asked, long holdId, long orderQuantity, long newPriceMicros, BudgetResult out) {
        if (orderQuantity <= 0) {
            return ReasonCode.QUANTITY_NOT_POSITIVE;
        }
        if (newPriceMicros <= 0) {
            return ReasonCode.AMOUNT_NOT_POSITIVE;
        }
        int row = holds.find(holdId);
        ReasonCode reason = checkOrder(row, holdId, out);
        if (reason != ReasonCode.NONE) {
            return reason;
        }
        terms.load(row);
        if (terms.isPending()) {
            return ReasonCode.REPLACE_PENDING;
        }
        long oldValueMicros = Micros.cappedMicros(terms.orderQuantity(), terms.limitPriceMicros());
        boolean fits = terms.replace(asked.sequence(), orderQuantity, newPriceMicros);
        long heldMicros = fits ? terms.heldMicros() : Micros.OVERFLOW;
        if (heldMicros == Micros.OVERFLOW) {
            return ReasonCode.AMOUNT_OVERFLOW;
        }
        long key = holds.key(row);
        long newValueMicros = Micros.cappedMicros(orderQuantity, newPriceMicros);
        long raiseMicros = heldMicros - holds.heldMicros(row);
        long opened = terms.openedQuantity();
        asked.asks(Math.max(0, raiseMicros), raiseMicros > 0);
        int position = askOrder(asked, key, orderQuantity, newValueMicros, opened, newValueMicros > oldValueMicros);
        reason = controls.check(asked);
        if (reason == ReasonCode.NONE) {
            if (raiseMicros > 0) {
                holds.raise(row, raiseMicros);
            }
            terms.store(row);
            out.position(positions, positions.move(position, key, 0, opened), Positions.instrumentId(key));
            out.hold(holdId, holds.heldMicros(row));
            out.acted(holds.actedCandidateId(row));
        }
        return reason;
    }

    /** Returns the row of the position. */
    private int askOrder(
            ControlContext asked, long key, long newQuantity, long valueMicros, long opened, boolean isDearer) {
        int position = positions.find(key);
        asked.order(Positions.side(key) == Positions.BUY, Positions.instrumentId(key), newQuantity, valueMicros);
        asked.position(
                positions.filled(position),
                positions.openBuys(position),
                positions.openSells(position),
                opened,
                isDearer);
        return position;
    }

    /** Is there a standing order to cancel? {@code HOLD_UNKNOWN}, {@code HOLD_NOT_ORDER}. The venue reports the end. */
    ReasonCode cancel(long holdId, BudgetResult out) {
        return checkOrder(holds.find(holdId), holdId, out);
    }

    /** Reads the terms of a standing order, which an event changes next. */
    OrderTerms load(int row) {
        terms.load(row);
        return terms;
    }

    /** Ends a standing order whose hold is 0 by now. */
    void close(int row) {
        rare.remove(holds.id(row));
        holds.remove(row);
    }

    /** The terms that {@link #load} read last. */
    OrderTerms terms() {
        return terms;
    }

    /** What stands beside the rows. */
    RareTerms rare() {
        return rare;
    }

    private ReasonCode checkOrder(int row, long holdId, BudgetResult out) {
        if (row == Holds.NONE) {
            return ReasonCode.HOLD_UNKNOWN;
        }
        out.account(holds.accountSlot(row));
        out.hold(holdId, holds.heldMicros(row));
        return holds.isOrder(row) ? ReasonCode.NONE : ReasonCode.HOLD_NOT_ORDER;
    }
}

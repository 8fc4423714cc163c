package io.ringfence.engine.budget;

import io.ringfence.engine.command.Request;
import io.ringfence.engine.control.ControlContext;
import io.ringfence.engine.control.Controls;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.ReasonCode;

/**
 * Keeps the terms of open orders and says what each must hold: the larger of its terms and those of its pending replace.
 *
 * <p>An order's hold has open quantity, limit price and cost part in its row. What few orders have stands in {@link RareTerms}. An event
 * is applied to a working copy: {@link #load} reads it, an event changes it, and {@link #store} or {@link #close} writes it back once the
 * change is booked. No event makes a hold grow; only {@link #replace} does.
 */
final class Orders {
    private final Holds holds;
    private final Positions positions;
    private final Controls controls;
    private final RareTerms rare = new RareTerms();

    // The working copy.
    private long quantity;
    private long limitPriceMicros;
    private long costMicros;
    private long floorMicros;
    private long filledQuantity; // Below 0 while a bust is ahead of its fill.
    private long pendingQuantity;
    private long pendingPriceMicros; // 0: no replace is pending.
    private boolean isClosed;
    private long storedOpenQuantity; // Of the order as it was loaded.

    Orders(Holds holds, Positions positions, Controls controls) {
        this.holds = holds;
        this.positions = positions;
        this.controls = controls;
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
        if (order.exposureMicros() > 0) {
            rare.store(holdId, order.exposureMicros(), 0, 0, 0);
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
        load(row);
        if (isPending()) {
            return ReasonCode.REPLACE_PENDING;
        }
        long oldValueMicros = Micros.cappedMicros(quantity + filledQuantity, limitPriceMicros);
        pendingQuantity = Math.max(0, orderQuantity - filledQuantity);
        pendingPriceMicros = newPriceMicros;
        long heldMicros = heldMicros();
        if (heldMicros == Micros.OVERFLOW || Micros.differenceOverflows(orderQuantity, filledQuantity)) {
            return ReasonCode.AMOUNT_OVERFLOW;
        }
        long key = holds.key(row);
        long newValueMicros = Micros.cappedMicros(orderQuantity, newPriceMicros);
        long raiseMicros = heldMicros - holds.heldMicros(row);
        long opened = openedQuantity();
        asked.asks(Math.max(0, raiseMicros), raiseMicros > 0);
        int position = askOrder(asked, key, orderQuantity, newValueMicros, opened, newValueMicros > oldValueMicros);
        reason = controls.check(asked);
        if (reason == ReasonCode.NONE) {
            if (raiseMicros > 0) {
                holds.raise(row, raiseMicros);
            }
            store(row);
            out.position(positions, positions.move(position, key, 0, opened), Positions.instrumentId(key));
            out.hold(holdId, holds.heldMicros(row));
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

    /** Makes a standing order's terms the working copy. */
    void load(int row) {
        long holdId = holds.id(row);
        quantity = holds.quantity(row);
        limitPriceMicros = holds.limitPriceMicros(row);
        costMicros = holds.costMicros(row);
        floorMicros = rare.floorMicros(holdId);
        filledQuantity = rare.filledQuantity(holdId);
        pendingQuantity = rare.pendingQuantity(holdId);
        pendingPriceMicros = rare.pendingPriceMicros(holdId);
        isClosed = false;
        storedOpenQuantity = openQuantity();
    }

    /**
     * Applies what a venue reports to the working copy; a bust or a correction leaves the terms as they are.
     *
     * @param tradedQuantity of a fill; may be more than was open.
     * @param leavesQuantity that the venue leaves open behind a fill; 0 ends the order.
     * @param feeMicros      uses up the part held for costs; a rebate, below 0, does not.
     */
    void advance(ExecutionKind kind, long tradedQuantity, long leavesQuantity, long feeMicros) {
        switch (kind) {
            case FILL -> fill(tradedQuantity, leavesQuantity);
            case REPLACED -> replaced();
            case REPLACE_REJECTED -> replaceRejected();
            case CANCELLED, EXPIRED, REJECTED_BY_VENUE -> isClosed = true;
            case BUST, CORRECTION -> {
                return; // What the order may still trade, and its fees, did not change.
            }
            case NULL_VAL, SBE_UNKNOWN -> throw new IllegalArgumentException("kind must be known: kind=" + kind);
        }
        costMicros = Math.max(0, costMicros - Math.max(0, feeMicros));
    }

    /** Adds what an execution booked, below 0 what it took back, to what the order has filled; the sum must fit i64. */
    void traded(long tradedQuantity) {
        filledQuantity += tradedQuantity;
    }

    /** Amount that the working copy must hold, 0 and above, or {@link Micros#OVERFLOW}. */
    long heldMicros() {
        if (isClosed) {
            return 0;
        }
        long now = withCost(Micros.ceilMicros(quantity, limitPriceMicros));
        long pending = isPending() ? withCost(Micros.ceilMicros(pendingQuantity, pendingPriceMicros)) : 0;
        return now == Micros.OVERFLOW || pending == Micros.OVERFLOW
                ? Micros.OVERFLOW
                : Math.max(floorMicros, Math.max(now, pending));
    }

    /** What the order of the working copy may still trade: the larger of its terms and those of its pending replace. */
    long openQuantity() {
        return isClosed ? 0 : Math.max(quantity, pendingQuantity);
    }

    /** The higher of the limit price and that of a pending replace. */
    long highestPriceMicros() {
        return Math.max(limitPriceMicros, pendingPriceMicros);
    }

    /** Has the order of the working copy ended? Then it holds 0. */
    boolean isClosed() {
        return isClosed;
    }

    /** By how much the working copy changes what the order may still trade. */
    long openedQuantity() {
        return openQuantity() - storedOpenQuantity;
    }

    /** Writes the working copy to its standing order. */
    void store(int row) {
        holds.terms(row, quantity, limitPriceMicros, costMicros);
        rare.store(holds.id(row), floorMicros, filledQuantity, pendingQuantity, pendingPriceMicros);
    }

    /** Ends a standing order whose hold is 0 by now. */
    void close(int row) {
        rare.store(holds.id(row), 0, 0, 0, 0);
        holds.remove(row);
    }

    long floorMicros() {
        return floorMicros;
    }

    long filledQuantity() {
        return filledQuantity;
    }

    long pendingQuantity() {
        return pendingQuantity;
    }

    long pendingPriceMicros() {
        return pendingPriceMicros;
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

    /** The client's own figure was for the whole order, so it ends with the first trade. */
    private void fill(long tradedQuantity, long leavesQuantity) {
        quantity = Math.max(0, quantity - tradedQuantity);
        pendingQuantity = Math.max(0, pendingQuantity - tradedQuantity);
        floorMicros = tradedQuantity > 0 ? 0 : floorMicros;
        isClosed = leavesQuantity == 0 || quantity == 0 && pendingQuantity == 0;
    }

    private void replaced() {
        if (isPending()) {
            quantity = pendingQuantity;
            limitPriceMicros = pendingPriceMicros;
            replaceRejected();
        }
    }

    /** The old terms go on; an order that traded out under them ends. */
    private void replaceRejected() {
        pendingQuantity = 0;
        pendingPriceMicros = 0;
        isClosed = quantity == 0;
    }

    private boolean isPending() {
        return pendingPriceMicros > 0;
    }

    private long withCost(long notionalMicros) {
        return notionalMicros == Micros.OVERFLOW || Micros.sumOverflows(notionalMicros, costMicros)
                ? Micros.OVERFLOW
                : notionalMicros + costMicros;
    }
}

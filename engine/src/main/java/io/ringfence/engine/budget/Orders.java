package io.ringfence.engine.budget;

import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.ReasonCode;
import org.agrona.collections.Long2LongHashMap;

/**
 * Keeps the terms of open orders and says what each must hold: the larger of its terms and those of its pending replace.
 *
 * <p>An order's hold has open quantity, limit price and cost part in its row. What few orders have stands beside the rows: the
 * client's own figure (floor), the quantity filled, and a pending replace. An event is applied to a working copy: {@link #load}
 * reads it, an event changes it, and {@link #store} or {@link #close} writes it back once the change is booked. No event makes a
 * hold grow; only {@link #replace} does.
 */
final class Orders {
    private static final long ABSENT = 0;

    private final Accounts accounts;
    private final Holds holds;
    private final Long2LongHashMap floors = new Long2LongHashMap(ABSENT);
    private final Long2LongHashMap filledQuantities = new Long2LongHashMap(ABSENT);
    private final Long2LongHashMap pendingQuantities = new Long2LongHashMap(ABSENT);
    private final Long2LongHashMap pendingPrices = new Long2LongHashMap(ABSENT);

    // The working copy.
    private long quantity;
    private long limitPriceMicros;
    private long costMicros;
    private long floorMicros;
    private long filledQuantity; // Below 0 while a bust is ahead of its fill.
    private long pendingQuantity;
    private long pendingPriceMicros; // 0: no replace is pending.
    private boolean isClosed;

    Orders(Accounts accounts, Holds holds) {
        this.accounts = accounts;
        this.holds = holds;
    }

    /**
     * Opens an order's hold: checks quantity and price, then the amount, then the account as {@link Holds#check} does.
     *
     * @param side             {@link OrderKey#BUY} or {@link OrderKey#SELL}; anything else throws.
     * @param askedQuantity    in 1e-8 units.
     * @param priceMicros      limit price a unit.
     * @param notionalMicros   quantity at that price, rounded up; {@link Long#MAX_VALUE} also says that it overflows.
     * @param exposureMicros   the client's own figure; 0 and below say nothing.
     * @param actedCostMicros  of the acted candidate, unsigned.
     */
    ReasonCode open(
            long holdId,
            long accountId,
            long instrumentId,
            int side,
            long askedQuantity,
            long priceMicros,
            long notionalMicros,
            long exposureMicros,
            long actedCostMicros,
            BudgetResult out) {
        OrderKey.checkSide(side);
        int slot = accounts.find(accountId);
        out.account(slot);
        if (askedQuantity <= 0) {
            return ReasonCode.QUANTITY_NOT_POSITIVE;
        }
        if (priceMicros <= 0) {
            return ReasonCode.AMOUNT_NOT_POSITIVE;
        }
        boolean isOverflow = actedCostMicros < 0
                || Micros.sumOverflows(notionalMicros, actedCostMicros)
                || notionalMicros == Long.MAX_VALUE && Micros.ceilMicros(askedQuantity, priceMicros) == Micros.OVERFLOW;
        if (isOverflow) {
            return ReasonCode.AMOUNT_OVERFLOW;
        }
        long heldMicros = Math.max(exposureMicros, notionalMicros + actedCostMicros);
        ReasonCode reason = holds.check(holdId, slot, heldMicros);
        if (reason != ReasonCode.NONE) {
            out.control(reason, accounts, slot, heldMicros);
            return reason;
        }
        int row = holds.open(holdId, OrderKey.order(slot, side, instrumentId), heldMicros);
        holds.terms(row, askedQuantity, priceMicros, actedCostMicros);
        if (exposureMicros > 0) {
            floors.put(holdId, exposureMicros);
        }
        out.hold(holdId, heldMicros);
        return ReasonCode.NONE;
    }

    /** Holds the larger of old and new terms until the venue answers; {@link Budget#replace} lists the reasons. */
    ReasonCode replace(long holdId, long orderQuantity, long newPriceMicros, BudgetResult out) {
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
        pendingQuantity = Math.max(0, orderQuantity - filledQuantity);
        pendingPriceMicros = newPriceMicros;
        long heldMicros = heldMicros();
        if (heldMicros == Micros.OVERFLOW || Micros.differenceOverflows(orderQuantity, filledQuantity)) {
            return ReasonCode.AMOUNT_OVERFLOW;
        }
        long raiseMicros = heldMicros - holds.heldMicros(row);
        if (raiseMicros > 0) {
            reason = raise(row, raiseMicros, out);
        }
        if (reason == ReasonCode.NONE) {
            store(row);
            out.hold(holdId, holds.heldMicros(row));
        }
        return reason;
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
        floorMicros = find(floors, holdId);
        filledQuantity = find(filledQuantities, holdId);
        pendingQuantity = find(pendingQuantities, holdId);
        pendingPriceMicros = find(pendingPrices, holdId);
        isClosed = false;
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

    /** Has the order of the working copy ended? Then it holds 0. */
    boolean isClosed() {
        return isClosed;
    }

    /** Writes the working copy to its standing order. */
    void store(int row) {
        holds.terms(row, quantity, limitPriceMicros, costMicros);
        storeBeside(holds.id(row), floorMicros, filledQuantity, pendingQuantity, pendingPriceMicros);
    }

    /** Writes what stands beside the row of an order; 0 for what it does not have. */
    void storeBeside(long holdId, long floor, long filled, long newQuantity, long newPriceMicros) {
        keep(floors, holdId, floor);
        keep(filledQuantities, holdId, filled);
        keep(pendingQuantities, holdId, newQuantity);
        keep(pendingPrices, holdId, newPriceMicros);
    }

    /** Ends a standing order whose hold is 0 by now. */
    void close(int row) {
        storeBeside(holds.id(row), ABSENT, ABSENT, ABSENT, ABSENT);
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

    /** Entries kept beside the rows: floors, quantities filled, and at most two for each pending replace. */
    int besideRows() {
        return floors.size() + filledQuantities.size() + pendingQuantities.size() + pendingPrices.size();
    }

    /** Forgets what stands beside the rows; the rows are forgotten by {@link Holds#clear}. */
    void clear() {
        floors.clear();
        filledQuantities.clear();
        pendingQuantities.clear();
        pendingPrices.clear();
    }

    private ReasonCode checkOrder(int row, long holdId, BudgetResult out) {
        if (row == Holds.NONE) {
            return ReasonCode.HOLD_UNKNOWN;
        }
        out.account(holds.accountSlot(row));
        out.hold(holdId, holds.heldMicros(row));
        return holds.isOrder(row) ? ReasonCode.NONE : ReasonCode.HOLD_NOT_ORDER;
    }

    private ReasonCode raise(int row, long raiseMicros, BudgetResult out) {
        int slot = holds.accountSlot(row);
        ReasonCode reason = accounts.checkReserve(slot, raiseMicros);
        if (reason == ReasonCode.NONE) {
            holds.raise(row, raiseMicros);
        } else {
            out.control(reason, accounts, slot, raiseMicros);
        }
        return reason;
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

    private static long find(Long2LongHashMap map, long holdId) {
        return map.isEmpty() ? ABSENT : map.get(holdId);
    }

    private static void keep(Long2LongHashMap map, long holdId, long value) {
        if (value != ABSENT) {
            map.put(holdId, value);
        } else if (!map.isEmpty()) {
            map.remove(holdId);
        }
    }
}

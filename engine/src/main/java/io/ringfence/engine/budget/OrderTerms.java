package io.ringfence.engine.budget;

/**
 * Says what an order's hold must be: the larger of its terms and those of its pending replace.
 *
 * <p>A scratch copy of one order: {@link OrderHolds} loads it, an event changes it, and only once the change is booked is it
 * stored. No event makes the hold grow; only {@link #replace} does.
 */
final class OrderTerms {
    private long quantity;
    private long limitPriceMicros;
    private long costMicros;
    private long floorMicros;
    private long pendingQuantity;
    private long pendingPriceMicros; // 0: no replace is pending.
    private boolean isClosed;

    void set(long quantity, long limitPriceMicros, long costMicros, long floorMicros) {
        this.quantity = quantity;
        this.limitPriceMicros = limitPriceMicros;
        this.costMicros = costMicros;
        this.floorMicros = floorMicros;
        this.pendingQuantity = 0;
        this.pendingPriceMicros = 0;
        this.isClosed = false;
    }

    /** Asks for a new open quantity and price; the old terms stand beside them until the venue answers. */
    void replace(long newQuantity, long newLimitPriceMicros) {
        pendingQuantity = newQuantity;
        pendingPriceMicros = newLimitPriceMicros;
    }

    /** The venue took the pending replace. */
    void replaced() {
        if (isPending()) {
            quantity = pendingQuantity;
            limitPriceMicros = pendingPriceMicros;
            replaceRejected();
        }
    }

    /** The venue refused the pending replace; an order that traded out under its old terms ends. */
    void replaceRejected() {
        replace(0, 0);
        isClosed |= quantity == 0;
    }

    /** Trades, also beyond what was open. The client's own figure was for the whole order: it ends with the first trade. */
    void fill(long tradedQuantity, long leavesQuantity) {
        quantity = Math.max(0, quantity - tradedQuantity);
        pendingQuantity = Math.max(0, pendingQuantity - tradedQuantity);
        floorMicros = tradedQuantity > 0 ? 0 : floorMicros;
        isClosed |= leavesQuantity == 0 || (quantity == 0 && pendingQuantity == 0);
    }

    /** A fee uses up the part held for the cost; a rebate leaves it. */
    void fee(long feeMicros) {
        costMicros = Math.max(0, costMicros - Math.max(0, feeMicros));
    }

    /** Nothing more will trade. */
    void close() {
        isClosed = true;
    }

    /** What must be held, 0 and above, or {@link Notional#OVERFLOW}. */
    long heldMicros() {
        if (isClosed) {
            return 0;
        }
        long now = withCost(Notional.ceilMicros(quantity, limitPriceMicros));
        long pending = isPending() ? withCost(Notional.ceilMicros(pendingQuantity, pendingPriceMicros)) : 0;
        return now == Notional.OVERFLOW || pending == Notional.OVERFLOW
                ? Notional.OVERFLOW
                : Math.max(floorMicros, Math.max(now, pending));
    }

    boolean isPending() {
        return pendingPriceMicros > 0;
    }

    boolean isClosed() {
        return isClosed;
    }

    long quantity() {
        return quantity;
    }

    long limitPriceMicros() {
        return limitPriceMicros;
    }

    long costMicros() {
        return costMicros;
    }

    long floorMicros() {
        return floorMicros;
    }

    long pendingQuantity() {
        return pendingQuantity;
    }

    long pendingPriceMicros() {
        return pendingPriceMicros;
    }

    private long withCost(long notionalMicros) {
        return notionalMicros == Notional.OVERFLOW || Int64.sumOverflows(notionalMicros, costMicros)
                ? Notional.OVERFLOW
                : notionalMicros + costMicros;
    }
}

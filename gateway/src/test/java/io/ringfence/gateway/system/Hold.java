package io.ringfence.gateway.system;

/** The plain twin of one hold: does it stand, as far as questions and answers tell? */
final class Hold {
    private final long id;
    private final Request request;
    private final long accountId;
    private final boolean isOrder;
    private final boolean mayExpire;
    private final TradedQuantity traded = new TradedQuantity();
    private long firstHeldMicros;
    private long heldMicros;
    private long quantity;
    private long pendingQuantity;
    private boolean isPending;
    private boolean hasEnded;

    Hold(long id, Request request, long accountId, boolean isOrder, long quantity, boolean mayExpire) {
        this.id = id;
        this.request = request;
        this.accountId = accountId;
        this.isOrder = isOrder;
        this.quantity = quantity;
        this.mayExpire = mayExpire;
    }

    long id() {
        return id;
    }

    /** The request that it was made for. */
    Request request() {
        return request;
    }

    long accountId() {
        return accountId;
    }

    boolean isOrder() {
        return isOrder;
    }

    /** Has it a time to live? */
    boolean mayExpire() {
        return mayExpire;
    }

    long quantity() {
        return quantity;
    }

    boolean hasEnded() {
        return hasEnded;
    }

    long heldMicros() {
        return hasEnded ? 0 : heldMicros;
    }

    /** What it kept at first. */
    long firstHeldMicros() {
        return firstHeldMicros;
    }

    void begin(long micros) {
        firstHeldMicros = micros;
        heldMicros = micros;
    }

    void held(long micros) {
        heldMicros = micros;
    }

    void end() {
        hasEnded = true;
    }

    /** A replace with a new total quantity waits for the venue. */
    void replace(long orderQuantity) {
        isPending = true;
        pendingQuantity = Math.max(0, orderQuantity - traded.sum());
    }

    /** Takes any execution that was booked, before what it does to the terms. */
    void booked(Request.Execution execution) {
        traded.booked(execution);
    }

    void fill(long tradedQuantity, long leavesQuantity) {
        quantity = Math.max(0, quantity - tradedQuantity);
        pendingQuantity = Math.max(0, pendingQuantity - tradedQuantity);
        hasEnded |= leavesQuantity == 0 || (quantity == 0 && pendingQuantity == 0);
    }

    void replaced() {
        if (isPending) {
            quantity = pendingQuantity;
            replaceRejected();
        }
    }

    void replaceRejected() {
        isPending = false;
        pendingQuantity = 0;
        hasEnded |= quantity == 0;
    }
}

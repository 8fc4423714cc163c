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
    private long quantity; // Open, as counted.
    private long more; // That the venue has open above that.
    private long pendingQuantity;
    private boolean isPending;
    private boolean wasReplaced;
    private boolean isFilled; // Under the terms acknowledged last, as the next.
    private boolean isOver;
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
        pendingQuantity = Math.max(0, orderQuantity - traded.sum() + more);
    }

    /** Takes any execution that was booked, before what it does to the terms. */
    void booked(Request.Execution execution) {
        traded.booked(execution);
    }

    /** The report does not say of which terms it is. */
    void fill(long tradedQuantity, long leavesQuantity) {
        long left = more == 0 ? 0 : Math.max(0, quantity + more - tradedQuantity);
        quantity = Math.max(0, quantity - tradedQuantity);
        more = Math.max(0, left - quantity);
        pendingQuantity = Math.max(0, pendingQuantity - tradedQuantity);
        if (leavesQuantity == 0 && !wasReplaced) {
            quantity = 0;
            more = 0;
            isFilled = true;
        } else if (!isPending) {
            leave(leavesQuantity);
        } else if (leavesQuantity > open()) {
            isFilled = false;
            leave(leavesQuantity);
            pendingQuantity = Math.max(pendingQuantity, leavesQuantity);
        }
        hasEnded |= open() == 0;
    }

    void replaced() {
        if (isPending) {
            quantity = pendingQuantity;
            more = 0;
            wasReplaced = true;
            isFilled = false;
            isOver = false;
            replaceRejected();
        }
    }

    void replaceRejected() {
        isPending = false;
        pendingQuantity = 0;
        hasEnded |= open() == 0;
    }

    /** The venue ended the order; a replace that waits may go on with it. */
    void ended() {
        quantity = 0;
        more = 0;
        isOver = true;
        hasEnded |= open() == 0;
    }

    private long open() {
        return Math.max(quantity + more, pendingQuantity);
    }

    private void leave(long leavesQuantity) {
        if (isFilled || isOver) {
            return;
        }
        long before = more;
        more = Math.max(0, leavesQuantity - quantity);
        pendingQuantity = isPending ? Math.max(0, pendingQuantity + more - before) : 0;
    }
}

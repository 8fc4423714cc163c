package io.ringfence.tools.load;

import io.ringfence.schemas.ExecutionKind;
import io.ringfence.tools.input.FlowOrder;

/** One message of a desk, from its creation to its answer. Reused; for the load thread. */
final class OrderMessage {
    enum Kind {
        ADMIT,
        REPLACE,
        EXECUTION,
        OUTCOME
    }

    /** Latency counts from the first offer, as in a closed loop. */
    static final long WHEN_OFFERED = Long.MIN_VALUE;

    private Kind kind;
    private FlowOrder order;
    private long holdId;
    private long sinceNs;
    private long quantity;
    private long priceMicros;
    private long leavesQuantity;
    private long executionId;
    private ExecutionKind executionKind;
    private boolean isSuccess;

    OrderMessage admit(FlowOrder order, long quantity, long priceMicros, long sinceNs) {
        return begin(Kind.ADMIT, order, 0, quantity, priceMicros, sinceNs);
    }

    OrderMessage replace(FlowOrder order, long orderQuantity, long priceMicros) {
        return begin(Kind.REPLACE, order, order.holdId(), orderQuantity, priceMicros, WHEN_OFFERED);
    }

    OrderMessage execution(
            FlowOrder order,
            long executionId,
            ExecutionKind executionKind,
            long quantity,
            long priceMicros,
            long leavesQuantity) {
        this.executionId = executionId;
        this.executionKind = executionKind;
        this.leavesQuantity = leavesQuantity;
        return begin(Kind.EXECUTION, null, order.holdId(), quantity, priceMicros, WHEN_OFFERED);
    }

    OrderMessage outcome(FlowOrder order, boolean isSuccess) {
        this.isSuccess = isSuccess;
        return begin(Kind.OUTCOME, null, order.holdId(), 0, 0, WHEN_OFFERED);
    }

    private OrderMessage begin(Kind kind, FlowOrder order, long holdId, long quantity, long priceMicros, long sinceNs) {
        this.kind = kind;
        this.order = order;
        this.holdId = holdId;
        this.quantity = quantity;
        this.priceMicros = priceMicros;
        this.sinceNs = sinceNs;
        return this;
    }

    /** Drops the order; the message can be reused. */
    void clear() {
        order = null;
    }

    Kind kind() {
        return kind;
    }

    /** The order whose answer this awaits; null for a report, which may be answered when its order is another one. */
    FlowOrder order() {
        return order;
    }

    /** The hold it refers to; 0 for an admission. */
    long holdId() {
        return holdId;
    }

    /** Time from which its latency counts; {@link #WHEN_OFFERED} until it was offered. */
    long sinceNs() {
        return sinceNs;
    }

    void offeredAt(long nowNs) {
        if (sinceNs == WHEN_OFFERED) {
            sinceNs = nowNs;
        }
    }

    long quantity() {
        return quantity;
    }

    long priceMicros() {
        return priceMicros;
    }

    long leavesQuantity() {
        return leavesQuantity;
    }

    long executionId() {
        return executionId;
    }

    ExecutionKind executionKind() {
        return executionKind;
    }

    boolean isSuccess() {
        return isSuccess;
    }
}

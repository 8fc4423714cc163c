package io.ringfence.tools.input;

import io.ringfence.schemas.ExecutionKind;

/**
 * Takes the messages of an order flow in the order in which they must be sent.
 *
 * <p>Called from {@link OrderFlow#onEvent} and {@link OrderFlow#onAnswer}, on their thread. An implementation that cannot send
 * at once queues; it may call {@link OrderFlow#onAnswer} before it returns. Amounts are arguments because the order
 * changes later. An order object stays the same order while it awaits an answer; other values that are needed later must be copied,
 * because the object of an ended order is reused. Quantities are in 1e-8 units, prices in micros a unit.
 */
public interface OrderActions {
    /** Ask admission for a new order. Must be answered once by {@link OrderFlow#onAnswer}. */
    void admit(FlowOrder order, long quantity, long priceMicros);

    /**
     * Ask for other terms. Must be answered once by {@link OrderFlow#onAnswer}.
     *
     * @param orderQuantity new total quantity, with what has traded.
     */
    void replace(FlowOrder order, long orderQuantity, long priceMicros);

    /**
     * Report what happened to an order that was admitted.
     *
     * @param executionId    from 1 for each order.
     * @param kind           FILL, CANCELLED or REPLACED.
     * @param quantity       traded; 0 unless a fill.
     * @param priceMicros    the order's price: of a fill the one it traded at.
     * @param leavesQuantity open after it; 0 ends the order.
     */
    void execution(
            FlowOrder order,
            long executionId,
            ExecutionKind kind,
            long quantity,
            long priceMicros,
            long leavesQuantity);

    /**
     * Report how an admitted order went. Comes last, once, behind the execution that ended it.
     *
     * @param isSuccess it traded, or it stood for at least {@link OrderFlow#WORTHWHILE_MS} of the book's time.
     */
    void outcome(FlowOrder order, boolean isSuccess);
}

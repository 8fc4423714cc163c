package io.ringfence.tools.input;

import io.ringfence.schemas.Side;

/**
 * Yields the events of an order book, one after another. A cursor: the accessors speak of the event last advanced to.
 *
 * <p>For one thread.
 */
public interface OrderSource {
    /**
     * Goes to the next event.
     *
     * @return false at the end; the accessors then mean nothing.
     */
    boolean advance();

    /** The book's name for the order, 1 to {@link #ORDER_ID_MAX}. */
    long orderId();

    /** When the recorder saw it: milliseconds since 1970. */
    long timestampMs();

    /** What happened. */
    OrderEventKind kind();

    /** Direction of the order. */
    Side side();

    /** Limit price after the event in micros a unit, 0 and above. */
    long priceMicros();

    /** Open volume after the event in 1e-8 units, 0 and above. */
    long volume();

    /** Largest order id: with it an external id of 20 characters keeps room for the round. */
    long ORDER_ID_MAX = 999_999_999_999_999L;
}

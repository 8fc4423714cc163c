package io.ringfence.tools.input;

/**
 * Yields the events of an order book, one after another.
 *
 * <p>For one thread.
 */
public interface OrderSource {
    /** Largest order id: with it an external id of 20 characters keeps room for the round. */
    long ORDER_ID_MAX = 999_999_999_999_999L;

    /**
     * Goes to the next event.
     *
     * @return false at the end; {@link #event()} then means nothing.
     */
    boolean advance();

    /** The event last advanced to; the same object each time. */
    OrderEvent event();
}

package io.ringfence.tools.input;

import io.ringfence.schemas.Side;

/** One event of an order book. Its source overwrites it with the next one. */
public final class OrderEvent {
    private long orderId;
    private long timestampMs;
    private Kind kind;
    private Side side;
    private long priceMicros;
    private long volume;

    OrderEvent set(long orderId, long timestampMs, Kind kind, Side side, long priceMicros, long volume) {
        this.orderId = orderId;
        this.timestampMs = timestampMs;
        this.kind = kind;
        this.side = side;
        this.priceMicros = priceMicros;
        this.volume = volume;
        return this;
    }

    /** The book's name for the order, 1 to {@link Source#ORDER_ID_MAX}. */
    public long orderId() {
        return orderId;
    }

    /** Time at which the event was recorded, in ms since 1970. */
    public long timestampMs() {
        return timestampMs;
    }

    /** What happened to the order. */
    public Kind kind() {
        return kind;
    }

    /** Direction of the order. */
    public Side side() {
        return side;
    }

    /** Limit price after the event in micros a unit, 0 and above. */
    public long priceMicros() {
        return priceMicros;
    }

    /** Open volume after the event in 1e-8 units, 0 and above. */
    public long volume() {
        return volume;
    }

    /** What happens to an order in a book. */
    public enum Kind {
        /** The order entered the book. */
        CREATED("created"),
        /** The volume or the price changed. */
        CHANGED("changed"),
        /** The order left the book, traded or not. */
        DELETED("deleted");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** The word in the file. */
        public String word() {
            return word;
        }
    }

    /**
     * Yields the events of an order book, one after another.
     *
     * <p>For one thread.
     */
    public interface Source {
        /** Largest order id; exchanges number orders with 16 digits and more. */
        long ORDER_ID_MAX = Long.MAX_VALUE;

        /**
         * Moves to the next event.
         *
         * @return false at the end; {@link #event()} is then undefined.
         */
        boolean advance();

        /** The event that {@link #advance} moved to; the same object each time. */
        OrderEvent event();
    }
}

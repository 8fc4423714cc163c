package io.ringfence.tools.input;

import io.ringfence.schemas.Side;

/** What an order book says happened to one order. Its source writes the next one over it. */
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

    /** The book's name for the order, 1 to {@link OrderSource#ORDER_ID_MAX}. */
    public long orderId() {
        return orderId;
    }

    /** When the recorder saw it: milliseconds since 1970. */
    public long timestampMs() {
        return timestampMs;
    }

    /** What happened. */
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

    /** What an order book says happened to an order. */
    public enum Kind {
        /** It came in. */
        CREATED("created"),
        /** Its volume or its price is another one. */
        CHANGED("changed"),
        /** It left, traded or not. */
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
}

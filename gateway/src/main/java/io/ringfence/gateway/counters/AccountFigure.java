package io.ringfence.gateway.counters;

/** A number about one account that can be watched from outside. */
public enum AccountFigure {
    /** Orders open. */
    OPEN_ORDERS("open_orders"),
    /** Held. */
    RESERVED_MICROS("reserved_micros"),
    /** Spent. */
    COMMITTED_MICROS("committed_micros"),
    /** Free. */
    AVAILABLE_MICROS("available_micros"),
    /** Booked beyond the balance. */
    OVERDRAWN_MICROS("overdrawn_micros");

    static final int TYPE_ID = 1_003;

    private final String label;

    AccountFigure(String label) {
        this.label = label;
    }

    /** Its name as shown. */
    public String label() {
        return label;
    }
}

package io.ringfence.engine.budget;

/** Values one trade: what it moves of the position and what it costs. Reused; starts as nothing traded. */
final class TradeFigures {
    private long quantity;
    private long valueMicros;
    private long feeMicros;

    void clear() {
        set(0, 0, 0);
    }

    void set(long quantity, long valueMicros, long feeMicros) {
        this.quantity = quantity;
        this.valueMicros = valueMicros;
        this.feeMicros = feeMicros;
    }

    /**
     * Takes the message's own figures; {@link #isRepresentable()} tells whether they can be booked. A rebate lowers what its own
     * trade costs, at most to 0: so no sum of trades is below 0, whichever of them are taken back.
     */
    void trade(long quantity, long priceMicros, long feeMicros) {
        long value = Notional.ceilMicros(quantity, priceMicros);
        set(quantity, value, Math.max(-value, feeMicros));
    }

    boolean isRepresentable() {
        return valueMicros != Notional.OVERFLOW && !Int64.sumOverflows(valueMicros, feeMicros);
    }

    long quantity() {
        return quantity;
    }

    long valueMicros() {
        return valueMicros;
    }

    long feeMicros() {
        return feeMicros;
    }

    /** What it costs, 0 and above. */
    long chargeMicros() {
        return valueMicros + feeMicros;
    }
}

package io.ringfence.tools.input;

/** Measures how far a price lies from the last one traded. */
final class ReferencePrice {
    private static final int ONE_BPS = 10_000;
    private static final int MOST_BPS = ONE_BPS - 1; // So that a hard risk limit of 10,000 refuses none.

    private long lastTradedMicros;

    void traded(long priceMicros) {
        if (priceMicros > 0) {
            lastTradedMicros = priceMicros;
        }
    }

    /** Distance in bps of the last traded price, rounded down, at most 9,999; {@link FlowOrder#RISK_UNKNOWN} before any trade. */
    int distanceBps(long priceMicros) {
        if (lastTradedMicros == 0) {
            return FlowOrder.RISK_UNKNOWN;
        }
        long distanceMicros = Math.abs(priceMicros - lastTradedMicros);
        if (distanceMicros >= lastTradedMicros) {
            return MOST_BPS;
        }
        return (int)
                (Math.multiplyHigh(distanceMicros, ONE_BPS) == 0
                        ? distanceMicros * ONE_BPS / lastTradedMicros
                        : distanceMicros / (lastTradedMicros / ONE_BPS));
    }
}

package io.ringfence.tools.input;

import io.ringfence.engine.policy.Bps;

/** Measures how far a price lies from the last one traded. */
final class ReferencePrice {
    private static final int MOST_BPS = Bps.ONE - 1; // So that a hard risk limit of 10,000 refuses none.

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
                (Math.multiplyHigh(distanceMicros, Bps.ONE) == 0
                        ? distanceMicros * Bps.ONE / lastTradedMicros
                        : distanceMicros / (lastTradedMicros / Bps.ONE));
    }
}

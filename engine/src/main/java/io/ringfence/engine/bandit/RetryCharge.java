package io.ringfence.engine.bandit;

import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.OutcomeContentDecoder;
import io.ringfence.schemas.RetryChargeDecoder;
import io.ringfence.schemas.RetryChargeEncoder;

/**
 * What retries add to the decision that they retry: how many were done, their cost and their latency, as far as those are known.
 *
 * <p>It never overflows: a retry adds what still has room, and remembers that much. One thread; allocates nothing once made.
 */
public final class RetryCharge {
    /** Most cost that one may have, in micros. */
    public static final long COST_MAX = Long.MAX_VALUE;

    /** Most latency that one may have, in ms. */
    public static final long LATENCY_MAX = OutcomeContentDecoder.realizedLatencyMsMaxValue();

    private static final long RETRIES_MAX = (1L << Integer.SIZE) - 1;

    private long costMicros;
    private long latencyMs;
    private long retries;

    /** Charges nothing. */
    public void clear() {
        set(0, 0, 0);
    }

    /** Charges what a record or a stamp says. */
    public void read(RetryChargeDecoder decoder) {
        set(decoder.costMicros(), decoder.latencyMs(), decoder.retries());
    }

    /** Charges what the outcome of one retry says: nothing unless it was done. An amount that is not known adds nothing. */
    public void read(OutcomeContentDecoder outcome) {
        if (outcome.disposition() != Disposition.APPLIED.value()) {
            clear();
            return;
        }
        long cost = outcome.realizedCostMicros();
        long latency = outcome.realizedLatencyMs();
        boolean isCostKnown = cost != OutcomeContentDecoder.realizedCostMicrosNullValue();
        boolean isLatencyKnown = latency != OutcomeContentDecoder.realizedLatencyMsNullValue();
        long mostCost = cost < 0 ? COST_MAX : cost; // It is unsigned.
        set(isCostKnown ? mostCost : 0, isLatencyKnown ? latency : 0, 1);
    }

    private void set(long cost, long latency, long count) {
        costMicros = cost;
        latencyMs = latency;
        retries = count;
    }

    /**
     * Puts what one retry is due in the place of what it has charged here.
     *
     * @param charged a part of this; becomes what is due.
     * @param due     lowered to what has room.
     * @return false if it has charged just that: nothing changes.
     */
    public boolean replace(RetryCharge charged, RetryCharge due) {
        long otherCost = costMicros - charged.costMicros;
        long otherLatency = latencyMs - charged.latencyMs;
        long otherRetries = retries - charged.retries;
        due.set(
                Math.min(due.costMicros, COST_MAX - otherCost),
                Math.min(due.latencyMs, LATENCY_MAX - otherLatency),
                Math.min(due.retries, RETRIES_MAX - otherRetries));
        boolean isSame = due.costMicros == charged.costMicros
                && due.latencyMs == charged.latencyMs
                && due.retries == charged.retries;
        charged.set(due.costMicros, due.latencyMs, due.retries);
        set(otherCost + due.costMicros, otherLatency + due.latencyMs, otherRetries + due.retries);
        return !isSame;
    }

    /** Writes it as a record has it. */
    public void write(RetryChargeEncoder encoder) {
        encoder.costMicros(costMicros).latencyMs(latencyMs).retries(retries);
    }

    /** Cost of the retries together, in micros; 0 to {@link #COST_MAX}. */
    public long costMicros() {
        return costMicros;
    }

    /** Latency of the retries together, in ms; 0 to {@link #LATENCY_MAX}. */
    public long latencyMs() {
        return latencyMs;
    }

    /** How many retries were done, 0 to 2^32 - 1. */
    public long retries() {
        return retries;
    }

    /** Was nothing retried? */
    public boolean isNone() {
        return retries == 0;
    }
}

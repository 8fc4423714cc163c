package io.ringfence.engine.kernel;

/**
 * Computes cost and utility of one candidate exactly, for every value that the fields can hold.
 *
 * <p>{@code cost = ceil(units in * price in / 1e6) + ceil(units out * price out / 1e6)}, saturating at the largest u64, and
 * {@code utility = floor(value * confidence * quality / 1e8) - floor(value * risk * multiplier / 1e8) - cost - p95 * penalty},
 * clamped to i64. Pure functions.
 */
final class Terms {
    static final long MILLION = 1_000_000;

    private static final long HUNDRED_MILLION = 100_000_000;
    private static final long LOW_HALF = 0xFFFF_FFFFL;
    /** From 2^(64 + 6) on, a latency term exceeds every value term, which is below 2^70. */
    private static final long DELAY_HIGH_MAX = 1L << 6;

    private Terms() {}

    /** u64 bits; all ones when it is more. */
    static long costMicros(KernelInput input, long inputPriceMicrosPerM, long outputPriceMicrosPerM) {
        long first = ceilByMillion(input.inputUnits(), inputPriceMicrosPerM);
        long sum = first + ceilByMillion(input.outputUnits(), outputPriceMicrosPerM);
        return Long.compareUnsigned(sum, first) < 0 ? -1 : sum;
    }

    /** The product of two unsigned numbers, divided by a million and rounded up; all ones when it is wider than 64 bits. */
    private static long ceilByMillion(long a, long b) {
        long high = unsignedMultiplyHigh(a, b);
        long low = a * b;
        if (Long.compareUnsigned(high, MILLION) >= 0) {
            return -1;
        }
        long upper = high << 32 | low >>> 32;
        long lower = (upper % MILLION) << 32 | low & LOW_HALF;
        long quotient = (upper / MILLION << 32) + lower / MILLION;
        return lower % MILLION == 0 || quotient == -1 ? quotient : quotient + 1;
    }

    /** Adds the terms as whole numbers of 2^32 and a rest of up to 2^32 each, then carries and clamps. */
    static long utilityMicros(
            KernelInput input,
            int qualityBps,
            int riskPenaltyMultiplierBps,
            long costMicros,
            long p95LatencyMs,
            long latencyPenaltyMicrosPerMs) {
        long delayHigh = unsignedMultiplyHigh(p95LatencyMs, latencyPenaltyMicrosPerMs);
        if (Long.compareUnsigned(delayHigh, DELAY_HIGH_MAX) >= 0) {
            return Long.MIN_VALUE;
        }
        long delayLow = p95LatencyMs * latencyPenaltyMicrosPerMs;
        long value = Math.max(input.businessValueMicros(), 0);
        long gainShare = (long) input.confidenceBps() * qualityBps;
        long riskShare = (long) input.riskBps() * riskPenaltyMultiplierBps;
        long gainUpper = upperProduct(value, gainShare);
        long riskUpper = upperProduct(value, riskShare);
        long upper = gainUpper / HUNDRED_MILLION
                - riskUpper / HUNDRED_MILLION
                - (costMicros >>> 32)
                - (delayHigh << 32 | delayLow >>> 32);
        long lower = lowerQuotient(gainUpper, value * gainShare)
                - lowerQuotient(riskUpper, value * riskShare)
                - (costMicros & LOW_HALF)
                - (delayLow & LOW_HALF);
        upper += lower >> 32;
        if (upper != (int) upper) {
            return upper < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        return upper << 32 | lower & LOW_HALF;
    }

    /** A product of 63 and 32 bits, without its lowest 32 bits: below 2^63. */
    private static long upperProduct(long value, long share) {
        return Math.multiplyHigh(value, share) << 32 | value * share >>> 32;
    }

    /** The lowest 32 bits of the quotient by 1e8, rounded down. */
    private static long lowerQuotient(long upper, long low) {
        return ((upper % HUNDRED_MILLION) << 32 | low & LOW_HALF) / HUNDRED_MILLION;
    }

    private static long unsignedMultiplyHigh(long a, long b) {
        return Math.multiplyHigh(a, b) + ((a >> 63) & b) + ((b >> 63) & a);
    }
}

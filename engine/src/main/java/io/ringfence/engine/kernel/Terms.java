package io.ringfence.engine.kernel;

import io.ringfence.engine.policy.Bounds;

/**
 * Cost and utility of one candidate, exactly, for every value that the fields can hold.
 *
 * <p>{@code cost = ceil(units in * price in / 1e6) + ceil(units out * price out / 1e6)}, saturating, and {@code utility =
 * floor(value * confidence * quality / 1e8) - floor(value * risk * multiplier / 1e8) - cost - p95 * penalty}, clamped. In 64
 * bits where the products fit, else in 128. Not thread safe.
 */
final class Terms {
    static final long MILLION = 1_000_000;
    static final long TEN_THOUSAND = 10_000;

    /** Products of so many bits can be rounded up in 63. */
    private static final int SHORT_BITS = 62;

    private final Wide first = new Wide();
    private final Wide second = new Wide();

    /** As u64 bits; all ones when it is more. */
    long costMicros(KernelInput input, long inputPriceMicrosPerM, long outputPriceMicrosPerM) {
        long inputUnits = input.inputUnits();
        long outputUnits = input.outputUnits();
        if (isShort(inputUnits, inputPriceMicrosPerM) && isShort(outputUnits, outputPriceMicrosPerM)) {
            return ceilByMillion(inputUnits * inputPriceMicrosPerM)
                    + ceilByMillion(outputUnits * outputPriceMicrosPerM);
        }
        first.product(inputUnits, inputPriceMicrosPerM).ceilByMillion();
        second.product(outputUnits, outputPriceMicrosPerM).ceilByMillion();
        return first.plus(second).saturatedUnsigned();
    }

    /** In 128 bits, then clamped to 64. */
    long utilityMicros(
            KernelInput input,
            int qualityBps,
            int riskPenaltyMultiplierBps,
            long costMicros,
            long p95LatencyMs,
            long latencyPenaltyMicrosPerMs) {
        long value = Math.max(input.businessValueMicros(), 0);
        share(first, value, input.confidenceBps(), qualityBps);
        share(second, value, input.riskBps(), riskPenaltyMultiplierBps);
        first.minus(second).minus(costMicros);
        second.product(p95LatencyMs, latencyPenaltyMicrosPerMs);
        return first.minus(second).saturatedSigned();
    }

    private static void share(Wide result, long value, int oneBps, int otherBps) {
        result.product(value, oneBps).times(otherBps).floorByTenThousand().floorByTenThousand();
    }

    /** The product of two proportions with a value, rounded down once; value * oneBps and the result times 1e4 must fit. */
    static long share(long valueTimesOneBps, int otherBps) {
        long high = valueTimesOneBps / TEN_THOUSAND;
        long low = valueTimesOneBps - high * TEN_THOUSAND;
        return (high * otherBps + low * otherBps / TEN_THOUSAND) / TEN_THOUSAND;
    }

    /** For products of at most 62 bits. */
    static long ceilByMillion(long product) {
        return (product + (MILLION - 1)) / MILLION;
    }

    private static boolean isShort(long units, long price) {
        return Bounds.bits(units) + Bounds.bits(price) <= SHORT_BITS;
    }
}

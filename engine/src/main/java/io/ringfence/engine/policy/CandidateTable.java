package io.ringfence.engine.policy;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * The enabled candidates of a catalog as the kernel wants them: columns, bit planes for its gates, bounds for its guards.
 *
 * <p>A position is a place in this table. Positions fall in quality, then rise in id, then in index: the order in which
 * candidates of equal utility and cost rank, and the quality gate keeps a prefix. Immutable.
 */
public final class CandidateTable {
    private static final int BUCKET_SHIFT = 6;
    private static final int PROVIDER_MAX = 63;
    private static final Comparator<Candidate> BY_RANK =
            Comparator.comparingInt(Candidate::qualityBps).reversed().thenComparingLong(Candidate::id);

    private final int count;
    private final int[] indexes;
    private final long[] ids;
    private final int[] qualities;
    private final long[] p95Latencies;
    private final long[] inputPrices;
    private final long[] outputPrices;
    private final int[] countsAtLeast;

    private final BitPlanes latencyPlanes;
    private final BitPlanes ceilingPlanes;
    private final BitPlanes capabilityPlanes;
    private final BitPlanes providerPlanes;
    private final BitPlanes regionPlanes;

    private final Bounds latencyBounds;
    private final Bounds ceilingBounds;
    private final Bounds inputPriceBounds;
    private final Bounds outputPriceBounds;
    private final int qualityBits;
    private final long commonCapabilities;
    private final long commonRegions;
    private final long providers;
    private final boolean hasStrayProvider;

    CandidateTable(Candidate[] candidates) {
        indexes = IntStream.range(0, candidates.length)
                .filter(index -> candidates[index].isEnabled())
                .boxed()
                .sorted(Comparator.comparing(index -> candidates[index], BY_RANK))
                .mapToInt(Integer::intValue)
                .toArray();
        Candidate[] ranked =
                Arrays.stream(indexes).mapToObj(index -> candidates[index]).toArray(Candidate[]::new);
        count = ranked.length;
        ids = column(ranked, Candidate::id);
        qualities = Arrays.stream(ranked).mapToInt(Candidate::qualityBps).toArray();
        p95Latencies = column(ranked, Candidate::p95LatencyMs);
        inputPrices = column(ranked, Candidate::inputPriceMicrosPerM);
        outputPrices = column(ranked, Candidate::outputPriceMicrosPerM);
        countsAtLeast = countsAtLeast(qualities);

        long[] ceilings = column(ranked, Candidate::riskCeilingBps);
        long[] capabilities = column(ranked, Candidate::capabilities);
        long[] regions = column(ranked, Candidate::regionMask);
        long[] providerBits = column(ranked, CandidateTable::providerBit);
        latencyPlanes = new BitPlanes(p95Latencies);
        ceilingPlanes = new BitPlanes(ceilings);
        capabilityPlanes = new BitPlanes(capabilities);
        providerPlanes = new BitPlanes(providerBits);
        regionPlanes = new BitPlanes(regions);

        latencyBounds = Bounds.of(p95Latencies);
        ceilingBounds = Bounds.of(ceilings);
        inputPriceBounds = Bounds.of(inputPrices);
        outputPriceBounds = Bounds.of(outputPrices);
        qualityBits = count == 0 ? 0 : Bounds.bits(qualities[0]);
        commonCapabilities = Arrays.stream(capabilities).reduce(-1, (a, b) -> a & b);
        commonRegions = Arrays.stream(regions).reduce(-1, (a, b) -> a & b);
        providers = Arrays.stream(providerBits).reduce(0, (a, b) -> a | b);
        hasStrayProvider = Arrays.stream(providerBits).anyMatch(bit -> bit == 0);
    }

    private static long providerBit(Candidate candidate) {
        return candidate.providerId() > PROVIDER_MAX ? 0 : 1L << candidate.providerId();
    }

    private static long[] column(Candidate[] ranked, ToLongFunction<Candidate> field) {
        return Arrays.stream(ranked).mapToLong(field).toArray();
    }

    /** Element b: how many have a quality of at least b buckets' width; one element more, which is 0. */
    private static int[] countsAtLeast(int[] falling) {
        int bucketCount = falling.length == 0 ? 0 : (falling[0] >>> BUCKET_SHIFT) + 1;
        int[] counts = new int[bucketCount + 1];
        for (int quality : falling) {
            counts[quality >>> BUCKET_SHIFT]++;
        }
        for (int bucket = bucketCount - 1; bucket >= 0; bucket--) {
            counts[bucket] += counts[bucket + 1];
        }
        return counts;
    }

    /** How many are enabled. */
    public int count() {
        return count;
    }

    /** How many have at least this quality: they stand at the positions below. */
    public int countAtLeast(int minimumQualityBps) {
        int bucket = minimumQualityBps >>> BUCKET_SHIFT;
        if (bucket >= countsAtLeast.length - 1) {
            return 0;
        }
        int low = countsAtLeast[bucket + 1];
        int high = countsAtLeast[bucket];
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (qualities[middle] >= minimumQualityBps) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Index in the catalog. */
    public int index(int position) {
        return indexes[position];
    }

    /** Id of the candidate, u32. */
    public long id(int position) {
        return ids[position];
    }

    /** Quality; never rises with the position. */
    public int qualityBps(int position) {
        return qualities[position];
    }

    /** 95th percentile of latency. */
    public long p95LatencyMs(int position) {
        return p95Latencies[position];
    }

    /** Micros per million units in, u64 bits. */
    public long inputPriceMicrosPerM(int position) {
        return inputPrices[position];
    }

    /** Micros per million units out, u64 bits. */
    public long outputPriceMicrosPerM(int position) {
        return outputPrices[position];
    }

    /** The p95 latencies. */
    public BitPlanes latencyPlanes() {
        return latencyPlanes;
    }

    /** The risk ceilings. */
    public BitPlanes ceilingPlanes() {
        return ceilingPlanes;
    }

    /** The capabilities. */
    public BitPlanes capabilityPlanes() {
        return capabilityPlanes;
    }

    /** One bit for the provider, none when it is above 63. */
    public BitPlanes providerPlanes() {
        return providerPlanes;
    }

    /** The regions. */
    public BitPlanes regionPlanes() {
        return regionPlanes;
    }

    /** Bounds of the p95 latencies. */
    public Bounds latencyBounds() {
        return latencyBounds;
    }

    /** Bounds of the risk ceilings. */
    public Bounds ceilingBounds() {
        return ceilingBounds;
    }

    /** Bounds of the input prices. */
    public Bounds inputPriceBounds() {
        return inputPriceBounds;
    }

    /** Bounds of the output prices. */
    public Bounds outputPriceBounds() {
        return outputPriceBounds;
    }

    /** Bits of the highest quality. */
    public int qualityBits() {
        return qualityBits;
    }

    /** What all of them can do; all ones when there is none. */
    public long commonCapabilities() {
        return commonCapabilities;
    }

    /** Where all of them serve; all ones when there is none. */
    public long commonRegions() {
        return commonRegions;
    }

    /** A bit for each provider that occurs. */
    public long providers() {
        return providers;
    }

    /** Is there a provider above 63, which no mask can allow? */
    public boolean hasStrayProvider() {
        return hasStrayProvider;
    }
}

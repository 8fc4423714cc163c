package io.ringfence.engine.policy;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * The enabled candidates of a catalog in the layout of the kernel: columns with their bit planes and bounds.
 *
 * <p>A position is a place in this table. Positions fall in quality, then rise in id, then in index. Candidates of equal
 * utility and cost rank in this order, and the quality gate keeps a prefix. Immutable; safe from any thread.
 */
public final class CandidateTable {
    private static final int BUCKET_SHIFT = 6;
    private static final Comparator<Candidate> BY_RANK =
            Comparator.comparingInt(Candidate::qualityBps).reversed().thenComparingLong(Candidate::id);

    private final int count;
    private final int[] indexes;
    private final long[] ids;
    private final int[] qualities;
    private final int[] countsAtLeast;
    private final Column latency;
    private final Column ceiling;
    private final Column capability;
    private final Column provider;
    private final Column region;
    private final Column inputPrice;
    private final Column outputPrice;

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
        countsAtLeast = countsAtLeast(qualities);
        latency = new Column(column(ranked, Candidate::p95LatencyMs));
        ceiling = new Column(column(ranked, Candidate::riskCeilingBps));
        capability = new Column(column(ranked, Candidate::capabilities));
        provider = new Column(column(ranked, CandidateTable::providerBit));
        region = new Column(column(ranked, Candidate::regionMask));
        inputPrice = new Column(column(ranked, Candidate::inputPriceMicrosPerM));
        outputPrice = new Column(column(ranked, Candidate::outputPriceMicrosPerM));
    }

    private static long providerBit(Candidate candidate) {
        return candidate.providerId() > Candidate.PROVIDER_MAX ? 0 : 1L << candidate.providerId();
    }

    private static long[] column(Candidate[] ranked, ToLongFunction<Candidate> field) {
        return Arrays.stream(ranked).mapToLong(field).toArray();
    }

    /** Element b: number of candidates whose quality is at least b bucket widths; then one element that is 0. */
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

    /** Number of enabled candidates. */
    public int count() {
        return count;
    }

    /** Number of candidates of at least this quality. They have the positions below this number. */
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

    /** p95 latencies in ms. */
    public Column latency() {
        return latency;
    }

    /** Risk ceilings in bps. */
    public Column ceiling() {
        return ceiling;
    }

    /** Capabilities, a bit each. */
    public Column capability() {
        return capability;
    }

    /** One bit for the provider; 0 when it is above 63, which no mask can allow. */
    public Column provider() {
        return provider;
    }

    /** Regions, a bit each. */
    public Column region() {
        return region;
    }

    /** Micros per million units in. */
    public Column inputPrice() {
        return inputPrice;
    }

    /** Micros per million units out. */
    public Column outputPrice() {
        return outputPrice;
    }

    /**
     * One unsigned column, its bounds, and its bit planes: bit b of 64 neighbours in one word, so that 64 are tested at once.
     *
     * <p>Word w of an answer stands for positions 64w to 64w + 63, lowest bit first. Bits after the last position are undefined.
     */
    public static final class Column {
        private final long[] values;
        private final long min;
        private final long max;
        private final long common;
        private final long union;
        private final int bits;
        private final long[] planes;

        Column(long[] values) {
            this.values = values;
            min = Arrays.stream(values)
                            .map(value -> value ^ Long.MIN_VALUE)
                            .min()
                            .orElse(Long.MIN_VALUE)
                    ^ Long.MIN_VALUE;
            max = Arrays.stream(values)
                            .map(value -> value ^ Long.MIN_VALUE)
                            .max()
                            .orElse(Long.MIN_VALUE)
                    ^ Long.MIN_VALUE;
            common = Arrays.stream(values).reduce(-1, (a, b) -> a & b);
            union = Arrays.stream(values).reduce(0, (a, b) -> a | b);
            bits = bits(union);
            planes = new long[wordCount(values.length) * bits];
            for (int position = 0; position < values.length; position++) {
                spread(position, values[position]);
            }
        }

        /** Value at a position, u64 bits. */
        public long at(int position) {
            return values[position];
        }

        /** Least value, unsigned; 0 for an empty column. */
        public long min() {
            return min;
        }

        /** Greatest value, unsigned; 0 for an empty column. */
        public long max() {
            return max;
        }

        /** Bits that all values have; all ones for an empty column. */
        public long common() {
            return common;
        }

        /** Bits that any value has. */
        public long union() {
            return union;
        }

        /** Bits of the greatest value, 0 to 64. A product of two numbers has at most the sum of their bits. */
        public int bits() {
            return bits;
        }

        /** Bits that an unsigned value needs, 0 to 64. */
        public static int bits(long value) {
            return Long.SIZE - Long.numberOfLeadingZeros(value);
        }

        private void spread(int position, long value) {
            int first = (position >>> 6) * bits;
            for (int bit = 0; bit < bits; bit++) {
                planes[first + bit] |= ((value >>> bit) & 1) << position;
            }
        }

        /** Number of words that hold a bit for each position. */
        public static int wordCount(int positions) {
            return (positions + Long.SIZE - 1) >>> 6;
        }

        /** Positions whose value is below a limit, unsigned. */
        public long below(int word, long limit) {
            if (bits < Long.SIZE && limit >>> bits != 0) {
                return -1;
            }
            int first = word * bits;
            long below = 0;
            for (int bit = 0; bit < bits; bit++) {
                long unset = ~planes[first + bit];
                long limitBit = -((limit >>> bit) & 1);
                below = (unset & limitBit) | (below & (unset | limitBit));
            }
            return below;
        }

        /** Positions whose value is above a limit, unsigned. */
        public long above(int word, long limit) {
            return limit == -1 ? 0 : ~below(word, limit + 1);
        }

        /** Positions whose value lacks at least one of the required bits. */
        public long lacksAny(int word, long required) {
            if (bits < Long.SIZE && required >>> bits != 0) {
                return -1;
            }
            int first = word * bits;
            long lacking = 0;
            for (long rest = required; rest != 0; rest &= rest - 1) {
                lacking |= ~planes[first + Long.numberOfTrailingZeros(rest)];
            }
            return lacking;
        }

        /** Positions whose value has none of the wanted bits. */
        public long lacksAll(int word, long wanted) {
            int first = word * bits;
            long having = 0;
            for (long rest = wanted & lowBits(bits); rest != 0; rest &= rest - 1) {
                having |= planes[first + Long.numberOfTrailingZeros(rest)];
            }
            return ~having;
        }

        private static long lowBits(int count) {
            return count == Long.SIZE ? -1 : (1L << count) - 1;
        }
    }
}

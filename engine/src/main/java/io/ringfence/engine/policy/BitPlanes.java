package io.ringfence.engine.policy;

/**
 * One unsigned column turned by a quarter: bit b of 64 neighbours in one word, so that 64 are tested at once.
 *
 * <p>Word w of an answer speaks of positions 64w to 64w+63, lowest bit first. Bits behind the last position mean nothing.
 */
public final class BitPlanes {
    private final int planeCount;
    private final long[] planes;

    BitPlanes(long[] values) {
        long union = 0;
        for (long value : values) {
            union |= value;
        }
        planeCount = Long.SIZE - Long.numberOfLeadingZeros(union);
        planes = new long[wordCount(values.length) * planeCount];
        for (int position = 0; position < values.length; position++) {
            spread(position, values[position]);
        }
    }

    private void spread(int position, long value) {
        int first = (position >>> 6) * planeCount;
        for (int bit = 0; bit < planeCount; bit++) {
            planes[first + bit] |= ((value >>> bit) & 1) << position;
        }
    }

    /** Words that hold a bit for each of so many positions. */
    public static int wordCount(int positions) {
        return (positions + Long.SIZE - 1) >>> 6;
    }

    /** Whose value is below a limit, both unsigned? */
    public long below(int word, long limit) {
        if (planeCount < Long.SIZE && limit >>> planeCount != 0) {
            return -1;
        }
        int first = word * planeCount;
        long below = 0;
        for (int bit = 0; bit < planeCount; bit++) {
            long unset = ~planes[first + bit];
            long limitBit = -((limit >>> bit) & 1);
            below = (unset & limitBit) | (below & (unset | limitBit));
        }
        return below;
    }

    /** Whose value is above a limit, both unsigned? */
    public long above(int word, long limit) {
        return limit == -1 ? 0 : ~below(word, limit + 1);
    }

    /** Whose value lacks at least one of the required bits? */
    public long lacksAny(int word, long required) {
        if (planeCount < Long.SIZE && required >>> planeCount != 0) {
            return -1;
        }
        int first = word * planeCount;
        long lacking = 0;
        for (long rest = required; rest != 0; rest &= rest - 1) {
            lacking |= ~planes[first + Long.numberOfTrailingZeros(rest)];
        }
        return lacking;
    }

    /** Whose value has none of the wanted bits? */
    public long lacksAll(int word, long wanted) {
        int first = word * planeCount;
        long having = 0;
        for (long rest = wanted & lowBits(planeCount); rest != 0; rest &= rest - 1) {
            having |= planes[first + Long.numberOfTrailingZeros(rest)];
        }
        return ~having;
    }

    private static long lowBits(int count) {
        return count == Long.SIZE ? -1 : (1L << count) - 1;
    }
}

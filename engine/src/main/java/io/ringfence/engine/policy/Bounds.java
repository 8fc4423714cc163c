package io.ringfence.engine.policy;

/**
 * The least and the greatest of a column, both unsigned.
 *
 * @param min  u64 bits; 0 for an empty column.
 * @param max  u64 bits; 0 for an empty column.
 * @param bits of the greatest, 0..64: a product of two numbers has at most the sum of their bits.
 */
public record Bounds(long min, long max, int bits) {
    static Bounds of(long[] values) {
        if (values.length == 0) {
            return new Bounds(0, 0, 0);
        }
        long min = values[0];
        long max = values[0];
        for (long value : values) {
            min = Long.compareUnsigned(value, min) < 0 ? value : min;
            max = Long.compareUnsigned(value, max) > 0 ? value : max;
        }
        return new Bounds(min, max, bits(max));
    }

    /** Bits that an unsigned value needs, 0..64. */
    public static int bits(long value) {
        return Long.SIZE - Long.numberOfLeadingZeros(value);
    }
}

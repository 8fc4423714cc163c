package io.ringfence.engine.regime;

/**
 * Takes logarithms to base 2 in integers: Q16, that is in 1/65,536.
 *
 * <p>Whole part: the leading bit. Fraction: a table of 257 points, each found by squaring its mantissa bit by bit, and the
 * straight line between two of them. Monotone; below the true logarithm by less than 3/65,536.
 */
final class Log2 {
    /** Bits of the fraction. */
    static final int FRACTION_BITS = 16;

    private static final int TABLE_BITS = 8;
    private static final int MANTISSA_BITS = 63;
    private static final long ONE = 1L << 62;
    private static final int[] TABLE = new int[(1 << TABLE_BITS) + 1];

    static {
        for (int index = 0; index < 1 << TABLE_BITS; index++) {
            TABLE[index] = fractionOf(ONE + ((long) index << (62 - TABLE_BITS)));
        }
        TABLE[1 << TABLE_BITS] = 1 << FRACTION_BITS;
    }

    private Log2() {}

    /** Logarithm of a value of 1 and above in Q16, 0 to below 63 x 65,536; 0 for what is less than 1. */
    static int q16(long value) {
        if (value < 1) {
            return 0;
        }
        int zeros = Long.numberOfLeadingZeros(value);
        int whole = MANTISSA_BITS - zeros;
        long fraction = value << zeros << 1; // What stands behind the leading bit, as the bits of a fraction.
        int index = (int) (fraction >>> (Long.SIZE - TABLE_BITS));
        long rest = (fraction << TABLE_BITS) >>> (Long.SIZE - FRACTION_BITS);
        int low = TABLE[index];
        return (whole << FRACTION_BITS) + low + (int) (((TABLE[index + 1] - low) * rest) >>> FRACTION_BITS);
    }

    /** Fraction of the logarithm of a mantissa in [1, 2), given with 62 bits behind the point: rounded down. */
    private static int fractionOf(long mantissa) {
        int fraction = 0;
        long m = mantissa;
        for (int bit = 0; bit < FRACTION_BITS; bit++) {
            m = Math.multiplyHigh(m, m) << 2 | (m * m) >>> 62; // m x m with 62 bits behind the point, in [1, 4).
            fraction <<= 1;
            if (m < 0) { // 2 or more: the bit of 2 is the sign's.
                fraction |= 1;
                m >>>= 1;
            }
        }
        return fraction;
    }
}

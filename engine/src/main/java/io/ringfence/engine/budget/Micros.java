package io.ringfence.engine.budget;

/**
 * Money arithmetic that never wraps: it says when a value leaves the range of i64, which is an expected "no".
 *
 * <p>Safe from any thread; allocates nothing.
 */
public final class Micros {
    /** In place of an amount: it leaves the range of i64. */
    public static final long OVERFLOW = -1;

    static final long QUANTITY_SCALE = 100_000_000;
    private static final long LOW_32 = 0xFFFF_FFFFL;

    private Micros() {}

    /**
     * Value of a quantity at a price; the product has 128 bits before it is scaled.
     *
     * @param quantity    in 1e-8 units; 0 and above.
     * @param priceMicros a unit; 0 and above.
     * @return {@code ceil(quantity * priceMicros / 1e8)}, or {@link #OVERFLOW}.
     * @throws IllegalArgumentException when an argument is negative.
     */
    public static long ceilMicros(long quantity, long priceMicros) {
        if (quantity < 0 || priceMicros < 0) {
            throw new IllegalArgumentException("quantity and priceMicros must not be negative: quantity=" + quantity
                    + ", priceMicros=" + priceMicros);
        }
        long high = Math.multiplyHigh(quantity, priceMicros);
        long low = quantity * priceMicros;
        if (high == 0 && low >= 0) {
            long quotient = low / QUANTITY_SCALE;
            return quotient * QUANTITY_SCALE == low ? quotient : quotient + 1;
        }
        return ceilLong(high, low);
    }

    /** The same, and the largest i64 where it overflows or the quantity, a sum, is below 0 because it did. */
    public static long cappedMicros(long quantity, long priceMicros) {
        long micros = quantity < 0 ? OVERFLOW : ceilMicros(quantity, priceMicros);
        return micros == OVERFLOW ? Long.MAX_VALUE : micros;
    }

    /** Does the sum leave the range of i64? */
    public static boolean sumOverflows(long left, long right) {
        long sum = left + right;
        return ((left ^ sum) & (right ^ sum)) < 0;
    }

    /** Does {@code left - right} leave the range of i64? */
    public static boolean differenceOverflows(long left, long right) {
        return ((left ^ right) & (left ^ (left - right))) < 0;
    }

    /** Schoolbook division by 32-bit digits; the remainders stay below 2^27, so no step leaves i64. */
    private static long ceilLong(long high, long low) {
        if (high >= QUANTITY_SCALE) {
            return OVERFLOW;
        }
        long upper = high << 32 | low >>> 32;
        long lower = upper % QUANTITY_SCALE << 32 | low & LOW_32;
        long upperDigit = upper / QUANTITY_SCALE;
        if (upperDigit > Integer.MAX_VALUE) {
            return OVERFLOW;
        }
        long quotient = (upperDigit << 32) + lower / QUANTITY_SCALE;
        long rounding = lower % QUANTITY_SCALE == 0 ? 0 : 1;
        return sumOverflows(quotient, rounding) ? OVERFLOW : quotient + rounding;
    }
}

package io.ringfence.engine.kernel;

/** A whole number of 128 bits, for what a long cannot carry. Mutable and reused; not thread safe. */
final class Wide {
    private static final long LOW_HALF = 0xFFFF_FFFFL;

    private long high;
    private long low;

    /** Becomes the product of two unsigned numbers. */
    Wide product(long a, long b) {
        high = unsignedMultiplyHigh(a, b);
        low = a * b;
        return this;
    }

    /** Becomes its product with an unsigned number. Neither this nor the product may be negative or wider. */
    Wide times(long factor) {
        high = high * factor + unsignedMultiplyHigh(low, factor);
        low *= factor;
        return this;
    }

    /** Becomes its quotient by 10,000, rounded down. It must not be negative. */
    Wide floorByTenThousand() {
        divideByTenThousand();
        return this;
    }

    /** Becomes its quotient by 1,000,000, rounded up. It must not be negative and the product of two longs. */
    Wide ceilByMillion() {
        long rest = divideByTenThousand();
        rest |= divideByHundred();
        return rest == 0 ? this : plus(0, 1);
    }

    /** Long division in halves of a word: returns the remainder. */
    private long divideByTenThousand() {
        long q3 = high / 10_000;
        long part = ((high % 10_000) << 32) | (low >>> 32);
        long q1 = part / 10_000;
        part = ((part % 10_000) << 32) | (low & LOW_HALF);
        high = q3;
        low = (q1 << 32) + part / 10_000;
        return part % 10_000;
    }

    private long divideByHundred() {
        long q3 = high / 100;
        long part = ((high % 100) << 32) | (low >>> 32);
        long q1 = part / 100;
        part = ((part % 100) << 32) | (low & LOW_HALF);
        high = q3;
        low = (q1 << 32) + part / 100;
        return part % 100;
    }

    /** Adds another. */
    Wide plus(Wide other) {
        return plus(other.high, other.low);
    }

    private Wide plus(long otherHigh, long otherLow) {
        low += otherLow;
        high += otherHigh + (Long.compareUnsigned(low, otherLow) < 0 ? 1 : 0);
        return this;
    }

    /** Takes another away. */
    Wide minus(Wide other) {
        return minus(other.high, other.low);
    }

    /** Takes an unsigned number away. */
    Wide minus(long unsigned) {
        return minus(0, unsigned);
    }

    private Wide minus(long otherHigh, long otherLow) {
        long borrow = Long.compareUnsigned(low, otherLow) < 0 ? 1 : 0;
        low -= otherLow;
        high -= otherHigh + borrow;
        return this;
    }

    /** As u64 bits; all ones when it is wider. It must not be negative. */
    long saturatedUnsigned() {
        return high == 0 ? low : -1;
    }

    /** As a signed long; the nearest one when it is wider. */
    long saturatedSigned() {
        if (high == low >> 63) {
            return low;
        }
        return high < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    private static long unsignedMultiplyHigh(long a, long b) {
        return Math.multiplyHigh(a, b) + ((a >> 63) & b) + ((b >> 63) & a);
    }
}

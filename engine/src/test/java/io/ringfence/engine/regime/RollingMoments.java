package io.ringfence.engine.regime;

/**
 * The plain twin of one cell of {@link RegimeEstimator}: each formula as it reads, one division for each.
 *
 * <p>Welford's recurrence with equal weights until the window is full; from then on each new value weighs 1/window and what
 * stood before fades by as much. A value x is 0 to below 2^22. The mean carries 16 more bits, so below a window of 65,536 its
 * rounding stays within half a unit of x; M2, the sum of squared deviations, is in whole units squared.
 *
 * <p>Nothing overflows: x and the mean are below 2^38, a deviation rounded to units is at most 2^22, one term of M2 at most
 * 2^44. M2 grows by at most that per value, and in a full window fades by M2/window first, so it stays below
 * 65,536 x (2^44 + 1) &lt; 2^61. Deviation^2 x n is at most 2^60; the tests multiply that and M2 into 128 bits.
 *
 * @see <a href="https://doi.org/10.1080/00401706.1962.10490022">Welford: Note on a method for calculating corrected sums of
 *     squares and products, Technometrics 4(3), 1962</a>
 */
final class RollingMoments {
    private static final int MEAN_BITS = 16;
    private static final long HALF_UNIT = 1L << (MEAN_BITS - 1);
    private static final long HUNDREDTHS_SQUARED = 10_000;

    private final int window;
    private long count;
    private long mean;
    private long sumOfSquares;

    RollingMoments(int window) {
        this.window = window;
    }

    /** Takes back what was once read from the accessors. */
    void restore(long count, long mean, long sumOfSquares) {
        this.count = count;
        this.mean = mean;
        this.sumOfSquares = sumOfSquares;
    }

    void add(long x) {
        boolean wasFull = isFull();
        count++;
        long deviationBefore = (x << MEAN_BITS) - mean;
        mean += nearest(deviationBefore, wasFull ? window : count);
        long deviationAfter = (x << MEAN_BITS) - mean;
        if (wasFull) {
            sumOfSquares -= sumOfSquares / window;
        }
        sumOfSquares += units(deviationBefore) * units(deviationAfter); // Of one sign, for the mean does not pass x.
    }

    /** Were there enough values to trust the numbers? */
    boolean isFull() {
        return count >= window;
    }

    /**
     * Is a value further from the mean than so many standard deviations? (x - mean)^2 n > z^2 M2, without a division. In a full
     * window only.
     *
     * @param zHundredths bound in hundredths of a standard deviation; 0 to below 2^18.
     */
    boolean isBeyond(long x, long zHundredths) {
        long deviation = units((x << MEAN_BITS) - mean);
        return isProductAbove(
                deviation * deviation * window, HUNDREDTHS_SQUARED, sumOfSquares, zHundredths * zHundredths);
    }

    /** Values seen. */
    long count() {
        return count;
    }

    /** Mean in units of 1/65,536. */
    long mean() {
        return mean;
    }

    /** Sum of squared deviations from the mean; over the window once it is full. */
    long sumOfSquares() {
        return sumOfSquares;
    }

    /** Quotient rounded to the nearest, halves away from 0. */
    private static long nearest(long dividend, long divisor) {
        long half = divisor >> 1;
        return (dividend < 0 ? dividend - half : dividend + half) / divisor;
    }

    /** A deviation of the mean's resolution, rounded to whole units. */
    private static long units(long deviation) {
        return (deviation + HALF_UNIT) >> MEAN_BITS;
    }

    /** Is a b > c d? All are 0 and above, so 128 bits hold both products. */
    static boolean isProductAbove(long a, long b, long c, long d) {
        long high = Math.multiplyHigh(a, b);
        long otherHigh = Math.multiplyHigh(c, d);
        return high == otherHigh ? Long.compareUnsigned(a * b, c * d) > 0 : high > otherHigh;
    }
}

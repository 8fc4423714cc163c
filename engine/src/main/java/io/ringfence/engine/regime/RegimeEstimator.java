package io.ringfence.engine.regime;

import io.ringfence.engine.policy.Bps;
import io.ringfence.engine.snapshot.Snapshotted;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.RegimeCellDecoder;
import io.ringfence.schemas.RegimeCellEncoder;
import java.util.Arrays;

/**
 * Finds the regime of a request, one of eight, and how unusual the request is within it.
 *
 * <p>A regime is a risk quartile (0-2,499, 2,500-4,999, 5,000-7,499, 7,500-10,000 bps) of low or high value. Each regime keeps
 * mean and spread of three features: log2 of the size and log2 of the value in 1/65,536, risk in 1/256 bps. A request is judged
 * against the requests before it, then counted. Until the window of its regime is full, its severity is 0.
 *
 * <p>Severity: a feature scores 1, 2 or 3 beyond one, two or three times the anomaly bound; the three scores add up to at most 3.
 * A request whose features all stay within the common bound is common. A feature that never varied has no spread, so any
 * other value of it scores 3. Beyond a bound of z deviations means (x - mean)^2 n &gt; z^2 M2, in 128 bits without a division.
 *
 * <p>Mean and M2, the sum of squared deviations, follow Welford's recurrence with equal weights until the window is full. From
 * then on each new value weighs 1/window and M2 fades by as much. A feature x is 0 to below 2^22; the mean carries 16 more
 * bits. A deviation in units is at most 2^22, a term of M2 at most 2^44, M2 below 65,536 x (2^44 + 1) &lt; 2^61. Called by its
 * owner's thread only; allocates nothing except for snapshots.
 *
 * @see <a href="https://doi.org/10.1080/00401706.1962.10490022">Welford: Note on a method for calculating corrected sums of
 *     squares and products, Technometrics 4(3), 1962</a>
 */
public final class RegimeEstimator implements Snapshotted {
    /** Regimes are 0 to 7. */
    public static final int REGIMES = 8;

    private static final int SIZE = 0;
    private static final int VALUE = 1;
    private static final int RISK = 2;
    private static final int FEATURES = 3;
    private static final int SEVERITY_MAX = 3;
    private static final int COMMON = -1;
    private static final int QUARTILE_BPS = 2_500;
    private static final int RISK_BITS = 8;
    private static final int MEAN_BITS = 16;
    private static final long HALF_UNIT = 1L << (MEAN_BITS - 1);
    private static final long HUNDREDTHS_SQUARED = 10_000;
    private static final int NO_SHIFT = -1;

    private final long valueThresholdMicros;
    private final int window;
    private final int windowShift; // Its logarithm if it is a power of two, else NO_SHIFT.
    private final long commonSquared;
    private final long[] anomalySquared = new long[SEVERITY_MAX]; // Of one, two and three times the bound.
    private final int anomalyStepBps;
    private final int commonStepBps;
    private final long[] counts = new long[REGIMES * FEATURES];
    private final long[] means = new long[REGIMES * FEATURES]; // In units of 1/65,536.
    private final long[] sumsOfSquares = new long[REGIMES * FEATURES];
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final RegimeCellEncoder encoder = new RegimeCellEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final RegimeCellDecoder decoder = new RegimeCellDecoder();
    private int regime;
    private int severity;
    private int floorStepBps;

    /**
     * Takes settings that stay the same for the life of a journal.
     *
     * @param valueThresholdMicros a request of this value or more is of high value.
     * @param window               requests of a regime before its statistics are used, and over which they fade; 2 to 65,536.
     * @param anomalyZ             anomaly bound in hundredths of a standard deviation; 1 to 65,534.
     * @param commonZ              common bound in hundredths of a standard deviation; 0 to {@code anomalyZ}.
     * @param anomalyStepBps       how much the recommended floor rises per severity; 0 to 10,000.
     * @param commonStepBps        how much it falls for a common request; 0 to 10,000.
     */
    public RegimeEstimator(
            long valueThresholdMicros, int window, int anomalyZ, int commonZ, int anomalyStepBps, int commonStepBps) {
        requireWithin(window, 2, 65_536, "window");
        requireWithin(anomalyZ, 1, 65_534, "anomalyZ");
        requireWithin(commonZ, 0, anomalyZ, "commonZ");
        requireWithin(anomalyStepBps, 0, Bps.ONE, "anomalyStepBps");
        requireWithin(commonStepBps, 0, Bps.ONE, "commonStepBps");
        this.valueThresholdMicros = valueThresholdMicros;
        this.window = window;
        this.windowShift = Integer.bitCount(window) == 1 ? Integer.numberOfTrailingZeros(window) : NO_SHIFT;
        this.commonSquared = (long) commonZ * commonZ;
        Arrays.setAll(anomalySquared, index -> (index + 1L) * anomalyZ * (index + 1L) * anomalyZ);
        this.anomalyStepBps = anomalyStepBps;
        this.commonStepBps = commonStepBps;
    }

    /**
     * Judges a request, then counts it. The accessors give the result until the next call.
     *
     * @param size        in whole units, 0 and above.
     * @param valueMicros any i64; below 1 counts as 1 in the statistics of values.
     * @param riskBps     0 to 10,000; above counts as 10,000.
     */
    public void observe(long size, long valueMicros, int riskBps) {
        int boundedRiskBps = Math.min(riskBps, Bps.ONE);
        regime = regimeOf(valueMicros, boundedRiskBps);
        int first = regime * FEATURES;
        boolean isFull = counts[first] >= window;
        int ofSize = count(first + SIZE, Log2.q16(size), isFull);
        int ofValue = count(first + VALUE, Log2.q16(valueMicros), isFull);
        int ofRisk = count(first + RISK, (long) boundedRiskBps << RISK_BITS, isFull);
        severity = severityOf(ofSize, ofValue, ofRisk);
        floorStepBps = floorStepOf(severity);
    }

    /** 0 to 7: twice the risk quartile, and one more for a high value. */
    public int regime() {
        return regime;
    }

    /** 1 to 3: anomalous; -1: common; 0: neither, or the window is not full. */
    public int severity() {
        return severity;
    }

    /** Step on the recommended floor in bps: up for an anomaly, down for the common; -10,000 to 10,000. */
    public int floorStepBps() {
        return floorStepBps;
    }

    @Override
    public void writeState(StateWriter writer) {
        for (int cell = 0; cell < counts.length; cell++) {
            if (counts[cell] != 0) {
                writeCell(writer, cell);
            }
        }
    }

    @Override
    public void readState(StateReader reader) {
        Arrays.fill(counts, 0);
        Arrays.fill(means, 0);
        Arrays.fill(sumsOfSquares, 0);
        while (reader.hasRemaining()) {
            decoder.wrapAndApplyHeader(reader.buffer(), reader.position(), headerDecoder);
            int cell = decoder.regime() * FEATURES + decoder.feature();
            counts[cell] = decoder.count();
            means[cell] = decoder.mean();
            sumsOfSquares[cell] = decoder.sumOfSquaresLow();
            reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength());
        }
    }

    private int regimeOf(long valueMicros, int riskBps) {
        int quartile = Math.min(riskBps / QUARTILE_BPS, 3);
        return 2 * quartile + (valueMicros >= valueThresholdMicros ? 1 : 0);
    }

    /**
     * Judges a feature against its cell, then counts it there.
     *
     * @return {@link #COMMON} within the common bound, 1 to 3 beyond as many times the anomaly bound, else 0; 0 if not judged.
     */
    private int count(int cell, long x, boolean isJudged) {
        long deviationBefore = (x << MEAN_BITS) - means[cell];
        long unitsBefore = units(deviationBefore);
        long sum = sumsOfSquares[cell];
        int score = isJudged ? score(unitsBefore * unitsBefore * window, sum) : 0;
        boolean wasFull = counts[cell] >= window;
        counts[cell]++;
        long mean = means[cell] + (wasFull ? windowth(deviationBefore) : nearest(deviationBefore, counts[cell]));
        if (wasFull) {
            sum -= windowShift == NO_SHIFT ? sum / window : sum >> windowShift;
        }
        means[cell] = mean;
        // Both deviations have one sign, because the mean does not pass x.
        sumsOfSquares[cell] = sum + unitsBefore * units((x << MEAN_BITS) - mean);
        return score;
    }

    private int score(long squareTimesWindow, long sum) {
        long high = Math.multiplyHigh(squareTimesWindow, HUNDREDTHS_SQUARED);
        long low = squareTimesWindow * HUNDREDTHS_SQUARED;
        if (!isAbove(high, low, sum, commonSquared)) {
            return COMMON;
        }
        int score = 0; // An anomaly bound is at least the common bound.
        while (score < SEVERITY_MAX && isAbove(high, low, sum, anomalySquared[score])) {
            score++;
        }
        return score;
    }

    /** True when 128 bits are above a product; neither is negative. */
    private static boolean isAbove(long high, long low, long a, long b) {
        long productHigh = Math.multiplyHigh(a, b);
        return high == productHigh ? Long.compareUnsigned(low, a * b) > 0 : high > productHigh;
    }

    private static int severityOf(int ofSize, int ofValue, int ofRisk) {
        boolean isCommon = (ofSize & ofValue & ofRisk) == COMMON;
        int scores = Math.max(ofSize, 0) + Math.max(ofValue, 0) + Math.max(ofRisk, 0);
        return isCommon ? COMMON : Math.min(scores, SEVERITY_MAX);
    }

    /** The quotient by the window, rounded to the nearest, halves away from 0. */
    private long windowth(long dividend) {
        if (windowShift == NO_SHIFT) {
            return nearest(dividend, window);
        }
        long sign = dividend >> 63;
        long quotient = ((dividend ^ sign) - sign + (window >> 1)) >> windowShift;
        return (quotient ^ sign) - sign;
    }

    /** The quotient, rounded to the nearest, halves away from 0. */
    private static long nearest(long dividend, long divisor) {
        long half = divisor >> 1;
        return (dividend < 0 ? dividend - half : dividend + half) / divisor;
    }

    private static long units(long deviation) { // From 1/65,536.
        return (deviation + HALF_UNIT) >> MEAN_BITS;
    }

    private int floorStepOf(int severity) {
        return severity > 0 ? Math.min(severity * anomalyStepBps, Bps.ONE) : severity * commonStepBps;
    }

    private void writeCell(StateWriter writer, int cell) {
        encoder.wrapAndApplyHeader(writer.buffer(), writer.position(), headerEncoder)
                .regime((short) (cell / FEATURES))
                .feature((short) (cell % FEATURES))
                .count(counts[cell])
                .mean(means[cell])
                .sumOfSquares(0) // The high part; 61 bits are enough for any window.
                .sumOfSquaresLow(sumsOfSquares[cell]);
        writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
    }

    private static void requireWithin(int value, int lowest, int highest, String name) {
        if (value < lowest || value > highest) {
            throw new IllegalArgumentException(
                    name + " must be " + lowest + " to " + highest + ": " + name + "=" + value);
        }
    }

    /**
     * Logarithms to base 2 in integers, in 1/65,536.
     *
     * <p>The leading bit gives the whole part; a table of 257 points and the straight line between two of them give the
     * fraction. The points are computed by squaring the mantissa bit by bit. Monotone; below the true logarithm by less than
     * 3/65,536.
     */
    static final class Log2 {
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

        /** Logarithm of a value in 1/65,536: 0 to below 63 x 65,536; 0 for a value below 1. */
        static int q16(long value) {
            if (value < 1) {
                return 0;
            }
            int zeros = Long.numberOfLeadingZeros(value);
            int whole = MANTISSA_BITS - zeros;
            long fraction = value << zeros << 1; // The bits below the leading bit.
            int index = (int) (fraction >>> (Long.SIZE - TABLE_BITS));
            long rest = (fraction << TABLE_BITS) >>> (Long.SIZE - FRACTION_BITS);
            int low = TABLE[index];
            return (whole << FRACTION_BITS) + low + (int) (((TABLE[index + 1] - low) * rest) >>> FRACTION_BITS);
        }

        /** Fraction of the logarithm of a mantissa in [1, 2) that has 62 fraction bits; rounded down. */
        private static int fractionOf(long mantissa) {
            int fraction = 0;
            long m = mantissa;
            for (int bit = 0; bit < FRACTION_BITS; bit++) {
                m = Math.multiplyHigh(m, m) << 2 | (m * m) >>> 62; // m x m with 62 fraction bits, in [1, 4).
                fraction <<= 1;
                if (m < 0) { // 2 or more: the bit of value 2 is the sign bit.
                    fraction |= 1;
                    m >>>= 1;
                }
            }
            return fraction;
        }
    }
}

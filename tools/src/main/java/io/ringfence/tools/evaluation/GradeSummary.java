package io.ringfence.tools.evaluation;

import java.util.Arrays;

/**
 * Graded qualities of one candidate or of all, summed up.
 *
 * @param count  grades.
 * @param mean   of them, in bps.
 * @param low    their 5th percentile in bps, between two grades by the straight line.
 * @param high   their 95th percentile.
 * @param margin half of the mean's 95 % interval in bps, by the normal approximation.
 */
public record GradeSummary(long count, double mean, double low, double high, double margin) {
    /** Of fewer grades {@code calibrate} shows nothing but their count. */
    public static final int COUNT_MIN = 200;

    private static final double LOW = 0.05;
    private static final double HIGH = 0.95;
    private static final double NORMAL_95 = 1.96;

    /** @param grades in bps, one at least; in any order, not changed. */
    public static GradeSummary of(int[] grades) {
        int[] sorted = grades.clone();
        Arrays.sort(sorted);
        double mean = Arrays.stream(sorted).average().orElseThrow();
        double squares = Arrays.stream(sorted)
                .mapToDouble(grade -> (grade - mean) * (grade - mean))
                .sum();
        double variance = sorted.length == 1 ? 0 : squares / (sorted.length - 1);
        return new GradeSummary(
                sorted.length,
                mean,
                percentile(sorted, LOW),
                percentile(sorted, HIGH),
                NORMAL_95 * Math.sqrt(variance / sorted.length));
    }

    private static double percentile(int[] sorted, double share) {
        double position = share * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }

    /** Is the mean surely below a quality? */
    public boolean isBelow(int qualityBps) {
        return count >= COUNT_MIN && mean + margin < qualityBps;
    }
}

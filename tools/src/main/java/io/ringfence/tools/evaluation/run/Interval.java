package io.ringfence.tools.evaluation.run;

import java.util.Arrays;

/**
 * A mean with its 95 % interval.
 *
 * @param mean of the values.
 * @param low  lower end.
 * @param high upper end.
 */
public record Interval(double mean, double low, double high) {
    /** Student's t, two-sided 95 %, for 1 to 30 degrees of freedom (any table of it); 1.96 above. */
    private static final double[] STUDENT_95 = {
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
        2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042
    };

    private static final double NORMAL_95 = 1.96;

    /**
     * Over the values of several seeds; of one, the interval within its run.
     *
     * @param values     one a seed; one at least.
     * @param withinHalf half the width of the interval within the first run.
     */
    public static Interval of(double[] values, double withinHalf) {
        double mean = Arrays.stream(values).average().orElseThrow();
        if (values.length == 1) {
            return new Interval(mean, mean - withinHalf, mean + withinHalf);
        }
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        int freedom = values.length - 1;
        double t = freedom <= STUDENT_95.length ? STUDENT_95[freedom - 1] : NORMAL_95;
        double half = t * Math.sqrt(squares / freedom / values.length);
        return new Interval(mean, mean - half, mean + half);
    }
}

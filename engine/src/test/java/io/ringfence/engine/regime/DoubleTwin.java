package io.ringfence.engine.regime;

/** The plain twin: one regime's statistics and severities in doubles, by the textbook. */
final class DoubleTwin {
    /** A score is so near to a bound that doubles and integers may differ. */
    static final int TOO_CLOSE = Integer.MIN_VALUE;

    private static final double ANOMALY_Z = 4;
    private static final double COMMON_Z = 1;
    private static final double CLOSE = 0.01;

    private final int window;
    private final double[] means = new double[3];
    private final double[] variances = new double[3];
    private int count;

    DoubleTwin(int window) {
        this.window = window;
    }

    int severity(double[] features) {
        if (count < window) {
            return 0;
        }
        int severity = 0;
        boolean isCommon = true;
        for (int feature = 0; feature < 3; feature++) {
            double z = Math.abs(features[feature] - means[feature]) / Math.sqrt(variances[feature]);
            for (double bound : new double[] {COMMON_Z, ANOMALY_Z, 2 * ANOMALY_Z, 3 * ANOMALY_Z}) {
                if (Math.abs(z - bound) < CLOSE) {
                    return TOO_CLOSE;
                }
            }
            severity += Math.min(3, (int) (z / ANOMALY_Z));
            isCommon &= z < COMMON_Z;
        }
        return severity > 0 ? Math.min(3, severity) : isCommon ? -1 : 0;
    }

    void add(double[] features) {
        count++;
        double weight = 1.0 / Math.min(count, window);
        for (int feature = 0; feature < 3; feature++) {
            double deviation = features[feature] - means[feature];
            means[feature] += weight * deviation;
            variances[feature] = (1 - weight) * (variances[feature] + weight * deviation * deviation);
        }
    }
}

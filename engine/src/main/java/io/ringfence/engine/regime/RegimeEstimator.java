package io.ringfence.engine.regime;

import io.ringfence.engine.snapshot.Snapshotted;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.RegimeCellDecoder;
import io.ringfence.schemas.RegimeCellEncoder;

/**
 * Tells which of eight kinds a request is and whether it is usual for its kind.
 *
 * <p>A regime is a risk quartile (0-2,499, 2,500-4,999, 5,000-7,499, 7,500-10,000 bps) of low or high value. Each keeps
 * rolling moments of three features: log2 of the size and log2 of the value in 1/65,536, risk in 1/256 bps. A request is
 * judged against the requests before it, then counted. Until its regime's window is full it is neither usual nor unusual.
 *
 * <p>Severity: a feature scores 1, 2 or 3 beyond one, two or three times the anomaly bound; the scores of the three add up,
 * at most to 3. A request whose features all stay within the common bound is common. A feature that never varied has no
 * spread, so any other value of it scores 3.
 *
 * <p>Called by its owner's thread only; allocates nothing but for snapshots.
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
    private static final int STEP_MAX_BPS = 10_000;
    private static final int BPS_MAX = 10_000;
    private static final int QUARTILE_BPS = 2_500;
    private static final int RISK_BITS = 8;

    private final long valueThresholdMicros;
    private final int window;
    private final int anomalyZ;
    private final int commonZ;
    private final int anomalyStepBps;
    private final int commonStepBps;
    private final RollingMoments[] moments = new RollingMoments[REGIMES * FEATURES];
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final RegimeCellEncoder encoder = new RegimeCellEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final RegimeCellDecoder decoder = new RegimeCellDecoder();
    private int regime;
    private int severity;
    private int floorStepBps;

    /**
     * Takes what is fixed for the life of a journal.
     *
     * @param valueThresholdMicros value from which on a request is a high-value one.
     * @param window               requests of a regime until its statistics are trusted, and over which they fade; 2 to 65,536.
     * @param anomalyZ             anomaly bound in hundredths of a standard deviation; 1 to 65,534.
     * @param commonZ              bound of the common in hundredths of a standard deviation; 0 to {@code anomalyZ}.
     * @param anomalyStepBps       how much the recommended floor rises per severity; 0 to 10,000.
     * @param commonStepBps        how much it falls for a common request; 0 to 10,000.
     */
    public RegimeEstimator(
            long valueThresholdMicros, int window, int anomalyZ, int commonZ, int anomalyStepBps, int commonStepBps) {
        requireWithin(window, 2, 65_536, "window");
        requireWithin(anomalyZ, 1, 65_534, "anomalyZ");
        requireWithin(commonZ, 0, anomalyZ, "commonZ");
        requireWithin(anomalyStepBps, 0, STEP_MAX_BPS, "anomalyStepBps");
        requireWithin(commonStepBps, 0, STEP_MAX_BPS, "commonStepBps");
        this.valueThresholdMicros = valueThresholdMicros;
        this.window = window;
        this.anomalyZ = anomalyZ;
        this.commonZ = commonZ;
        this.anomalyStepBps = anomalyStepBps;
        this.commonStepBps = commonStepBps;
        forget();
    }

    /**
     * Judges a request, then counts it. The accessors below tell what was found until the next one.
     *
     * @param size        in whole units, 0 and above.
     * @param valueMicros any i64; what is below 1 counts as 1 among the values.
     * @param riskBps     0 to 10,000; above counts as 10,000.
     */
    public void observe(long size, long valueMicros, int riskBps) {
        int boundedRiskBps = Math.min(riskBps, BPS_MAX);
        regime = regimeOf(valueMicros, boundedRiskBps);
        int sizeLog = Log2.q16(size);
        int valueLog = Log2.q16(valueMicros);
        int risk = boundedRiskBps << RISK_BITS;

        int first = regime * FEATURES;
        severity = severityOf(first, sizeLog, valueLog, risk);
        floorStepBps = floorStepOf(severity);
        moments[first + SIZE].add(sizeLog);
        moments[first + VALUE].add(valueLog);
        moments[first + RISK].add(risk);
    }

    /** 0 to 7: twice the risk quartile, and one more for a high value. */
    public int regime() {
        return regime;
    }

    /** 1 to 3: anomalous; -1: common; 0: neither, or not enough seen. */
    public int severity() {
        return severity;
    }

    /** Step on the recommended floor in bps: up for an anomaly, down for the common; -10,000 to 10,000. */
    public int floorStepBps() {
        return floorStepBps;
    }

    @Override
    public void writeState(StateWriter writer) {
        for (int cell = 0; cell < moments.length; cell++) {
            if (moments[cell].count() != 0) {
                writeCell(writer, cell);
            }
        }
    }

    @Override
    public void readState(StateReader reader) {
        forget();
        while (reader.hasRemaining()) {
            decoder.wrapAndApplyHeader(reader.buffer(), reader.position(), headerDecoder);
            moments[decoder.regime() * FEATURES + decoder.feature()].restore(
                    decoder.count(), decoder.mean(), decoder.sumOfSquaresLow());
            reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength());
        }
    }

    private int regimeOf(long valueMicros, int riskBps) {
        int quartile = Math.min(riskBps / QUARTILE_BPS, 3);
        return 2 * quartile + (valueMicros >= valueThresholdMicros ? 1 : 0);
    }

    private int severityOf(int first, long sizeLog, long valueLog, long risk) {
        RollingMoments sizes = moments[first + SIZE];
        RollingMoments values = moments[first + VALUE];
        RollingMoments risks = moments[first + RISK];
        if (!sizes.isFull()) {
            return 0;
        }
        int scores = score(sizes, sizeLog) + score(values, valueLog) + score(risks, risk);
        if (scores > 0) {
            return Math.min(scores, SEVERITY_MAX);
        }
        boolean isUncommon =
                sizes.isBeyond(sizeLog, commonZ) || values.isBeyond(valueLog, commonZ) || risks.isBeyond(risk, commonZ);
        return isUncommon ? 0 : COMMON;
    }

    private int score(RollingMoments feature, long x) {
        int score = 0;
        while (score < SEVERITY_MAX && feature.isBeyond(x, (score + 1L) * anomalyZ)) {
            score++;
        }
        return score;
    }

    private int floorStepOf(int severity) {
        return severity > 0 ? Math.min(severity * anomalyStepBps, STEP_MAX_BPS) : severity * commonStepBps;
    }

    private void forget() {
        for (int cell = 0; cell < moments.length; cell++) {
            moments[cell] = new RollingMoments(window);
        }
    }

    private void writeCell(StateWriter writer, int cell) {
        encoder.wrapAndApplyHeader(writer.buffer(), writer.position(), headerEncoder)
                .regime((short) (cell / FEATURES))
                .feature((short) (cell % FEATURES))
                .count(moments[cell].count())
                .mean(moments[cell].mean())
                .sumOfSquares(0) // The high part; 61 bits are enough for any window.
                .sumOfSquaresLow(moments[cell].sumOfSquares());
        writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
    }

    private static void requireWithin(int value, int lowest, int highest, String name) {
        if (value < lowest || value > highest) {
            throw new IllegalArgumentException(
                    name + " must be " + lowest + " to " + highest + ": " + name + "=" + value);
        }
    }
}

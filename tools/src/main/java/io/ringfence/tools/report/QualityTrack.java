package io.ringfence.tools.report;

import io.ringfence.engine.policy.Bps;
import io.ringfence.schemas.Tristate;
import io.ringfence.tools.evaluation.GradeSummary;
import io.ringfence.tools.evaluation.SuccessRate;
import io.ringfence.tools.journal.OutcomeLog.Outcome;
import java.util.Collection;

/**
 * How the acts of one tier in a use case, or of one candidate, went.
 *
 * @param outcomes  of acts that have ended.
 * @param successes those that said yes or no to success.
 * @param grades    sums up the graded ones; null without any.
 */
record QualityTrack(long outcomes, SuccessRate successes, GradeSummary grades) {
    /** Fewer outcomes recommend no floor and judge no candidate. */
    static final int COUNT_MIN = 50;

    private static final int COUNT_HIGH = 200;
    private static final double WIDTH_HIGH = 0.1;

    /** How far the success rate can be relied on. */
    enum Confidence {
        /** Fewer than 50 outcomes that say yes or no. */
        LOW,
        /** 50 or more. */
        MEDIUM,
        /** 200 or more, and the interval is at most 10 points of 100 wide. */
        HIGH
    }

    /** What a quality was measured by. */
    enum Measure {
        /** The mean of 50 grades or more. */
        GRADES,
        /** Fewer grades: 50 outcomes or more that say yes or no. A success earns the whole value, a failure none of it. */
        SUCCESSES,
        /** Fewer of both: nothing is known. */
        NOTHING
    }

    static QualityTrack of(Collection<Outcome> outcomes) {
        int[] grades = outcomes.stream()
                .filter(Outcome::isGraded)
                .mapToInt(Outcome::qualityBps)
                .toArray();
        long yes = count(outcomes, Tristate.YES);
        return new QualityTrack(
                outcomes.size(),
                new SuccessRate(yes, yes + count(outcomes, Tristate.NO)),
                grades.length == 0 ? null : GradeSummary.of(grades));
    }

    private static long count(Collection<Outcome> outcomes, Tristate success) {
        return outcomes.stream().filter(outcome -> outcome.success() == success).count();
    }

    long graded() {
        return grades == null ? 0 : grades.count();
    }

    Confidence confidence() {
        if (successes.trials() < COUNT_MIN) {
            return Confidence.LOW;
        }
        boolean isNarrow = successes.high() - successes.low() <= WIDTH_HIGH;
        return successes.trials() >= COUNT_HIGH && isNarrow ? Confidence.HIGH : Confidence.MEDIUM;
    }

    Measure measure() {
        if (graded() >= COUNT_MIN) {
            return Measure.GRADES;
        }
        return successes.trials() >= COUNT_MIN ? Measure.SUCCESSES : Measure.NOTHING;
    }

    /** The measured quality in bps; not a number where nothing is known. */
    double qualityBps() {
        return switch (measure()) {
            case GRADES -> grades.mean();
            case SUCCESSES -> successes.rate() * Bps.ONE;
            case NOTHING -> Double.NaN;
        };
    }

    /** Upper end of its 95 % interval in bps. */
    double highBps() {
        return switch (measure()) {
            case GRADES -> grades.mean() + grades.margin();
            case SUCCESSES -> successes.high() * Bps.ONE;
            case NOTHING -> Double.NaN;
        };
    }

    /** Is the real quality surely below this one? False where nothing is known. */
    boolean isBelow(int qualityBps) {
        return highBps() < qualityBps;
    }

    /** Has this tier shown, by 50 outcomes or more, that it succeeds at least so often? */
    boolean reaches(int targetBps) {
        return successes.trials() >= COUNT_MIN && successes.low() * Bps.ONE >= targetBps;
    }
}

package io.ringfence.engine.bandit;

import io.ringfence.engine.policy.Adaptive.TierPrior;
import io.ringfence.engine.policy.Bps;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.OutcomeContentDecoder;
import io.ringfence.schemas.OutcomeLessonDecoder;
import io.ringfence.schemas.OutcomeReportDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Tristate;

/**
 * The lesson of one outcome: successes minus failures, in 1/256 of an outcome.
 *
 * <p>The two add up to one whole outcome, so the difference determines both: 256 is a success, -256 a failure, 0 a quality of
 * one half. {@link #NOTHING} is no lesson.
 */
public final class Lesson {
    /** The outcome teaches nothing. */
    public static final int NOTHING = Integer.MIN_VALUE;

    private static final short NULL = OutcomeLessonDecoder.lessonNullValue();

    private Lesson() {}

    /** The lesson of an outcome that stood, as its record has it. */
    public static int recorded(short lesson) {
        return lesson == NULL ? NOTHING : lesson;
    }

    /** A lesson as a record has it. */
    public static short toRecord(int lesson) {
        return lesson == NOTHING ? NULL : (short) lesson;
    }

    /**
     * Returns the lesson of an outcome. Only an applied decision teaches. A graded quality takes precedence over success or failure.
     *
     * @param qualityBps 0 to 10,000; above: not graded (the null of SBE is above).
     * @return -256 to 256, or {@link #NOTHING}.
     */
    public static int of(Disposition disposition, Tristate success, int qualityBps) {
        if (disposition != Disposition.APPLIED) {
            return NOTHING;
        }
        if (qualityBps <= Bps.ONE) {
            return 2 * ((qualityBps * TierPrior.ONE_OUTCOME + Bps.ONE / 2) / Bps.ONE) - TierPrior.ONE_OUTCOME;
        }
        return of(success);
    }

    /** Returns the lesson of what a report says of success and grade. */
    static int of(OutcomeReportDecoder report) {
        return of(report.disposition(), report.success(), report.qualityBps());
    }

    /** Returns the lesson of what an outcome said of success and grade. */
    static int of(OutcomeContentDecoder outcome) {
        return of(Disposition.get(outcome.disposition()), Tristate.get(outcome.success()), outcome.qualityBps());
    }

    /** Returns the lesson of a success or a failure; {@link #NOTHING} where neither is said. */
    static int of(Tristate success) {
        return switch (success) {
            case YES -> TierPrior.ONE_OUTCOME;
            case NO -> -TierPrior.ONE_OUTCOME;
            default -> NOTHING;
        };
    }

    /** Does this reason tell what an outcome did beside teaching for the first time? */
    public static boolean isReason(ReasonCode reason) {
        return switch (reason) {
            case OUTCOME_WITHOUT_LESSON,
                    OUTCOME_WITHOUT_TIER,
                    OUTCOME_REPEATED,
                    OUTCOME_SUPERSEDED,
                    OUTCOME_CONTRADICTORY,
                    OUTCOME_REVISED,
                    OUTCOME_TAKEN_BACK,
                    LEARNING_FROZEN,
                    DRIFT_ALARM,
                    DIVERGENCE_ALARM -> true;
            default -> false;
        };
    }

    /** Does this reason say that an outcome froze the learning of its use case? */
    public static boolean isAlarm(ReasonCode reason) {
        return reason == ReasonCode.DRIFT_ALARM || reason == ReasonCode.DIVERGENCE_ALARM;
    }

    /** The successes in it, 0 to 256. */
    public static int successes(int lesson) {
        return (TierPrior.ONE_OUTCOME + lesson) / 2;
    }

    /** The failures in it, 0 to 256. */
    public static int failures(int lesson) {
        return TierPrior.ONE_OUTCOME - successes(lesson);
    }
}

package io.ringfence.engine.bandit;

import io.ringfence.engine.policy.TierPrior;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.Tristate;

/**
 * What one outcome teaches: successes minus failures, in 1/256 of an outcome.
 *
 * <p>The two always add up to one whole outcome, so the difference says both: 256 is a success, -256 a failure, 0 a quality
 * graded half. {@link #NOTHING} is no lesson.
 */
public final class Lesson {
    /** The outcome teaches nothing. */
    public static final int NOTHING = Integer.MIN_VALUE;

    private static final int ONE_BPS = 10_000;

    private Lesson() {}

    /**
     * The lesson of an outcome. Only what was done teaches; a graded quality comes before a bare success or failure.
     *
     * @param qualityBps 0 to 10,000; above (SBE's null is): not graded.
     * @return -256 to 256, or {@link #NOTHING}.
     */
    public static int of(Disposition disposition, Tristate success, int qualityBps) {
        if (disposition != Disposition.APPLIED) {
            return NOTHING;
        }
        if (qualityBps <= ONE_BPS) {
            return 2 * ((qualityBps * TierPrior.ONE_OUTCOME + ONE_BPS / 2) / ONE_BPS) - TierPrior.ONE_OUTCOME;
        }
        return switch (success) {
            case YES -> TierPrior.ONE_OUTCOME;
            case NO -> -TierPrior.ONE_OUTCOME;
            default -> NOTHING;
        };
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

package io.ringfence.engine.policy;

import io.ringfence.engine.policy.Adaptive.TierPrior;
import java.util.ArrayList;
import java.util.List;

/**
 * Priors to start a use case with, by kind of work.
 *
 * <p>The numbers are judgement, not measurement: how likely success must be, how likely it seems in the cheapest and in the
 * dearest tier, and how many outcomes that belief is worth. Tiers between lie on the line between the two. Real outcomes
 * outweigh them soon, the sooner the fewer outcomes they claim to be.
 */
public enum PriorPattern {
    /** Answers to customers: a miss costs one more message. */
    SUPPORT(5_500, 6_000, 9_000, 16),
    /** Summaries for a reader who has the source: the most forgiving work. */
    SUMMARY(5_000, 6_000, 9_000, 16),
    /** Fields out of documents: checked downstream, but a miss is handled by hand. */
    EXTRACTION(6_200, 6_500, 9_200, 16),
    /** Code: cheap tiers fail often, and a failure costs a round of review. */
    CODING(7_200, 5_500, 9_000, 16),
    /** Orders to venues: most are taken; a miss costs the price. */
    TRADING(8_000, 7_000, 9_500, 24),
    /** Carriers and routes: a miss is a delay. */
    LOGISTICS(6_000, 6_500, 9_200, 16),
    /** Rules of the law: a miss is a breach, so many outcomes must speak before a cheaper tier is trusted. */
    COMPLIANCE(9_200, 6_500, 9_700, 32),
    /** Threats: a miss is a hole, and cheap tiers miss more. */
    SECURITY(9_200, 6_000, 9_700, 32);

    /** Most outcomes that a belief to start with may be worth. */
    public static final int OUTCOMES_MAX = 1_000;

    private final int targetSuccessBps;
    private final int cheapestSuccessBps;
    private final int dearestSuccessBps;
    private final int outcomes;

    PriorPattern(int targetSuccessBps, int cheapestSuccessBps, int dearestSuccessBps, int outcomes) {
        this.targetSuccessBps = targetSuccessBps;
        this.cheapestSuccessBps = cheapestSuccessBps;
        this.dearestSuccessBps = dearestSuccessBps;
        this.outcomes = outcomes;
    }

    /** Probability of success that a tier must reach, in bps. */
    public int targetSuccessBps() {
        return targetSuccessBps;
    }

    /** How many outcomes its belief is worth. */
    public int outcomes() {
        return outcomes;
    }

    /** {@link #priors(int, int)} that are worth {@link #outcomes}. */
    public List<TierPrior> priors(int tierCount) {
        return priors(tierCount, outcomes);
    }

    /**
     * One prior a tier, cheapest first; a single tier gets the dearest one's.
     *
     * @param tierCount  1 to {@link Adaptive#TIERS_MAX}.
     * @param ofOutcomes how many outcomes they are worth, 1 to {@link #OUTCOMES_MAX}.
     */
    public List<TierPrior> priors(int tierCount, int ofOutcomes) {
        if (tierCount < 1 || tierCount > Adaptive.TIERS_MAX) {
            throw new IllegalArgumentException("tierCount must be 1 to 8: tierCount=" + tierCount);
        }
        if (ofOutcomes < 1 || ofOutcomes > OUTCOMES_MAX) {
            throw new IllegalArgumentException("ofOutcomes must be 1 to 1,000: ofOutcomes=" + ofOutcomes);
        }
        List<TierPrior> priors = new ArrayList<>(tierCount);
        for (int tier = 0; tier < tierCount; tier++) {
            long counts = (long) ofOutcomes * TierPrior.ONE_OUTCOME;
            long successes = counts * successBps(tier, tierCount) / Bps.ONE;
            priors.add(new TierPrior(successes, counts - successes));
        }
        return priors;
    }

    private int successBps(int tier, int tierCount) {
        if (tierCount == 1) {
            return dearestSuccessBps;
        }
        return cheapestSuccessBps + (dearestSuccessBps - cheapestSuccessBps) * tier / (tierCount - 1);
    }
}

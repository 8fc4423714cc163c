package io.ringfence.engine.bandit;

import io.ringfence.engine.policy.Adaptive;

/** The tier that was chosen, with each tier's posterior and draw. Mutable and reused; not thread safe. */
public final class TierChoice {
    /** The tier where none was chosen. */
    public static final int NO_TIER = 255;

    private final long[] successes = new long[Adaptive.TIERS_MAX];
    private final long[] failures = new long[Adaptive.TIERS_MAX];
    private final int[] draws = new int[Adaptive.TIERS_MAX];
    private int tierCount;
    private int tier = NO_TIER;

    /** No tier was sampled. */
    public void clear() {
        tierCount = 0;
        tier = NO_TIER;
    }

    /** Begins to tell of that many tiers; each must be told then. 0 to {@link Adaptive#TIERS_MAX}. */
    public void begin(int tierCount) {
        this.tierCount = tierCount;
    }

    /** Tells of one tier, as the accessors below give it. */
    public void sampled(int tier, long successes, long failures, int draw) {
        this.successes[tier] = successes;
        this.failures[tier] = failures;
        this.draws[tier] = draw;
    }

    /** Names the tier chosen, or {@link #NO_TIER}. */
    public void chosen(int tier) {
        this.tier = tier;
    }

    /** How many tiers were sampled: all of the policy. */
    public int tierCount() {
        return tierCount;
    }

    /** The tier chosen, 0 the cheapest, or {@link #NO_TIER}. */
    public int tier() {
        return tier;
    }

    /** Alpha of a tier's posterior in 1/256; 1 to 2^32 - 2. */
    public long successes(int tier) {
        return successes[tier];
    }

    /** Beta of a tier's posterior in 1/256; 1 to 2^32 - 2. */
    public long failures(int tier) {
        return failures[tier];
    }

    /** A tier's sample in 1/65,536, rounded down; 0 to 65,535. */
    public int draw(int tier) {
        return draws[tier];
    }
}

package io.ringfence.engine.bandit;

import io.ringfence.engine.policy.Adaptive;

/** The chosen tier, the posterior of every tier, and the draws of the sampled tiers. Mutable and reused; not thread safe. */
public final class TierChoice {
    /** The tier of a choice that was not made. */
    public static final int NO_TIER = 255;

    private final long[] successes = new long[Adaptive.TIERS_MAX];
    private final long[] failures = new long[Adaptive.TIERS_MAX];
    private final int[] draws = new int[Adaptive.TIERS_MAX];
    private int tierCount;
    private int sampledCount;
    private int tier = NO_TIER;

    /** Empties the choice: no tiers, no draws, {@link #NO_TIER}. */
    public void clear() {
        begin(0);
        tier = NO_TIER;
    }

    /**
     * Starts a new choice without draws. The posterior of each tier must be written next.
     *
     * @param tierCount tiers of the policy, 0 to {@link Adaptive#TIERS_MAX}.
     */
    public void begin(int tierCount) {
        this.tierCount = tierCount;
        sampledCount = 0;
    }

    /** Writes the posterior of a tier, in 1/256 of an outcome. */
    public void posterior(int tier, long successes, long failures) {
        this.successes[tier] = successes;
        this.failures[tier] = failures;
    }

    /** Writes the draw of a tier, in 1/65,536. Tiers are drawn in order from 0. */
    public void drawn(int tier, int draw) {
        draws[tier] = draw;
        sampledCount = tier + 1;
    }

    /** Writes posterior and draw of a tier. */
    public void sampled(int tier, long successes, long failures, int draw) {
        posterior(tier, successes, failures);
        drawn(tier, draw);
    }

    /** Writes the chosen tier, or {@link #NO_TIER}. */
    public void chosen(int tier) {
        this.tier = tier;
    }

    /** Tiers of the policy: each has a posterior. 0 when no choice was made. */
    public int tierCount() {
        return tierCount;
    }

    /** Tiers 0 to {@code sampledCount - 1} were sampled and have a draw; 0 to {@link #tierCount()}. */
    public int sampledCount() {
        return sampledCount;
    }

    /** The chosen tier, 0 is the cheapest, or {@link #NO_TIER}. */
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

    /** The draw of a sampled tier in 1/65,536, rounded down, 0 to 65,535; 0 for a tier that was not sampled. */
    public int draw(int tier) {
        return tier < sampledCount ? draws[tier] : 0;
    }
}

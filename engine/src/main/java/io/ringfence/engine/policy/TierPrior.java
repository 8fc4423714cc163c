package io.ringfence.engine.policy;

/**
 * What is believed about a tier's success before any outcome: a Beta distribution in counts of 1/256 outcome.
 *
 * @param successes alpha in 1/256; 1 to {@link #COUNT_MAX}.
 * @param failures  beta in 1/256; 1 to {@link #COUNT_MAX}.
 */
public record TierPrior(long successes, long failures) {
    /** One whole outcome. */
    public static final int ONE_OUTCOME = 256;

    /** Half of what a u32 holds: the other half is left for what outcomes teach. */
    public static final long COUNT_MAX = Integer.MAX_VALUE;
}

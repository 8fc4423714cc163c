package io.ringfence.engine.policy;

import io.ringfence.engine.policy.Policy.UseCase;
import java.util.Arrays;
import java.util.List;

/**
 * The adaptive part of a policy as it is announced: quality tiers and use cases with their priors, by the rules of {@link AdaptiveFault}.
 *
 * <p>Immutable; safe from any thread.
 */
public final class Adaptive {
    /** Most tiers a policy may have. */
    public static final int TIERS_MAX = 8;

    /** Use case codes are 0 to 63. */
    public static final int USE_CASES_MAX = 64;

    /** Longest half-life: ten years. */
    public static final long HALF_LIFE_MINUTES_MAX = 5_256_000;

    private final int[] tierFloorsBps;
    private final List<UseCase> useCases;
    private final long halfLifeMinutes;

    Adaptive(int[] tierFloorsBps, List<UseCase> useCases, long halfLifeMinutes) {
        this.tierFloorsBps = tierFloorsBps.clone();
        this.halfLifeMinutes = halfLifeMinutes;
        this.useCases = List.copyOf(useCases);
    }

    /** The same without a half-life. */
    public static Checked<Adaptive, AdaptiveFault> of(int[] tierFloorsBps, List<UseCase> useCases) {
        return of(tierFloorsBps, useCases, 0);
    }

    /**
     * Checks the rules of {@link AdaptiveFault.Rule} and makes an adaptive part.
     *
     * @param tierFloorsBps least quality of each tier, cheapest first, strictly ascending, 0 to 10,000; 1 to 8 of them.
     * @param useCases      ascending by code, each at most once.
     * @param halfLifeMinutes event time in which what was learnt fades by half; 0: it does not. At most {@link #HALF_LIFE_MINUTES_MAX}.
     * @return the adaptive part, or the first rule it breaks.
     */
    public static Checked<Adaptive, AdaptiveFault> of(
            int[] tierFloorsBps, List<UseCase> useCases, long halfLifeMinutes) {
        AdaptiveFault fault = AdaptiveFault.first(tierFloorsBps, useCases, halfLifeMinutes);
        return fault == null
                ? Checked.of(new Adaptive(tierFloorsBps, useCases, halfLifeMinutes))
                : Checked.refused(fault);
    }

    /** Number of tiers, 1 to 8. */
    public int tierCount() {
        return tierFloorsBps.length;
    }

    /** Least quality of a tier; tier 0 is the cheapest. */
    public int tierFloorBps(int tier) {
        return tierFloorsBps[tier];
    }

    /** The highest tier whose floor a quality reaches; 0 if it reaches none. */
    public int tierOf(int qualityBps) {
        int tier = tierFloorsBps.length - 1;
        while (tier > 0 && qualityBps < tierFloorsBps[tier]) {
            tier--;
        }
        return tier;
    }

    /** Event time in which what was learnt fades by half, in minutes; 0: it does not. */
    public long halfLifeMinutes() {
        return halfLifeMinutes;
    }

    /** All use cases, ascending by code. */
    public List<UseCase> useCases() {
        return useCases;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Adaptive that
                && halfLifeMinutes == that.halfLifeMinutes
                && Arrays.equals(tierFloorsBps, that.tierFloorsBps)
                && useCases.equals(that.useCases);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(tierFloorsBps) + useCases.hashCode()) + Long.hashCode(halfLifeMinutes);
    }

    /**
     * Prior of a tier's success: a Beta distribution in counts of 1/256 outcome.
     *
     * @param successes alpha in 1/256; 1 to {@link #COUNT_MAX}.
     * @param failures  beta in 1/256; 1 to {@link #COUNT_MAX}.
     */
    public record TierPrior(long successes, long failures) {
        /** Count of one whole outcome. */
        public static final int ONE_OUTCOME = 256;

        /** Greatest prior count. The rest of a u32 is left for the counts of outcomes. */
        public static final long COUNT_MAX = Integer.MAX_VALUE;
    }
}

package io.ringfence.engine.policy;

import java.util.Arrays;
import java.util.List;

/**
 * The adaptive part of a policy: quality tiers and use cases with their priors.
 *
 * <p>Immutable; safe from any thread.
 */
public final class Adaptive {
    /** Most tiers a policy may have. */
    public static final int TIERS_MAX = 8;

    /** Use case codes are 0 to 63. */
    public static final int USE_CASES_MAX = 64;

    private final int[] tierFloorsBps;
    private final List<UseCase> useCases;
    private final UseCase[] byCode = new UseCase[USE_CASES_MAX];

    Adaptive(int[] tierFloorsBps, List<UseCase> useCases) {
        this.tierFloorsBps = tierFloorsBps.clone();
        this.useCases = List.copyOf(useCases);
        for (UseCase useCase : useCases) {
            byCode[useCase.code()] = useCase;
        }
    }

    /**
     * Checks the rules of {@link AdaptiveFault.Rule} and makes an adaptive part.
     *
     * @param tierFloorsBps least quality of each tier, cheapest first, strictly ascending, 0 to 10,000; 1 to 8 of them.
     * @param useCases      ascending by code, each at most once.
     * @return the adaptive part, or the first rule it breaks.
     */
    public static Checked<Adaptive, AdaptiveFault> of(int[] tierFloorsBps, List<UseCase> useCases) {
        AdaptiveFault fault = AdaptiveFault.first(tierFloorsBps, useCases);
        return fault == null ? Checked.of(new Adaptive(tierFloorsBps, useCases)) : Checked.refused(fault);
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

    /** True when the policy defines the use case; false for a code outside 0 to 63. */
    public boolean hasUseCase(int code) {
        return useCase(code) != null;
    }

    /** The use case of a code; null if the policy does not define it or the code is outside 0 to 63. */
    public UseCase useCase(int code) {
        return Integer.compareUnsigned(code, USE_CASES_MAX) < 0 ? byCode[code] : null;
    }

    /** All use cases, ascending by code. */
    public List<UseCase> useCases() {
        return useCases;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Adaptive that
                && Arrays.equals(tierFloorsBps, that.tierFloorsBps)
                && useCases.equals(that.useCases);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(tierFloorsBps) + useCases.hashCode();
    }

    /**
     * Defaults, floors, target and priors of one kind of request.
     *
     * @param code                0 to 63.
     * @param defaults            for fields that a request leaves null.
     * @param hardFloorBps        least quality in every case, 0 to 10,000.
     * @param recommendedFloorBps least quality when the client states none, 0 to 10,000.
     * @param targetSuccessBps    probability of success that a tier must reach, 0 to 10,000.
     * @param priors              one per tier, cheapest first.
     */
    public record UseCase(
            int code,
            Defaults defaults,
            int hardFloorBps,
            int recommendedFloorBps,
            int targetSuccessBps,
            List<TierPrior> priors) {
        public UseCase {
            priors = List.copyOf(priors);
        }

        /**
         * The floor of a request that states none: the higher of this use case's and the chosen tier's, moved by the regime's step,
         * within 0 to 10,000.
         *
         * @param stepBps from the regime; negative lowers.
         */
        public int recommendedFloorBps(int tierFloorBps, int stepBps) {
            return Math.max(0, Math.min(Bps.ONE, Math.max(recommendedFloorBps, tierFloorBps) + stepBps));
        }

        /** The higher of the hard floor and the one asked for, which the client states or this use case recommends. */
        public int floorBps(int askedFloorBps) {
            return Math.max(hardFloorBps, askedFloorBps);
        }

        /** Is the hard floor above the one asked for? */
        public boolean raises(int askedFloorBps) {
            return hardFloorBps > askedFloorBps;
        }

        /**
         * Values for the fields that a request leaves null.
         *
         * @param businessValueMicros worth of a success; any i64 except the lowest, which is the null of SBE.
         * @param valueBpsOfNotional  value of an order as a part of its notional, u32; 0: orders take {@code businessValueMicros} too.
         * @param riskBps             0 to 10,000.
         * @param confidenceBps       0 to 10,000.
         * @param outputUnits         0 to 4,294,967,294.
         * @param maxP95LatencyMs     0 (no cap) to 4,294,967,294.
         */
        public record Defaults(
                long businessValueMicros,
                long valueBpsOfNotional,
                int riskBps,
                int confidenceBps,
                long outputUnits,
                long maxP95LatencyMs) {
            /**
             * Value of an order that names none: floor(notional x bps / 10,000), capped at the largest i64.
             *
             * @param notionalMicros 0 and above.
             */
            public long orderValueMicros(long notionalMicros) {
                if (valueBpsOfNotional == 0) {
                    return businessValueMicros;
                }
                // Split so that nothing leaves 64 bits: n = 10,000 w + r, hence floor(n b / 10,000) = w b + floor(r b /
                // 10,000).
                long whole = notionalMicros / Bps.ONE;
                long part = (notionalMicros % Bps.ONE) * valueBpsOfNotional / Bps.ONE;
                if (whole > (Long.MAX_VALUE - part) / valueBpsOfNotional) {
                    return Long.MAX_VALUE;
                }
                return whole * valueBpsOfNotional + part;
            }
        }
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

package io.ringfence.engine.policy;

import java.util.List;

/** Finds the first rule that the adaptive part of a policy breaks. */
final class AdaptiveRules {
    private static final int BPS_MAX = 10_000;
    private static final long U32_MAX = 0xFFFF_FFFFL;
    private static final long OPTIONAL_U32_MAX = U32_MAX - 1; // All ones is SBE's null.

    private AdaptiveRules() {}

    /** The first fault, tiers first, then use case by use case in the order of {@link AdaptiveRule}; null if there is none. */
    static AdaptiveFault firstFault(int[] tierFloorsBps, List<UseCase> useCases) {
        AdaptiveFault fault = ofTiers(tierFloorsBps);
        if (fault == null && useCases.size() > Adaptive.USE_CASES_MAX) {
            fault = AdaptiveFault.of(AdaptiveRule.USE_CASE_COUNT, useCases.size());
        }
        int codeBefore = -1;
        for (int index = 0; fault == null && index < useCases.size(); index++) {
            fault = ofUseCase(useCases.get(index), codeBefore, tierFloorsBps.length);
            codeBefore = useCases.get(index).code();
        }
        return fault;
    }

    private static AdaptiveFault ofTiers(int[] tierFloorsBps) {
        if (tierFloorsBps.length < 1 || tierFloorsBps.length > Adaptive.TIERS_MAX) {
            return AdaptiveFault.of(AdaptiveRule.TIER_COUNT, tierFloorsBps.length);
        }
        for (int tier = 0; tier < tierFloorsBps.length; tier++) {
            if (isOutside(tierFloorsBps[tier], 0, BPS_MAX)) {
                return AdaptiveFault.ofTier(AdaptiveRule.TIER_FLOOR_RANGE, tier, tierFloorsBps[tier]);
            }
            if (tier > 0 && tierFloorsBps[tier] <= tierFloorsBps[tier - 1]) {
                return AdaptiveFault.ofTier(AdaptiveRule.TIER_FLOOR_ORDER, tier, tierFloorsBps[tier]);
            }
        }
        return null;
    }

    private static AdaptiveFault ofUseCase(UseCase useCase, int codeBefore, int tierCount) {
        int code = useCase.code();
        if (isOutside(code, 0, Adaptive.USE_CASES_MAX - 1)) {
            return AdaptiveFault.ofUseCase(AdaptiveRule.USE_CASE_CODE, code, code);
        }
        if (code <= codeBefore) {
            return AdaptiveFault.ofUseCase(AdaptiveRule.USE_CASE_ORDER, code, code);
        }
        AdaptiveFault fault = ofDefaults(code, useCase.defaults());
        if (fault == null) {
            fault = ofFloors(code, useCase);
        }
        return fault == null ? ofPriors(code, useCase.priors(), tierCount) : fault;
    }

    private static AdaptiveFault ofDefaults(int code, UseCaseDefaults defaults) {
        if (defaults.businessValueMicros() == Long.MIN_VALUE) {
            return AdaptiveFault.ofUseCase(AdaptiveRule.BUSINESS_VALUE, code, Long.MIN_VALUE);
        }
        if (isOutside(defaults.valueBpsOfNotional(), 0, U32_MAX)) {
            return AdaptiveFault.ofUseCase(AdaptiveRule.VALUE_OF_NOTIONAL, code, defaults.valueBpsOfNotional());
        }
        if (isOutside(defaults.riskBps(), 0, BPS_MAX)) {
            return AdaptiveFault.ofUseCase(AdaptiveRule.RISK, code, defaults.riskBps());
        }
        if (isOutside(defaults.confidenceBps(), 0, BPS_MAX)) {
            return AdaptiveFault.ofUseCase(AdaptiveRule.CONFIDENCE, code, defaults.confidenceBps());
        }
        if (isOutside(defaults.outputUnits(), 0, OPTIONAL_U32_MAX)) {
            return AdaptiveFault.ofUseCase(AdaptiveRule.OUTPUT_UNITS, code, defaults.outputUnits());
        }
        if (isOutside(defaults.maxP95LatencyMs(), 0, OPTIONAL_U32_MAX)) {
            return AdaptiveFault.ofUseCase(AdaptiveRule.MAX_P95_LATENCY, code, defaults.maxP95LatencyMs());
        }
        return null;
    }

    private static AdaptiveFault ofFloors(int code, UseCase useCase) {
        if (isOutside(useCase.hardFloorBps(), 0, BPS_MAX)) {
            return AdaptiveFault.ofUseCase(AdaptiveRule.HARD_FLOOR, code, useCase.hardFloorBps());
        }
        if (isOutside(useCase.recommendedFloorBps(), 0, BPS_MAX)) {
            return AdaptiveFault.ofUseCase(AdaptiveRule.RECOMMENDED_FLOOR, code, useCase.recommendedFloorBps());
        }
        if (isOutside(useCase.targetSuccessBps(), 0, BPS_MAX)) {
            return AdaptiveFault.ofUseCase(AdaptiveRule.TARGET_SUCCESS, code, useCase.targetSuccessBps());
        }
        return null;
    }

    private static AdaptiveFault ofPriors(int code, List<TierPrior> priors, int tierCount) {
        if (priors.size() != tierCount) {
            return AdaptiveFault.ofUseCase(AdaptiveRule.PRIOR_COUNT, code, priors.size());
        }
        for (int tier = 0; tier < tierCount; tier++) {
            TierPrior prior = priors.get(tier);
            if (isOutside(prior.successes(), 1, TierPrior.COUNT_MAX)) {
                return new AdaptiveFault(AdaptiveRule.PRIOR_SUCCESSES, code, tier, prior.successes());
            }
            if (isOutside(prior.failures(), 1, TierPrior.COUNT_MAX)) {
                return new AdaptiveFault(AdaptiveRule.PRIOR_FAILURES, code, tier, prior.failures());
            }
        }
        return null;
    }

    private static boolean isOutside(long value, long lowest, long highest) {
        return value < lowest || value > highest;
    }
}

package io.ringfence.engine.policy;

import io.ringfence.engine.policy.Adaptive.TierPrior;
import io.ringfence.engine.policy.Policy.UseCase;
import java.util.List;

/**
 * The first rule that the adaptive part of a policy breaks.
 *
 * @param rule    that is broken; it names the field.
 * @param useCase code of the use case it is about; {@link #NO_INDEX} if none.
 * @param tier    it is about; {@link #NO_INDEX} if none.
 * @param value   found there.
 */
public record AdaptiveFault(Rule rule, int useCase, int tier, long value) implements Checked.Fault {
    /** Rules in the order of checking: bytes, tiers, use cases. */
    public enum Rule {
        TRUNCATED("section", "must not end before its last field, whose end is at byte"),
        LAYOUT_UNKNOWN("layout", "must be 5"),
        HALF_LIFE("learning.half_life_minutes", "must be 0 to 5256000"),
        TIER_COUNT("tier_count", "must be 1 to 8"),
        TIER_FLOOR_RANGE("floor_bps", "must be 0 to 10000"),
        TIER_FLOOR_ORDER("floor_bps", "must be above the cheaper tier's"),
        USE_CASE_COUNT("use_case_count", "must be 0 to 64"),
        TRAILING_BYTES("section", "must end with its last field; bytes behind it"),
        USE_CASE_CODE("code", "must be 0 to 63"),
        USE_CASE_ORDER("code", "must be above the one before"),
        BUSINESS_VALUE("business_value_micros", "must not be the lowest i64"),
        VALUE_OF_NOTIONAL("value_bps_of_notional", "must be 0 to 4294967295"),
        RISK("risk_bps", "must be 0 to 10000"),
        CONFIDENCE("confidence_bps", "must be 0 to 10000"),
        OUTPUT_UNITS("output_units", "must be 0 to 4294967294"),
        MAX_P95_LATENCY("max_p95_latency_ms", "must be 0 to 4294967294"),
        HARD_FLOOR("hard_floor_bps", "must be 0 to 10000"),
        RECOMMENDED_FLOOR("recommended_floor_bps", "must be 0 to 10000"),
        TARGET_SUCCESS("target_success_bps", "must be 0 to 10000"),
        EXPLORATION_METHOD("exploration.method", "must be 0 to 2"),
        EXPLORATION_RATE("exploration.rate_bps", "must be 0 to 10000, and 0 unless the method is keyed"),
        EXPLORATION_NEAR("exploration.within", "must be 0 to 2^63 - 1, and 0 without exploration"),
        EXPLORATION_PERIOD("exploration.period", "must be 1 to 2^63 - 1, and 0 without exploration"),
        EXPLORATION_DECISIONS("exploration.max_decisions", "must be 0 to 4294967295, and 0 without exploration"),
        EXPLORATION_SPEND("exploration.max_spend", "must be 0 to 2^63 - 1, and 0 without exploration"),
        REWARD_WEIGHT("reward", "must have weights from 0 to 10000"),
        REWARD_COST("reward.cost", "must be 1 to 2^63 - 1, and 0 without a weight of cost"),
        REWARD_LATENCY("reward.latency_ms", "must be 1 to 4294967294, and 0 without a weight of latency"),
        REWARD_THRESHOLD("reward.threshold_bps", "must be 1 to 10000, and 0 without any weight"),
        ALARM_WINDOW("alarms.drift.window", "must be 1 to 1000000, and 0 without an alarm of drift"),
        ALARM_SLACK("alarms.drift.slack_bps", "must be 0 to 10000, and 0 without an alarm of drift"),
        ALARM_DRIFT("alarms.drift.threshold", "must be 0 to 1000000 outcomes"),
        ALARM_TOLERATED("alarms.divergence.tolerated_bps", "must be 0 to 10000, and 0 without an alarm of divergence"),
        ALARM_DIVERGENCE("alarms.divergence.threshold", "must be 0 to 1000000 outcomes"),
        PRIOR_COUNT("priors", "must be one a tier"),
        PRIOR_SUCCESSES("prior_successes", "must be 1 to 2147483647"),
        PRIOR_FAILURES("prior_failures", "must be 1 to 2147483647");

        private final String field;
        private final String text;

        Rule(String field, String text) {
            this.field = field;
            this.text = text;
        }

        /** Name of the field. */
        public String field() {
            return field;
        }

        /** What the field must be, as a clause. */
        public String text() {
            return text;
        }
    }

    /** Use case or tier where the fault is about none. */
    public static final int NO_INDEX = -1;

    private static final long U32_MAX = 0xFFFF_FFFFL;
    private static final long OPTIONAL_U32_MAX = U32_MAX - 1; // All ones is SBE's null.

    static AdaptiveFault of(Rule rule, long value) {
        return new AdaptiveFault(rule, NO_INDEX, NO_INDEX, value);
    }

    static AdaptiveFault ofTier(Rule rule, int tier, long value) {
        return new AdaptiveFault(rule, NO_INDEX, tier, value);
    }

    static AdaptiveFault ofUseCase(Rule rule, int useCase, long value) {
        return new AdaptiveFault(rule, useCase, NO_INDEX, value);
    }

    @Override
    public String text() {
        StringBuilder line = new StringBuilder();
        if (useCase != NO_INDEX) {
            line.append("use case ").append(useCase).append(": ");
        }
        if (tier != NO_INDEX) {
            line.append("tier ").append(tier).append(": ");
        }
        return line.append(rule.field())
                .append(' ')
                .append(rule.text())
                .append(": ")
                .append(value)
                .toString();
    }

    /**
     * The first fault, the half-life and tiers first, then use case by use case in the order of {@link Rule}; null if no rule is broken.
     */
    static AdaptiveFault first(int[] tierFloorsBps, List<UseCase> useCases, long halfLifeMinutes) {
        AdaptiveFault fault = isOutside(halfLifeMinutes, 0, Adaptive.HALF_LIFE_MINUTES_MAX)
                ? of(Rule.HALF_LIFE, halfLifeMinutes)
                : firstOfTiers(tierFloorsBps);
        if (fault == null && useCases.size() > Adaptive.USE_CASES_MAX) {
            fault = of(Rule.USE_CASE_COUNT, useCases.size());
        }
        int codeBefore = -1;
        for (int index = 0; fault == null && index < useCases.size(); index++) {
            fault = firstOfUseCase(useCases.get(index), codeBefore, tierFloorsBps.length);
            codeBefore = useCases.get(index).code();
        }
        return fault;
    }

    private static AdaptiveFault firstOfTiers(int[] tierFloorsBps) {
        if (tierFloorsBps.length < 1 || tierFloorsBps.length > Adaptive.TIERS_MAX) {
            return of(Rule.TIER_COUNT, tierFloorsBps.length);
        }
        for (int tier = 0; tier < tierFloorsBps.length; tier++) {
            if (isOutside(tierFloorsBps[tier], 0, Bps.ONE)) {
                return ofTier(Rule.TIER_FLOOR_RANGE, tier, tierFloorsBps[tier]);
            }
            if (tier > 0 && tierFloorsBps[tier] <= tierFloorsBps[tier - 1]) {
                return ofTier(Rule.TIER_FLOOR_ORDER, tier, tierFloorsBps[tier]);
            }
        }
        return null;
    }

    private static AdaptiveFault firstOfUseCase(UseCase useCase, int codeBefore, int tierCount) {
        int code = useCase.code();
        if (isOutside(code, 0, Adaptive.USE_CASES_MAX - 1)) {
            return ofUseCase(Rule.USE_CASE_CODE, code, code);
        }
        if (code <= codeBefore) {
            return ofUseCase(Rule.USE_CASE_ORDER, code, code);
        }
        AdaptiveFault fault = ofDefaults(code, useCase.defaults());
        if (fault == null) {
            fault = ofFloors(code, useCase);
        }
        if (fault == null) {
            fault = ofExploration(code, useCase.exploration());
        }
        if (fault == null) {
            fault = ofReward(code, useCase.reward());
        }
        if (fault == null) {
            fault = ofAlarms(code, useCase.alarms());
        }
        return fault == null ? ofPriors(code, useCase.priors(), tierCount) : fault;
    }

    private static AdaptiveFault ofDefaults(int code, UseCase.Defaults defaults) {
        if (defaults.businessValueMicros() == Long.MIN_VALUE) {
            return ofUseCase(Rule.BUSINESS_VALUE, code, Long.MIN_VALUE);
        }
        if (isOutside(defaults.valueBpsOfNotional(), 0, U32_MAX)) {
            return ofUseCase(Rule.VALUE_OF_NOTIONAL, code, defaults.valueBpsOfNotional());
        }
        if (isOutside(defaults.riskBps(), 0, Bps.ONE)) {
            return ofUseCase(Rule.RISK, code, defaults.riskBps());
        }
        if (isOutside(defaults.confidenceBps(), 0, Bps.ONE)) {
            return ofUseCase(Rule.CONFIDENCE, code, defaults.confidenceBps());
        }
        if (isOutside(defaults.outputUnits(), 0, OPTIONAL_U32_MAX)) {
            return ofUseCase(Rule.OUTPUT_UNITS, code, defaults.outputUnits());
        }
        if (isOutside(defaults.maxP95LatencyMs(), 0, OPTIONAL_U32_MAX)) {
            return ofUseCase(Rule.MAX_P95_LATENCY, code, defaults.maxP95LatencyMs());
        }
        return null;
    }

    private static AdaptiveFault ofFloors(int code, UseCase useCase) {
        if (isOutside(useCase.hardFloorBps(), 0, Bps.ONE)) {
            return ofUseCase(Rule.HARD_FLOOR, code, useCase.hardFloorBps());
        }
        if (isOutside(useCase.recommendedFloorBps(), 0, Bps.ONE)) {
            return ofUseCase(Rule.RECOMMENDED_FLOOR, code, useCase.recommendedFloorBps());
        }
        if (isOutside(useCase.targetSuccessBps(), 0, Bps.ONE)) {
            return ofUseCase(Rule.TARGET_SUCCESS, code, useCase.targetSuccessBps());
        }
        return null;
    }

    private static AdaptiveFault ofExploration(int code, ExplorationRule rule) {
        long most = rule.explores() ? Long.MAX_VALUE : 0;
        if (isOutside(rule.rateBps(), 0, rule.method() == ExplorationRule.Method.KEYED ? Bps.ONE : 0)) {
            return ofUseCase(Rule.EXPLORATION_RATE, code, rule.rateBps());
        }
        if (isOutside(rule.nearMicros(), 0, most)) {
            return ofUseCase(Rule.EXPLORATION_NEAR, code, rule.nearMicros());
        }
        if (isOutside(rule.periodNs(), rule.explores() ? 1 : 0, most)) {
            return ofUseCase(Rule.EXPLORATION_PERIOD, code, rule.periodNs());
        }
        if (isOutside(rule.decisionsMax(), 0, Math.min(most, U32_MAX))) {
            return ofUseCase(Rule.EXPLORATION_DECISIONS, code, rule.decisionsMax());
        }
        if (isOutside(rule.spendMaxMicros(), 0, most)) {
            return ofUseCase(Rule.EXPLORATION_SPEND, code, rule.spendMaxMicros());
        }
        return null;
    }

    private static AdaptiveFault ofReward(int code, RewardRule rule) {
        int[] weights = {
            rule.qualityWeight(), rule.costWeight(), rule.latencyWeight(), rule.retryWeight(), rule.escalationWeight()
        };
        for (int weight : weights) {
            if (isOutside(weight, 0, RewardRule.WEIGHT_MAX)) {
                return ofUseCase(Rule.REWARD_WEIGHT, code, weight);
            }
        }
        boolean hasCost = rule.costWeight() != 0;
        if (isOutside(rule.costMicros(), hasCost ? 1 : 0, hasCost ? Long.MAX_VALUE : 0)) {
            return ofUseCase(Rule.REWARD_COST, code, rule.costMicros());
        }
        boolean hasLatency = rule.latencyWeight() != 0;
        if (isOutside(rule.latencyMs(), hasLatency ? 1 : 0, hasLatency ? OPTIONAL_U32_MAX : 0)) {
            return ofUseCase(Rule.REWARD_LATENCY, code, rule.latencyMs());
        }
        boolean isGiven = rule.isGiven();
        if (isOutside(rule.thresholdBps(), isGiven ? 1 : 0, isGiven ? Bps.ONE : 0)) {
            return ofUseCase(Rule.REWARD_THRESHOLD, code, rule.thresholdBps());
        }
        return null;
    }

    private static AdaptiveFault ofAlarms(int code, AlarmRule rule) {
        boolean hasDrift = rule.driftOutcomes() != 0;
        if (isOutside(rule.window(), hasDrift ? 1 : 0, hasDrift ? AlarmRule.OUTCOMES_MAX : 0)) {
            return ofUseCase(Rule.ALARM_WINDOW, code, rule.window());
        }
        if (isOutside(rule.slackBps(), 0, hasDrift ? Bps.ONE : 0)) {
            return ofUseCase(Rule.ALARM_SLACK, code, rule.slackBps());
        }
        if (isOutside(rule.driftOutcomes(), 0, AlarmRule.OUTCOMES_MAX)) {
            return ofUseCase(Rule.ALARM_DRIFT, code, rule.driftOutcomes());
        }
        if (isOutside(rule.toleratedBps(), 0, rule.divergenceOutcomes() != 0 ? Bps.ONE : 0)) {
            return ofUseCase(Rule.ALARM_TOLERATED, code, rule.toleratedBps());
        }
        if (isOutside(rule.divergenceOutcomes(), 0, AlarmRule.OUTCOMES_MAX)) {
            return ofUseCase(Rule.ALARM_DIVERGENCE, code, rule.divergenceOutcomes());
        }
        return null;
    }

    private static AdaptiveFault ofPriors(int code, List<TierPrior> priors, int tierCount) {
        if (priors.size() != tierCount) {
            return ofUseCase(Rule.PRIOR_COUNT, code, priors.size());
        }
        for (int tier = 0; tier < tierCount; tier++) {
            TierPrior prior = priors.get(tier);
            if (isOutside(prior.successes(), 1, TierPrior.COUNT_MAX)) {
                return new AdaptiveFault(Rule.PRIOR_SUCCESSES, code, tier, prior.successes());
            }
            if (isOutside(prior.failures(), 1, TierPrior.COUNT_MAX)) {
                return new AdaptiveFault(Rule.PRIOR_FAILURES, code, tier, prior.failures());
            }
        }
        return null;
    }

    private static boolean isOutside(long value, long lowest, long highest) {
        return value < lowest || value > highest;
    }
}

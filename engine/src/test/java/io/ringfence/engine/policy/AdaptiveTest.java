package io.ringfence.engine.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.policy.Adaptive.TierPrior;
import io.ringfence.engine.policy.Policy.UseCase;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdaptiveTest {
    @ParameterizedTest
    @CsvSource({ // Each breaks its rule and the risk rule, which comes later.
        "-1, 500, TIER_FLOOR_RANGE",
        "6000, 10001, TIER_FLOOR_RANGE",
        "500, 500, TIER_FLOOR_ORDER",
        "500, 499, TIER_FLOOR_ORDER",
        "500, 501, RISK"
    })
    void shouldCheckTiersBeforeUseCases(int cheapBps, int dearBps, AdaptiveFault.Rule rule) {
        Checked<Adaptive, AdaptiveFault> result =
                Adaptive.of(new int[] {cheapBps, dearBps}, List.of(useCase(0, 10_001, 2)));

        assertEquals(rule, result.fault().orElseThrow().rule());
    }

    @ParameterizedTest
    @CsvSource({"0, TIER_COUNT", "9, TIER_COUNT"})
    void shouldTakeOneToEightTiers(int tierCount, AdaptiveFault.Rule rule) {
        assertEquals(
                rule,
                Adaptive.of(new int[tierCount], List.of()).fault().orElseThrow().rule());
        assertTrue(Adaptive.of(new int[] {0, 1, 2, 3, 4, 5, 6, 7}, List.of()).isValid());
    }

    @ParameterizedTest
    @CsvSource({"-1, 1, USE_CASE_CODE", "64, 65, USE_CASE_CODE", "7, 7, USE_CASE_ORDER", "7, 6, USE_CASE_ORDER"})
    void shouldWantUseCasesAscending(int firstCode, int secondCode, AdaptiveFault.Rule rule) {
        List<UseCase> useCases = List.of(useCase(firstCode, 0, 1), useCase(secondCode, 10_001, 1));

        assertEquals(
                rule, Adaptive.of(new int[] {0}, useCases).fault().orElseThrow().rule());
    }

    @ParameterizedTest
    @CsvSource({ // value, of notional, risk, confidence, output, latency, hard, recommended, target, alpha, beta
        "-9223372036854775808, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, BUSINESS_VALUE",
        "0, 4294967296, -1, -1, -1, -1, -1, -1, -1, 0, 0, VALUE_OF_NOTIONAL",
        "0, 0, 10001, -1, -1, -1, -1, -1, -1, 0, 0, RISK",
        "0, 0, 0, 10001, -1, -1, -1, -1, -1, 0, 0, CONFIDENCE",
        "0, 0, 0, 0, 4294967295, -1, -1, -1, -1, 0, 0, OUTPUT_UNITS",
        "0, 0, 0, 0, 0, 4294967295, -1, -1, -1, 0, 0, MAX_P95_LATENCY",
        "0, 0, 0, 0, 0, 0, 10001, -1, -1, 0, 0, HARD_FLOOR",
        "0, 0, 0, 0, 0, 0, 0, 10001, -1, 0, 0, RECOMMENDED_FLOOR",
        "0, 0, 0, 0, 0, 0, 0, 0, 10001, 0, 0, TARGET_SUCCESS",
        "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, PRIOR_SUCCESSES",
        "0, 0, 0, 0, 0, 0, 0, 0, 0, 2147483648, 0, PRIOR_SUCCESSES",
        "0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, PRIOR_FAILURES",
        "0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2147483648, PRIOR_FAILURES",
    })
    void shouldReportTheFirstRuleThatIsBroken(
            long value,
            long ofNotional,
            int risk,
            int confidence,
            long output,
            long latency,
            int hard,
            int recommended,
            int target,
            long alpha,
            long beta,
            AdaptiveFault.Rule rule) {
        UseCase.Defaults defaults = new UseCase.Defaults(value, ofNotional, risk, confidence, output, latency);
        List<TierPrior> priors = List.of(new TierPrior(1, 1), new TierPrior(alpha, beta));
        UseCase useCase = new UseCase(9, defaults, hard, recommended, target, priors);

        AdaptiveFault fault =
                Adaptive.of(new int[] {0, 1}, List.of(useCase)).fault().orElseThrow();

        assertEquals(rule, fault.rule());
        assertEquals(9, fault.useCase());
    }

    @ParameterizedTest
    @CsvSource({ // weights of quality, cost, latency, retry, escalation; cost, latency, threshold
        "10001, 1, 1, 1, 1, 0, 0, 0, REWARD_WEIGHT",
        "1, 1, 1, 1, -1, 0, 0, 0, REWARD_WEIGHT",
        "0, 0, 0, 0, 0, 1, 1, 1, REWARD_COST",
        "0, 1, 0, 0, 0, 0, 1, 0, REWARD_COST",
        "0, 0, 0, 0, 0, 0, 1, 1, REWARD_LATENCY",
        "0, 1, 1, 0, 0, 1, 4294967295, 0, REWARD_LATENCY",
        "0, 0, 0, 0, 0, 0, 0, 1, REWARD_THRESHOLD",
        "0, 0, 0, 0, 1, 0, 0, 0, REWARD_THRESHOLD",
        "1, 0, 0, 0, 0, 0, 0, 10001, REWARD_THRESHOLD",
    })
    void shouldBoundRewards(
            int quality,
            int cost,
            int latency,
            int retry,
            int escalation,
            long costMicros,
            long latencyMs,
            int thresholdBps,
            AdaptiveFault.Rule rule) {
        UseCase useCase = useCase(9, 0, 1)
                .with(new RewardRule(quality, cost, latency, retry, escalation, costMicros, latencyMs, thresholdBps));

        AdaptiveFault fault =
                Adaptive.of(new int[] {0}, List.of(useCase)).fault().orElseThrow();

        assertEquals(rule, fault.rule());
        assertEquals(9, fault.useCase());
    }

    @ParameterizedTest
    @CsvSource({"-1", "5256001"})
    void shouldBoundTheHalfLife(long minutes) {
        assertEquals(
                AdaptiveFault.Rule.HALF_LIFE,
                Adaptive.of(new int[] {0}, List.of(), minutes)
                        .fault()
                        .orElseThrow()
                        .rule());
    }

    @ParameterizedTest
    @CsvSource({ // method, rate, near, period, decisions, spend
        "NONE, 1, -1, -1, -1, -1, EXPLORATION_RATE",
        "NONE, 0, 1, -1, -1, -1, EXPLORATION_NEAR",
        "NONE, 0, 0, 1, -1, -1, EXPLORATION_PERIOD",
        "NONE, 0, 0, 0, 1, -1, EXPLORATION_DECISIONS",
        "NONE, 0, 0, 0, 0, 1, EXPLORATION_SPEND",
        "KEYED, 10001, -1, 0, -1, -1, EXPLORATION_RATE",
        "THOMPSON, 1, -1, 0, -1, -1, EXPLORATION_RATE",
        "THOMPSON, 0, -1, 0, -1, -1, EXPLORATION_NEAR",
        "KEYED, 10000, 0, 0, -1, -1, EXPLORATION_PERIOD",
        "KEYED, 0, 0, 1, 4294967296, -1, EXPLORATION_DECISIONS",
        "THOMPSON, 0, 0, 1, 0, -1, EXPLORATION_SPEND"
    })
    void shouldBoundExploration(
            ExplorationRule.Method method,
            int rateBps,
            long nearMicros,
            long periodNs,
            long decisionsMax,
            long spendMaxMicros,
            AdaptiveFault.Rule rule) {
        UseCase useCase = useCase(9, 0, 1)
                .with(new ExplorationRule(method, rateBps, nearMicros, periodNs, decisionsMax, spendMaxMicros));

        AdaptiveFault fault =
                Adaptive.of(new int[] {0}, List.of(useCase)).fault().orElseThrow();

        assertEquals(rule, fault.rule());
        assertEquals(9, fault.useCase());
    }

    @ParameterizedTest
    @CsvSource({ // window, slack, drift, tolerated, divergence; the rule that is broken
        "0,       0,     1,       0,     0,       ALARM_WINDOW",
        "1000001, 0,     1,       0,     0,       ALARM_WINDOW",
        "1,       0,     0,       0,     0,       ALARM_WINDOW",
        "1,       10001, 1,       0,     0,       ALARM_SLACK",
        "0,       1,     0,       0,     0,       ALARM_SLACK",
        "1,       0,     1000001, 0,     0,       ALARM_DRIFT",
        "0,       0,     0,       10001, 1,       ALARM_TOLERATED",
        "0,       0,     0,       1,     0,       ALARM_TOLERATED",
        "0,       0,     0,       0,     1000001, ALARM_DIVERGENCE"
    })
    void shouldNameTheRuleThatAnAlarmBreaks(
            long window, int slack, long drift, int tolerated, long divergence, AdaptiveFault.Rule rule) {
        UseCase useCase = useCase(3, 0, 1).with(new AlarmRule(window, slack, drift, tolerated, divergence));

        Checked<Adaptive, AdaptiveFault> result = Adaptive.of(new int[] {0}, List.of(useCase));

        assertEquals(rule, result.fault().orElseThrow().rule());
    }

    @Test
    void shouldWantOnePriorPerTier() {
        Checked<Adaptive, AdaptiveFault> result = Adaptive.of(new int[] {0, 1}, List.of(useCase(3, 0, 1)));

        assertEquals(
                AdaptiveFault.Rule.PRIOR_COUNT, result.fault().orElseThrow().rule());
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "5999, 0", "6000, 1", "7999, 1", "8000, 2", "10000, 2"})
    void shouldPutAQualityIntoTheHighestTierItReaches(int qualityBps, int tier) {
        Adaptive adaptive =
                Adaptive.of(new int[] {4_000, 6_000, 8_000}, List.of()).value();

        assertEquals(tier, adaptive.tierOf(qualityBps));
    }

    @Test
    void shouldValueAnOrderAsBigIntegersDo() {
        Random random = new Random(7);
        BigInteger most = BigInteger.valueOf(Long.MAX_VALUE);
        for (int round = 0; round < 100_000; round++) {
            long notionalMicros = random.nextLong() >>> 1 >>> random.nextInt(63);
            long bps = (random.nextLong() >>> 32 >>> random.nextInt(32)) | 1;
            UseCase.Defaults defaults = new UseCase.Defaults(-5, bps, 0, 0, 0, 0);
            BigInteger expected = BigInteger.valueOf(notionalMicros)
                    .multiply(BigInteger.valueOf(bps))
                    .divide(BigInteger.valueOf(10_000))
                    .min(most);

            assertEquals(expected.longValueExact(), defaults.orderValueMicros(notionalMicros));
        }
        // The whole part just fits; with the rest it does not.
        assertEquals(
                Long.MAX_VALUE,
                new UseCase.Defaults(0, 0xFFFF_FFFFL, 0, 0, 0, 0).orderValueMicros(21_474_836_489_999L));
        assertEquals(-5, new UseCase.Defaults(-5, 0, 0, 0, 0, 0).orderValueMicros(1_000));
    }

    private static UseCase useCase(int code, int riskBps, int priorCount) {
        List<TierPrior> priors = new ArrayList<>();
        for (int index = 0; index < priorCount; index++) {
            priors.add(new TierPrior(256, 256));
        }
        return new UseCase(code, new UseCase.Defaults(0, 0, riskBps, 0, 0, 0), 0, 0, 5_000, priors);
    }
}

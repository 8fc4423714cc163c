package io.ringfence.engine.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.policy.Adaptive.TierPrior;
import io.ringfence.engine.policy.Policy.UseCase;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PriorPatternTest {
    @ParameterizedTest
    @CsvSource({"SUPPORT, 5500", "CODING, 7200", "COMPLIANCE, 9200", "SECURITY, 9200"})
    void shouldKeepTheTargetsOfTheDesign(PriorPattern pattern, int targetBps) {
        assertEquals(targetBps, pattern.targetSuccessBps());
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveAValidPolicyForEveryTierCount(PriorPattern pattern) {
        for (int tierCount = 1; tierCount <= Adaptive.TIERS_MAX; tierCount++) {
            UseCase.Defaults defaults = new UseCase.Defaults(0, 0, 0, 0, 0, 0);
            List<TierPrior> priors = pattern.priors(tierCount);
            UseCase useCase = new UseCase(0, defaults, 0, 0, pattern.targetSuccessBps(), priors);
            int[] floorsBps = IntStream.range(0, tierCount).toArray();

            assertTrue(Adaptive.of(floorsBps, List.of(useCase)).isValid());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldBelieveMoreInDearerTiersAndThatTheTopOneReachesTheTarget(PriorPattern pattern) {
        List<TierPrior> priors = pattern.priors(8);

        for (int tier = 1; tier < 8; tier++) {
            assertTrue(mean(priors.get(tier)) > mean(priors.get(tier - 1)));
        }
        assertTrue(mean(priors.get(7)) * 10_000 > pattern.targetSuccessBps());
    }

    @Test
    void shouldRefuseATierCountThatNoPolicyHas() {
        assertThrows(IllegalArgumentException.class, () -> PriorPattern.SUPPORT.priors(0));
        assertThrows(IllegalArgumentException.class, () -> PriorPattern.SUPPORT.priors(9));
    }

    @Test
    void shouldBeWorthAsManyOutcomesAsAskedFor() {
        for (int outcomes : new int[] {1, 16, PriorPattern.OUTCOMES_MAX}) {
            TierPrior prior = PriorPattern.SUPPORT.priors(4, outcomes).get(3);

            assertEquals(outcomes * TierPrior.ONE_OUTCOME, prior.successes() + prior.failures());
            assertEquals(0.9, mean(prior), 1.0 / TierPrior.ONE_OUTCOME);
        }
        assertEquals(PriorPattern.SUPPORT.priors(4), PriorPattern.SUPPORT.priors(4, 16));
        assertThrows(IllegalArgumentException.class, () -> PriorPattern.SUPPORT.priors(4, 0));
        assertThrows(IllegalArgumentException.class, () -> PriorPattern.SUPPORT.priors(4, 1_001));
    }

    private static double mean(TierPrior prior) {
        return prior.successes() / (double) (prior.successes() + prior.failures());
    }
}

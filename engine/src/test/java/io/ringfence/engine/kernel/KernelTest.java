package io.ringfence.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.AllocatedBytes;
import io.ringfence.engine.kernel.KernelDecision.Gate;
import io.ringfence.engine.policy.Candidate;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelTest {
    private static final long MAX_U64 = -1;
    private static final long MAX_U32 = 0xFFFF_FFFFL;

    private final Kernel kernel = new Kernel();
    private final KernelDecision decision = new KernelDecision();

    @Test
    void shouldComeToTheWorkedNumbers() {
        kernel.evaluate(GoldenCase.catalog(), GoldenCase.input(), decision);

        assertEquals(Action.EXECUTE, decision.action());
        assertEquals(ReasonCode.REQUESTED_IS_BEST, decision.reason());
        assertEquals(1, decision.selectedId());
        assertEquals(0, decision.selectedIndex());
        assertEquals(2, decision.costMicros());
        assertEquals(77_098, decision.utilityMicros());
        assertEquals(2, decision.counterfactualId());
        assertEquals(63_818, decision.counterfactualUtilityMicros());
        assertEquals(2, decision.evaluatedCount());
        assertEquals(2, decision.eligibleCount());
        assertEquals(7, decision.policyEpoch());
        assertEquals(42, decision.catalogEpoch());
    }

    @Test
    void shouldSubstituteWhenAnotherRanksFirst() {
        KernelInput input = GoldenCase.input();
        input.requestedCandidateId(2);

        kernel.evaluate(GoldenCase.catalog(), input, decision);

        assertEquals(Action.SUBSTITUTE, decision.action());
        assertEquals(ReasonCode.BETTER_CANDIDATE, decision.reason());
        assertEquals(1, decision.selectedId());
    }

    @ParameterizedTest
    @CsvSource({ // risk, confidence, reason: a request that breaks both rules is refused by the first.
        "9600, 5499, RISK_HARD_LIMIT",
        "9599, 5499, CONFIDENCE_TOO_LOW",
        "9600, 5500, RISK_HARD_LIMIT"
    })
    void shouldRefuseTheRequestBeforeLookingAtCandidates(int risk, int confidence, ReasonCode reason) {
        KernelInput input = GoldenCase.input();
        input.riskBps(risk);
        input.confidenceBps(confidence);

        kernel.evaluate(GoldenCase.catalog(), input, decision);

        assertEquals(Action.REJECT, decision.action());
        assertEquals(reason, decision.reason());
        assertEquals(0, decision.selectedId());
        assertEquals(KernelDecision.NO_INDEX, decision.selectedIndex());
        assertEquals(0, decision.evaluatedCount());
        assertEquals(0, decision.eligibleCount());
        assertEquals(reason.value(), Kernel.gateOf(GoldenCase.catalog(), 0, input));
        assertFalse(Kernel.isEligible(GoldenCase.catalog(), 0, input));
    }

    @ParameterizedTest
    @CsvSource({ // how many rules are kept, gate: each line keeps one more rule and breaks all behind it.
        "0, DISABLED, CANDIDATES_DISABLED",
        "1, QUALITY, QUALITY_TOO_LOW",
        "2, LATENCY, LATENCY_TOO_HIGH",
        "3, CAPABILITY, CAPABILITY_MISSING",
        "4, PROVIDER, PROVIDER_NOT_ALLOWED",
        "5, REGION, REGION_NOT_ALLOWED",
        "6, RISK_CEILING, RISK_CEILING_EXCEEDED",
        "7, COST_LIMIT, COST_LIMIT_EXCEEDED",
        "8, UTILITY, UTILITY_NOT_POSITIVE"
    })
    void shouldStopACandidateAtTheFirstGateItFails(int kept, Gate gate, ReasonCode reason) {
        Candidate candidate = new Candidate(
                9,
                kept > 4 ? 1 : 2,
                kept > 1 ? 4_000 : 3_999,
                kept > 6 ? 5_000 : 4_999,
                kept > 0 ? 1 : 0,
                kept > 2 ? 300 : 301,
                kept > 3 ? 7 : 6,
                kept > 5 ? 8 : 16,
                kept > 7 ? 1_000_000 : 1_000_001,
                0);
        Catalog catalog = Catalog.asGiven(new Catalog.Head(1, 1, 6_000, 0, 0, 0), List.of(candidate));
        KernelInput input = new KernelInput();
        input.inputUnits(1_000_000);
        input.costLimitMicros(1_000_000);
        input.riskBps(5_000);
        input.minimumQualityBps(4_000);
        input.maxP95LatencyMs(300);
        input.requiredCapabilities(7);
        input.allowedProviderMask(2);
        input.requiredRegionMask(8 | 4);

        kernel.evaluate(catalog, input, decision);

        assertEquals(reason, decision.reason());
        assertEquals(1, decision.gateCount(gate));
        assertEquals(reason.value(), Kernel.gateOf(catalog, 0, input));
        assertEquals(reason, gate.reason());
    }

    @Test
    void shouldOrderReasonsOfEqualCountsByStrength() {
        List<Gate> weakestFirst = List.of(
                Gate.CAPABILITY,
                Gate.REGION,
                Gate.PROVIDER,
                Gate.QUALITY,
                Gate.RISK_CEILING,
                Gate.LATENCY,
                Gate.COST_LIMIT,
                Gate.UTILITY,
                Gate.DISABLED);
        List<ReasonCode> reasons = new ArrayList<>();
        KernelDecision equal = new KernelDecision();

        for (Gate gate : weakestFirst) {
            equal.gateCount(gate, 3);
            equal.rejectCatalog();
            reasons.add(equal.reason());
        }

        assertEquals(weakestFirst.stream().map(Gate::reason).toList(), reasons);
    }

    @Test
    void shouldGiveNoCandidatesAsDisabled() {
        kernel.evaluate(Catalog.asGiven(GoldenCase.HEAD, List.of()), GoldenCase.input(), decision);

        assertEquals(ReasonCode.CANDIDATES_DISABLED, decision.reason());
        assertEquals(0, decision.evaluatedCount());
    }

    @ParameterizedTest
    @CsvSource({ // id, quality, p95 and price of two, who ranks first: each line ties on one more rule.
        "5, 6000, 0, 1000000, 8, 6100, 0, 1000000, 8",
        "5, 6001, 0, 1000000, 8, 6000, 1,       0, 8",
        "5, 6000, 0, 1000000, 8, 6001, 0, 1000000, 8",
        "5, 6000, 0, 1000000, 8, 6000, 0, 1000000, 5",
        "8, 6000, 0, 1000000, 5, 6000, 0, 1000000, 5"
    })
    void shouldRankByUtilityThenCostThenQualityThenId(
            long id, int quality, long p95, long price, long id2, int quality2, long p95Of2, long price2, long first) {
        Candidate one = new Candidate(id, 0, quality, 9_000, 1, p95, 0, 0, price, 0);
        Candidate two = new Candidate(id2, 0, quality2, 9_000, 1, p95Of2, 0, 0, price2, 0);
        Catalog catalog = Catalog.asGiven(new Catalog.Head(1, 1, 9_000, 0, 0, 1), List.of(one, two));
        KernelInput input = new KernelInput();
        input.inputUnits(1);
        input.businessValueMicros(1_000);
        input.confidenceBps(10_000);
        input.costLimitMicros(MAX_U64);
        input.allowedProviderMask(MAX_U64);

        kernel.evaluate(catalog, input, decision);

        assertEquals(first, decision.selectedId());
        assertEquals(first == id ? id2 : id, decision.counterfactualId());
    }

    @Test
    void shouldLetALaterCandidateOfEqualUtilityButLowerCostStandSecond() {
        Candidate best = new Candidate(1, 0, 10_000, 9_000, 1, 0, 0, 0, 0, 0);
        Candidate dear = new Candidate(2, 0, 9_000, 9_000, 1, 0, 0, 0, 1_000_000, 0); // 900 less 1.
        Candidate cheap = new Candidate(3, 0, 8_990, 9_000, 1, 0, 0, 0, 0, 0); // 899, without any rounding.
        Catalog catalog = Catalog.trusted(new Catalog.Head(1, 1, 9_000, 0, 0, 0), List.of(best, dear, cheap))
                .value();
        KernelInput input = new KernelInput();
        input.inputUnits(1);
        input.businessValueMicros(1_000);
        input.confidenceBps(10_000);
        input.costLimitMicros(MAX_U64);
        input.allowedProviderMask(MAX_U64);

        kernel.evaluate(catalog, input, decision);

        assertEquals(3, decision.counterfactualId());
        assertEquals(899, decision.counterfactualUtilityMicros());
        assertEquals(3, decision.eligibleCount());
    }

    @Test
    void shouldSaturateCostAndClampUtility() {
        Candidate dear = new Candidate(1, 0, 10_000, 10_000, 1, MAX_U32, 0, 0, MAX_U64, MAX_U64);
        Catalog catalog = Catalog.trusted(new Catalog.Head(1, 1, 9_000, 0, 0, MAX_U64), List.of(dear))
                .value();
        KernelInput input = new KernelInput();
        input.inputUnits(MAX_U32);
        input.outputUnits(MAX_U32);
        input.costLimitMicros(MAX_U64);
        input.allowedProviderMask(MAX_U64);

        kernel.evaluate(catalog, input, decision);

        assertEquals(MAX_U64, Kernel.costMicros(catalog, 0, input));
        assertEquals(Long.MIN_VALUE, Kernel.utilityMicros(catalog, 0, input));
        assertEquals(
                ReasonCode.UTILITY_NOT_POSITIVE, decision.reason()); // The saturated cost equals the limit: it passes.
    }

    @Test
    void shouldTieClampedUtilitiesByCost() {
        Candidate dear = new Candidate(1, 0, 65_535, 10_000, 1, 0, 0, 0, 2_000_000, 0);
        Candidate cheap = new Candidate(2, 0, 65_534, 10_000, 1, 0, 0, 0, 1_000_000, 0);
        Catalog catalog = Catalog.asGiven(new Catalog.Head(1, 1, 9_000, 0, 0, 0), List.of(dear, cheap));
        KernelInput input = new KernelInput();
        input.inputUnits(1);
        input.businessValueMicros(Long.MAX_VALUE);
        input.confidenceBps(65_535);
        input.costLimitMicros(MAX_U64);
        input.allowedProviderMask(MAX_U64);

        kernel.evaluate(catalog, input, decision);

        assertEquals(2, decision.selectedId());
        assertEquals(Long.MAX_VALUE, decision.utilityMicros());
        assertEquals(Long.MAX_VALUE, decision.counterfactualUtilityMicros());
    }

    @Test
    void shouldWriteTheWholeDecisionWhateverStoodThere() {
        KernelDecision used = new KernelDecision();
        kernel.evaluate(GoldenCase.catalog(), GoldenCase.input(), used);
        KernelInput refused = GoldenCase.input();
        refused.minimumQualityBps(9_500);

        kernel.evaluate(GoldenCase.catalog(), refused, used);
        kernel.evaluate(GoldenCase.catalog(), refused, decision);

        assertFalse(used.isSelected());
        assertEquals(0, used.costMicros());
        assertEquals(0, used.counterfactualId());
        assertEquals(0, used.counterfactualUtilityMicros());
        assertEquals(2, used.gateCount(Gate.QUALITY));
        assertEquals(decision.eligibleCount(), used.eligibleCount());
    }

    @Test
    void shouldAllocateNothingOnceWarm() {
        Catalog catalog = GoldenCase.catalog();
        KernelInput narrow = GoldenCase.input();
        KernelInput wide = GoldenCase.input();
        wide.businessValueMicros(Long.MAX_VALUE);

        long allocated = AllocatedBytes.leastOf(() -> decideOften(catalog, narrow, wide));

        assertTrue(allocated < 1_000, () -> "bytes allocated by 40,000 decisions: " + allocated);
    }

    private void decideOften(Catalog catalog, KernelInput narrow, KernelInput wide) {
        for (int turn = 0; turn < 20_000; turn++) {
            kernel.evaluate(catalog, narrow, decision);
            kernel.evaluate(catalog, wide, decision);
            Kernel.gateOf(catalog, 1, wide);
        }
    }
}

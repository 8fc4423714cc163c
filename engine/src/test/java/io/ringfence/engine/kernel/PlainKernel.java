package io.ringfence.engine.kernel;

import io.ringfence.engine.kernel.KernelDecision.Gate;
import io.ringfence.engine.policy.Candidate;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.schemas.ReasonCode;
import java.util.Arrays;

/**
 * Decides candidate by candidate, gate by gate, in longs: what a good plain port does, and what benchmarks compare with.
 *
 * <p>Exact while value times 1e8 and each product of units and price fit in 63 bits, which it checks by
 * {@link Math#multiplyHigh}; throws otherwise.
 */
public final class PlainKernel {
    private static final Gate[] GATES = Gate.values();

    private final int[] counts = new int[Gate.COUNT];

    /** Decides one request. */
    public void evaluate(Catalog catalog, KernelInput input, KernelDecision decision) {
        Catalog.Head head = catalog.head();
        decision.begin(input.requestSequence(), catalog.policyEpoch(), catalog.catalogEpoch());
        if (input.riskBps() >= head.hardRiskLimitBps()) {
            decision.reject(ReasonCode.RISK_HARD_LIMIT);
            return;
        }
        if (input.confidenceBps() < head.minimumConfidenceBps()) {
            decision.reject(ReasonCode.CONFIDENCE_TOO_LOW);
            return;
        }
        Arrays.fill(counts, 0);
        long value = Math.max(input.businessValueMicros(), 0);
        long worth = checkedProduct(value, input.confidenceBps());
        long risk =
                checkedProduct(checkedProduct(value, input.riskBps()), head.riskPenaltyMultiplierBps()) / 100_000_000;
        int eligibleCount = 0;
        int bestIndex = -1;
        long bestCost = 0;
        long bestUtility = 0;
        int secondIndex = -1;
        long secondCost = 0;
        long secondUtility = 0;
        for (int index = 0; index < catalog.count(); index++) {
            Candidate candidate = catalog.candidate(index);
            Gate gate = plainGate(candidate, input);
            if (gate != null) {
                counts[gate.ordinal()]++;
                continue;
            }
            long cost = ceilByMillion(checkedProduct(input.inputUnits(), candidate.inputPriceMicrosPerM()))
                    + ceilByMillion(checkedProduct(input.outputUnits(), candidate.outputPriceMicrosPerM()));
            if (Long.compareUnsigned(cost, input.costLimitMicros()) > 0) {
                counts[Gate.COST_LIMIT.ordinal()]++;
                continue;
            }
            long utility = checkedProduct(worth, candidate.qualityBps()) / 100_000_000
                    - risk
                    - cost
                    - checkedProduct(candidate.p95LatencyMs(), head.latencyPenaltyMicrosPerMs());
            if (utility <= 0) {
                counts[Gate.UTILITY.ordinal()]++;
                continue;
            }
            eligibleCount++;
            if (bestIndex < 0
                    || isAhead(candidate, cost, utility, catalog.candidate(bestIndex), bestCost, bestUtility)) {
                secondIndex = bestIndex;
                secondCost = bestCost;
                secondUtility = bestUtility;
                bestIndex = index;
                bestCost = cost;
                bestUtility = utility;
            } else if (secondIndex < 0
                    || isAhead(candidate, cost, utility, catalog.candidate(secondIndex), secondCost, secondUtility)) {
                secondIndex = index;
                secondCost = cost;
                secondUtility = utility;
            }
        }
        decision.evaluated(catalog.count());
        for (int gate = 0; gate < Gate.COST_LIMIT.ordinal(); gate++) {
            decision.gateCount(GATES[gate], counts[gate]);
        }
        decision.scored(counts[Gate.COST_LIMIT.ordinal()], counts[Gate.UTILITY.ordinal()], eligibleCount);
        if (bestIndex < 0) {
            decision.rejectCatalog();
            return;
        }
        long id = catalog.candidate(bestIndex).id();
        decision.select(id == input.requestedCandidateId(), id, bestIndex, bestCost, bestUtility);
        if (secondIndex >= 0) {
            decision.counterfactual(catalog.candidate(secondIndex).id(), secondUtility);
        }
    }

    private static Gate plainGate(Candidate candidate, KernelInput input) {
        if (candidate.enabled() == 0) {
            return Gate.DISABLED;
        }
        if (candidate.qualityBps() < input.minimumQualityBps()) {
            return Gate.QUALITY;
        }
        if (input.maxP95LatencyMs() > 0 && candidate.p95LatencyMs() > input.maxP95LatencyMs()) {
            return Gate.LATENCY;
        }
        if ((candidate.capabilities() & input.requiredCapabilities()) != input.requiredCapabilities()) {
            return Gate.CAPABILITY;
        }
        if (candidate.providerId() > 63) {
            return Gate.PROVIDER;
        }
        if (input.allowedProviderMask() != -1L && ((input.allowedProviderMask() >>> candidate.providerId()) & 1) == 0) {
            return Gate.PROVIDER;
        }
        if (input.requiredRegionMask() != 0 && (candidate.regionMask() & input.requiredRegionMask()) == 0) {
            return Gate.REGION;
        }
        return input.riskBps() > candidate.riskCeilingBps() ? Gate.RISK_CEILING : null;
    }

    private static boolean isAhead(
            Candidate candidate, long cost, long utility, Candidate other, long otherCost, long otherUtility) {
        if (utility != otherUtility) {
            return utility > otherUtility;
        }
        if (cost != otherCost) {
            return Long.compareUnsigned(cost, otherCost) < 0;
        }
        if (candidate.qualityBps() != other.qualityBps()) {
            return candidate.qualityBps() > other.qualityBps();
        }
        return candidate.id() < other.id();
    }

    private static long ceilByMillion(long product) {
        return product / 1_000_000 + (product % 1_000_000 == 0 ? 0 : 1);
    }

    private static long checkedProduct(long a, long b) {
        long product = a * b;
        if (Math.multiplyHigh(a, b) != 0 || product < 0) {
            throw new ArithmeticException("too wide for the plain kernel: a=" + a + ", b=" + b);
        }
        return product;
    }
}

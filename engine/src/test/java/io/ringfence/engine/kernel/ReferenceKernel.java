package io.ringfence.engine.kernel;

import io.ringfence.engine.kernel.KernelDecision.Gate;
import io.ringfence.engine.policy.Candidate;
import io.ringfence.engine.policy.Catalog;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Decides slowly and obviously, in whole numbers of any size, as the text of the semantics says: the kernel's twin. */
public final class ReferenceKernel {
    /** What it decided. Numbers as in {@link KernelDecision}; utilities are null where not eligible; counts by {@link Gate}. */
    public record Answer(
            long requestSequence,
            int action,
            int reason,
            long selectedId,
            int selectedIndex,
            long costMicros,
            long utilityMicros,
            long counterfactualId,
            long counterfactualUtilityMicros,
            int evaluatedCount,
            int eligibleCount,
            List<Integer> gateCounts,
            List<Integer> gateCodes,
            List<Long> utilities) {}

    private record Ranked(int index, Candidate candidate, BigInteger cost, BigInteger utility) {}

    private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);
    private static final BigInteger HUNDRED_MILLION = BigInteger.valueOf(100_000_000);
    private static final BigInteger U64_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
    private static final BigInteger I64_MAX = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger I64_MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final int U16_MAX = 65_535;
    /** Counters in the order of the text's list: of equal ones the later decides. */
    private static final int[][] REASON_AND_GATE = {
        {105, 3}, {107, 5}, {106, 4}, {103, 1}, {110, 6}, {104, 2}, {108, 7}, {109, 8}, {102, 0}
    };

    private static final int[] CODE_OF_GATE = {102, 103, 104, 105, 106, 107, 110, 108, 109};

    private static final Comparator<Ranked> RANKING = Comparator.comparing(Ranked::utility)
            .reversed()
            .thenComparing(Ranked::cost)
            .thenComparing(ranked -> -ranked.candidate().qualityBps())
            .thenComparing(ranked -> ranked.candidate().id())
            .thenComparing(Ranked::index);

    private ReferenceKernel() {}

    /** Decides over candidates in list order. */
    public static Answer decide(Catalog.Head head, List<Candidate> candidates, KernelInput input) {
        if (input.riskBps() >= head.hardRiskLimitBps()) {
            return requestRejected(100, candidates.size(), input);
        }
        if (input.confidenceBps() < head.minimumConfidenceBps()) {
            return requestRejected(101, candidates.size(), input);
        }
        int[] counts = new int[9];
        List<Integer> codes = new ArrayList<>();
        List<Long> utilities = new ArrayList<>();
        List<Ranked> eligible = new ArrayList<>();
        for (int index = 0; index < candidates.size(); index++) {
            Candidate candidate = candidates.get(index);
            BigInteger cost = cost(candidate, input);
            BigInteger utility = utility(head, candidate, input, cost);
            int gate = firstFailedGate(candidate, input, cost, utility);
            if (gate < 0) {
                eligible.add(new Ranked(index, candidate, cost, utility));
                utilities.add(utility.longValueExact());
                codes.add(0);
            } else {
                counts[gate]++;
                utilities.add(null);
                codes.add(CODE_OF_GATE[gate]);
            }
        }
        eligible.sort(RANKING);
        return answer(input, candidates.size(), counts, codes, utilities, eligible);
    }

    private static Answer requestRejected(int reason, int size, KernelInput input) {
        List<Integer> codes = new ArrayList<>();
        List<Long> utilities = new ArrayList<>();
        for (int index = 0; index < size; index++) {
            codes.add(reason);
            utilities.add(null);
        }
        return new Answer(
                input.requestSequence(), 3, reason, 0, U16_MAX, 0, 0, 0, 0, 0, 0, list(new int[9]), codes, utilities);
    }

    private static Answer answer(
            KernelInput input,
            int size,
            int[] wideCounts,
            List<Integer> codes,
            List<Long> utilities,
            List<Ranked> eligible) {
        int[] counts = new int[9];
        for (int gate = 0; gate < 9; gate++) {
            counts[gate] = gate < 7 ? Math.min(wideCounts[gate], U16_MAX) : wideCounts[gate] % 65_536;
        }
        int evaluated = Math.min(size, U16_MAX);
        if (eligible.isEmpty()) {
            int reason = 102;
            int most = 0;
            for (int[] reasonAndGate : REASON_AND_GATE) {
                if (counts[reasonAndGate[1]] >= most) {
                    most = counts[reasonAndGate[1]];
                    reason = reasonAndGate[0];
                }
            }
            return new Answer(
                    input.requestSequence(),
                    3,
                    reason,
                    0,
                    U16_MAX,
                    0,
                    0,
                    0,
                    0,
                    evaluated,
                    0,
                    list(counts),
                    codes,
                    utilities);
        }
        Ranked best = eligible.get(0);
        Ranked second = eligible.size() > 1 ? eligible.get(1) : null;
        int action = best.candidate().id() == input.requestedCandidateId() ? 1 : 2;
        return new Answer(
                input.requestSequence(),
                action,
                action,
                best.candidate().id(),
                Math.min(best.index(), U16_MAX),
                best.cost().longValue(),
                best.utility().longValueExact(),
                second == null ? 0 : second.candidate().id(),
                second == null ? 0 : second.utility().longValueExact(),
                evaluated,
                Math.min(eligible.size(), U16_MAX),
                list(counts),
                codes,
                utilities);
    }

    /** Place in the order of checking, or -1. */
    private static int firstFailedGate(Candidate candidate, KernelInput input, BigInteger cost, BigInteger utility) {
        if (candidate.enabled() == 0) {
            return 0;
        }
        if (candidate.qualityBps() < input.minimumQualityBps()) {
            return 1;
        }
        if (input.maxP95LatencyMs() > 0 && candidate.p95LatencyMs() > input.maxP95LatencyMs()) {
            return 2;
        }
        if ((candidate.capabilities() & input.requiredCapabilities()) != input.requiredCapabilities()) {
            return 3;
        }
        if (candidate.providerId() > 63) {
            return 4;
        }
        if (input.allowedProviderMask() != -1L
                && !unsigned(input.allowedProviderMask()).testBit(candidate.providerId())) {
            return 4;
        }
        if (input.requiredRegionMask() != 0 && (candidate.regionMask() & input.requiredRegionMask()) == 0) {
            return 5;
        }
        if (input.riskBps() > candidate.riskCeilingBps()) {
            return 6;
        }
        if (cost.compareTo(unsigned(input.costLimitMicros())) > 0) {
            return 7;
        }
        return utility.signum() <= 0 ? 8 : -1;
    }

    private static BigInteger cost(Candidate candidate, KernelInput input) {
        BigInteger in = perMillion(input.inputUnits(), candidate.inputPriceMicrosPerM());
        BigInteger out = perMillion(input.outputUnits(), candidate.outputPriceMicrosPerM());
        return in.add(out).min(U64_MAX);
    }

    private static BigInteger perMillion(long units, long price) {
        BigInteger[] parts = BigInteger.valueOf(units).multiply(unsigned(price)).divideAndRemainder(MILLION);
        return parts[1].signum() == 0 ? parts[0] : parts[0].add(BigInteger.ONE);
    }

    private static BigInteger utility(Catalog.Head head, Candidate candidate, KernelInput input, BigInteger cost) {
        BigInteger value = BigInteger.valueOf(input.businessValueMicros()).max(BigInteger.ZERO);
        BigInteger quality = value.multiply(BigInteger.valueOf(input.confidenceBps()))
                .multiply(BigInteger.valueOf(candidate.qualityBps()))
                .divide(HUNDRED_MILLION);
        BigInteger risk = value.multiply(BigInteger.valueOf(input.riskBps()))
                .multiply(BigInteger.valueOf(head.riskPenaltyMultiplierBps()))
                .divide(HUNDRED_MILLION);
        BigInteger latency =
                BigInteger.valueOf(candidate.p95LatencyMs()).multiply(unsigned(head.latencyPenaltyMicrosPerMs()));
        return quality.subtract(risk)
                .subtract(cost)
                .subtract(latency)
                .min(I64_MAX)
                .max(I64_MIN);
    }

    private static BigInteger unsigned(long bits) {
        return BigInteger.valueOf(bits).and(U64_MAX);
    }

    private static List<Integer> list(int[] counts) {
        List<Integer> list = new ArrayList<>();
        for (int count : counts) {
            list.add(count);
        }
        return list;
    }
}

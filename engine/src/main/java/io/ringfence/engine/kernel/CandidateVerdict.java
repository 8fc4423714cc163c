package io.ringfence.engine.kernel;

import io.ringfence.engine.kernel.KernelDecision.Gate;
import io.ringfence.engine.policy.Bps;
import io.ringfence.engine.policy.Candidate;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.schemas.ReasonCode;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What one candidate came to in one request: the first gate that it failed, with the value measured and the limit that it missed, or the
 * terms of its utility.
 *
 * <p>Computed off the path, to explain a decision; immutable, safe from any thread. The gates that need no arithmetic are those of
 * {@link Kernel#gateOf}. Cost and terms are computed in whole numbers of any length, apart from the arithmetic that decides.
 *
 * @param candidateId of the candidate.
 * @param index       its place in the catalog.
 * @param gate        the first gate that it failed; empty when it is eligible.
 * @param measured    what the gate compared, u64; null where {@code terms} stand. 0 where disabled; quality in bps; p95 latency in ms;
 *                    capabilities; provider; regions; the <em>request's</em> risk in bps; cost in micros.
 * @param limit       what it was compared with, u64; null where {@code terms} stand. 1 where disabled; the minimum in bps; the cap in ms;
 *                    the capabilities required; 63 for a provider above it, else the mask of those allowed; the regions required; the
 *                    candidate's risk ceiling in bps; the cost limit in micros.
 * @param terms       of the utility, where it is eligible or fails {@link Gate#UTILITY}; else null.
 */
public record CandidateVerdict(
        long candidateId, int index, Optional<Gate> gate, BigInteger measured, BigInteger limit, Terms terms) {
    private static final BigInteger ONE = BigInteger.valueOf(Bps.ONE);
    private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);
    private static final BigInteger MILLION_LESS_ONE = MILLION.subtract(BigInteger.ONE);
    private static final BigInteger MASK_OF_U64 =
            BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

    /**
     * Terms of a candidate's utility, in micros.
     *
     * @param gain           value times confidence times quality, rounded down.
     * @param riskPenalty    value times risk times the policy's multiplier, rounded down.
     * @param cost           u64.
     * @param latencyPenalty p95 latency times the policy's penalty.
     * @param utility        the first less the others, clamped to i64.
     */
    public record Terms(
            BigInteger gain, BigInteger riskPenalty, BigInteger cost, BigInteger latencyPenalty, long utility) {}

    /**
     * The verdicts of all candidates, in the order of the catalog.
     *
     * @return empty when the request fails a gate of its own: no candidate is looked at then.
     */
    public static List<CandidateVerdict> ofAll(Catalog catalog, KernelInput input) {
        if (Kernel.requestGate(catalog, input) != ReasonCode.NONE) {
            return List.of();
        }
        return IntStream.range(0, catalog.count())
                .mapToObj(index -> of(catalog, index, input))
                .toList();
    }

    private static CandidateVerdict of(Catalog catalog, int index, KernelInput input) {
        Candidate candidate = catalog.candidate(index);
        Gate plain = Kernel.plainGate(candidate, input);
        if (plain != null) {
            return compared(candidate, index, plain, measured(plain, candidate, input), limit(plain, candidate, input));
        }
        BigInteger cost = cost(candidate, input);
        BigInteger limit = unsigned(input.costLimitMicros());
        if (cost.compareTo(limit) > 0) {
            return compared(candidate, index, Gate.COST_LIMIT, cost, limit);
        }
        Terms terms = terms(catalog, candidate, input, cost);
        Optional<Gate> gate = terms.utility() > 0 ? Optional.empty() : Optional.of(Gate.UTILITY);
        return new CandidateVerdict(candidate.id(), index, gate, null, null, terms);
    }

    private static CandidateVerdict compared(
            Candidate candidate, int index, Gate gate, BigInteger measured, BigInteger limit) {
        return new CandidateVerdict(candidate.id(), index, Optional.of(gate), measured, limit, null);
    }

    private static BigInteger measured(Gate gate, Candidate candidate, KernelInput input) {
        return unsigned(
                switch (gate) {
                    case DISABLED, COST_LIMIT, UTILITY -> 0;
                    case QUALITY -> candidate.qualityBps();
                    case LATENCY -> candidate.p95LatencyMs();
                    case CAPABILITY -> candidate.capabilities();
                    case PROVIDER -> candidate.providerId();
                    case REGION -> candidate.regionMask();
                    case RISK_CEILING -> input.riskBps();
                });
    }

    private static BigInteger limit(Gate gate, Candidate candidate, KernelInput input) {
        return unsigned(
                switch (gate) {
                    case DISABLED, COST_LIMIT, UTILITY -> 1;
                    case QUALITY -> input.minimumQualityBps();
                    case LATENCY -> input.maxP95LatencyMs();
                    case CAPABILITY -> input.requiredCapabilities();
                    case PROVIDER ->
                        candidate.providerId() > Candidate.PROVIDER_MAX
                                ? Candidate.PROVIDER_MAX
                                : input.allowedProviderMask();
                    case REGION -> input.requiredRegionMask();
                    case RISK_CEILING -> candidate.riskCeilingBps();
                });
    }

    private static Terms terms(Catalog catalog, Candidate candidate, KernelInput input, BigInteger cost) {
        Catalog.Head head = catalog.head();
        BigInteger value = BigInteger.valueOf(Math.max(input.businessValueMicros(), 0));
        BigInteger gain = share(value, input.confidenceBps(), candidate.qualityBps());
        BigInteger risk = share(value, input.riskBps(), head.riskPenaltyMultiplierBps());
        BigInteger latency = unsigned(candidate.p95LatencyMs()).multiply(unsigned(head.latencyPenaltyMicrosPerMs()));
        BigInteger utility = gain.subtract(risk).subtract(cost).subtract(latency);
        return new Terms(gain, risk, cost, latency, clamped(utility));
    }

    /** Saturates at the largest u64. */
    private static BigInteger cost(Candidate candidate, KernelInput input) {
        return ceilByMillion(input.inputUnits(), candidate.inputPriceMicrosPerM())
                .add(ceilByMillion(input.outputUnits(), candidate.outputPriceMicrosPerM()))
                .min(MASK_OF_U64);
    }

    private static BigInteger ceilByMillion(long units, long priceMicrosPerM) {
        return unsigned(units)
                .multiply(unsigned(priceMicrosPerM))
                .add(MILLION_LESS_ONE)
                .divide(MILLION);
    }

    private static BigInteger share(BigInteger value, int firstBps, int secondBps) {
        return value.multiply(BigInteger.valueOf(firstBps))
                .multiply(BigInteger.valueOf(secondBps))
                .divide(ONE.multiply(ONE));
    }

    private static long clamped(BigInteger number) {
        return number.max(BigInteger.valueOf(Long.MIN_VALUE))
                .min(BigInteger.valueOf(Long.MAX_VALUE))
                .longValueExact();
    }

    private static BigInteger unsigned(long bits) {
        return BigInteger.valueOf(bits).and(MASK_OF_U64);
    }
}

package io.ringfence.engine.kernel;

import io.ringfence.engine.policy.Candidate;
import io.ringfence.engine.policy.CandidateTable;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.engine.policy.CatalogHead;
import io.ringfence.schemas.ReasonCode;

/**
 * Decides: a pure function of catalog and input, defined for every value that their fields can hold.
 *
 * <p>Request gates come first; then each candidate stops at the first {@link Gate} it fails; of those that pass all, higher
 * utility ranks first, then lower cost, then higher quality, then lower id, then lower index. The instance holds scratch space
 * only: one thread each, no allocation but when a larger catalog comes than any before.
 */
public final class Kernel {
    private static final int ELIGIBLE = ReasonCode.NONE.value();
    private static final int PROVIDER_MAX = 63;

    private final Terms terms = new Terms();
    private final Sieve sieve = new Sieve();
    private final Podium podium = new Podium();
    private final NarrowScorer narrowScorer = new NarrowScorer(podium);
    private final WideScorer wideScorer = new WideScorer(podium);

    /** Decides one request; writes the whole decision. */
    public void evaluate(Catalog catalog, KernelInput input, KernelDecision decision) {
        decision.begin(input.requestSequence(), catalog);
        ReasonCode refusal = requestGate(catalog.head(), input);
        if (refusal != ReasonCode.NONE) {
            decision.reject(refusal);
            return;
        }
        decision.evaluated(catalog.count());
        sieve.run(catalog.table(), catalog.count(), input, decision);
        podium.clear();
        if (NarrowScorer.fits(catalog, input)) {
            narrowScorer.run(catalog, input, sieve, decision);
        } else {
            wideScorer.run(catalog, input, sieve, decision);
        }
        conclude(catalog, input, decision);
    }

    private void conclude(Catalog catalog, KernelInput input, KernelDecision decision) {
        if (podium.firstPosition() == Podium.NOBODY) {
            decision.rejectCatalog();
            return;
        }
        CandidateTable table = catalog.table();
        int index = table.index(podium.firstPosition());
        long id = catalog.candidate(index).id();
        decision.select(id == input.requestedCandidateId(), id, index, podium.firstCost(), podium.firstUtility());
        if (podium.secondPosition() != Podium.NOBODY) {
            int second = table.index(podium.secondPosition());
            decision.counterfactual(catalog.candidate(second).id(), podium.secondUtility());
        }
    }

    /**
     * The gate at which one candidate stops, the request's own gates first.
     *
     * @param index {@code 0 <= index < catalog.count()}.
     * @return the value of the gate's {@link ReasonCode}, or 0 when the candidate is eligible.
     */
    public int gateOf(Catalog catalog, int index, KernelInput input) {
        ReasonCode refusal = requestGate(catalog.head(), input);
        if (refusal != ReasonCode.NONE) {
            return refusal.value();
        }
        Gate gate = plainGate(catalog.candidate(index), input);
        if (gate != null) {
            return gate.reason().value();
        }
        long cost = costMicros(catalog, index, input);
        if (Long.compareUnsigned(cost, input.costLimitMicros()) > 0) {
            return Gate.COST_LIMIT.reason().value();
        }
        return utilityMicros(catalog, index, input) > 0
                ? ELIGIBLE
                : Gate.UTILITY.reason().value();
    }

    /** What one candidate costs, eligible or not: u64 bits, saturating. */
    public long costMicros(Catalog catalog, int index, KernelInput input) {
        Candidate candidate = catalog.candidate(index);
        return terms.costMicros(input, candidate.inputPriceMicrosPerM(), candidate.outputPriceMicrosPerM());
    }

    /** What one candidate is worth, eligible or not; clamped to a signed long. */
    public long utilityMicros(Catalog catalog, int index, KernelInput input) {
        Candidate candidate = catalog.candidate(index);
        CatalogHead head = catalog.head();
        return terms.utilityMicros(
                input,
                candidate.qualityBps(),
                head.riskPenaltyMultiplierBps(),
                costMicros(catalog, index, input),
                candidate.p95LatencyMs(),
                head.latencyPenaltyMicrosPerMs());
    }

    /** The utility of a candidate if it is eligible; 0, which no eligible one has, if it is not or there is none. */
    public long utilityOf(Catalog catalog, long candidateId, KernelInput input) {
        int index = catalog.indexOf(candidateId);
        if (index == Catalog.NO_INDEX || gateOf(catalog, index, input) != ELIGIBLE) {
            return 0;
        }
        return utilityMicros(catalog, index, input);
    }

    private static ReasonCode requestGate(CatalogHead head, KernelInput input) {
        if (input.riskBps() >= head.hardRiskLimitBps()) {
            return ReasonCode.RISK_HARD_LIMIT;
        }
        if (input.confidenceBps() < head.minimumConfidenceBps()) {
            return ReasonCode.CONFIDENCE_TOO_LOW;
        }
        return ReasonCode.NONE;
    }

    /** The first gate without arithmetic at which a candidate stops, or null. */
    private static Gate plainGate(Candidate candidate, KernelInput input) {
        if (!candidate.isEnabled()) {
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
        if (!isAllowed(candidate.providerId(), input.allowedProviderMask())) {
            return Gate.PROVIDER;
        }
        if (input.requiredRegionMask() != 0 && (candidate.regionMask() & input.requiredRegionMask()) == 0) {
            return Gate.REGION;
        }
        return input.riskBps() > candidate.riskCeilingBps() ? Gate.RISK_CEILING : null;
    }

    private static boolean isAllowed(int providerId, long allowedProviderMask) {
        return providerId <= PROVIDER_MAX && ((allowedProviderMask >>> providerId) & 1) != 0;
    }
}

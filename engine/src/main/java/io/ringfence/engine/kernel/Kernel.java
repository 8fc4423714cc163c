package io.ringfence.engine.kernel;

import io.ringfence.engine.kernel.KernelDecision.Gate;
import io.ringfence.engine.policy.Bps;
import io.ringfence.engine.policy.Candidate;
import io.ringfence.engine.policy.CandidateTable;
import io.ringfence.engine.policy.CandidateTable.Column;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.schemas.ReasonCode;

/**
 * Decides one request: a pure function of catalog and input, defined for every value that their fields can hold.
 *
 * <p>The request's own gates come first. Then each candidate fails at the first {@link Gate} it does not pass. Candidates that
 * pass all rank by higher utility, then lower cost, higher quality, lower id, lower index. An instance holds scratch space, and what
 * it has looked up in the catalog that it met last: one thread each; it allocates only when a catalog is larger than any before. Static
 * functions are safe from any thread.
 */
public final class Kernel {
    private static final int ELIGIBLE = ReasonCode.NONE.value();

    private final Scorer scorer = new Scorer();
    private Catalog catalog; // Met last.
    private CandidateTable table;
    private int catalogCount;
    private long policyEpoch;
    private long catalogEpoch;
    private int hardRiskLimitBps;
    private int minimumConfidenceBps;
    private long[] passed = new long[1]; // A bit for each position that failed no gate so far.
    private int wordCount;
    private int passedCount;

    /** Decides one request and writes the whole decision. */
    public void evaluate(Catalog catalog, KernelInput input, KernelDecision decision) {
        if (catalog != this.catalog) {
            follow(catalog);
        }
        decision.begin(input.requestSequence(), policyEpoch, catalogEpoch);
        ReasonCode refusal = requestGate(hardRiskLimitBps, minimumConfidenceBps, input);
        if (refusal != ReasonCode.NONE) {
            decision.reject(refusal);
            return;
        }
        decision.evaluated(catalogCount);
        sieve(input, decision);
        scorer.run(input, passed, wordCount, passedCount, decision);
        conclude(input, decision);
    }

    /** Looks up what decisions need of a catalog, once for all of them: it never changes. */
    private void follow(Catalog next) {
        catalog = next;
        table = next.table();
        catalogCount = next.count();
        policyEpoch = next.policyEpoch();
        catalogEpoch = next.catalogEpoch();
        hardRiskLimitBps = next.head().hardRiskLimitBps();
        minimumConfidenceBps = next.head().minimumConfidenceBps();
        scorer.follow(next);
    }

    /** Passes the candidates through the gates that need no arithmetic, 64 at a time. Skips gates that are open for all. */
    private void sieve(KernelInput input, KernelDecision decision) {
        int goodCount = table.countAtLeast(input.minimumQualityBps());
        decision.gateCount(Gate.DISABLED, catalogCount - table.count());
        decision.gateCount(Gate.QUALITY, table.count() - goodCount);
        passedCount = goodCount;
        wordCount = Column.wordCount(goodCount);
        if (goodCount == 0) {
            return;
        }
        fill(goodCount);
        checkLatency(input, decision);
        checkCapability(input, decision);
        checkProvider(input, decision);
        checkRegion(input, decision);
        checkCeiling(input, decision);
    }

    private void fill(int count) {
        if (passed.length < wordCount) {
            passed = new long[Column.wordCount(table.count())];
        }
        for (int word = 0; word < wordCount; word++) {
            passed[word] = -1;
        }
        if ((count & 63) != 0) {
            passed[wordCount - 1] = (1L << count) - 1;
        }
    }

    private void checkLatency(KernelInput input, KernelDecision decision) {
        long cap = input.maxP95LatencyMs();
        if (cap == 0 || table.latency().max() <= cap) {
            return;
        }
        Column latency = table.latency();
        for (int word = 0; word < wordCount; word++) {
            passed[word] &= ~latency.above(word, cap);
        }
        decision.gateCount(Gate.LATENCY, stopped());
    }

    private void checkCapability(KernelInput input, KernelDecision decision) {
        long required = input.requiredCapabilities() & ~table.capability().common();
        if (required == 0) {
            return;
        }
        Column capability = table.capability();
        for (int word = 0; word < wordCount; word++) {
            passed[word] &= ~capability.lacksAny(word, required);
        }
        decision.gateCount(Gate.CAPABILITY, stopped());
    }

    private void checkProvider(KernelInput input, KernelDecision decision) {
        Column provider = table.provider();
        long allowed = input.allowedProviderMask() & provider.union();
        if (allowed == provider.union() && provider.min() != 0) {
            return;
        }
        for (int word = 0; word < wordCount; word++) {
            passed[word] &= ~provider.lacksAll(word, allowed);
        }
        decision.gateCount(Gate.PROVIDER, stopped());
    }

    private void checkRegion(KernelInput input, KernelDecision decision) {
        long required = input.requiredRegionMask();
        if (required == 0 || (required & table.region().common()) != 0) {
            return;
        }
        Column region = table.region();
        for (int word = 0; word < wordCount; word++) {
            passed[word] &= ~region.lacksAll(word, required);
        }
        decision.gateCount(Gate.REGION, stopped());
    }

    private void checkCeiling(KernelInput input, KernelDecision decision) {
        int risk = input.riskBps();
        if (risk <= table.ceiling().min()) {
            return;
        }
        Column ceiling = table.ceiling();
        for (int word = 0; word < wordCount; word++) {
            passed[word] &= ~ceiling.below(word, risk);
        }
        decision.gateCount(Gate.RISK_CEILING, stopped());
    }

    /** Counts the candidates that failed since the last call. */
    private int stopped() {
        int before = passedCount;
        passedCount = 0;
        for (int word = 0; word < wordCount; word++) {
            passedCount += Long.bitCount(passed[word]);
        }
        return before - passedCount;
    }

    private void conclude(KernelInput input, KernelDecision decision) {
        int first = scorer.firstPosition();
        if (first == Scorer.NOBODY) {
            decision.rejectCatalog();
            return;
        }
        long id = table.id(first);
        boolean isRequested = id == input.requestedCandidateId();
        decision.select(isRequested, id, table.index(first), scorer.firstCost(), scorer.firstUtility());
        int second = scorer.secondPosition();
        if (second != Scorer.NOBODY) {
            decision.counterfactual(table.id(second), scorer.secondUtility());
        }
    }

    /**
     * The gate at which one candidate fails, the request's own gates first.
     *
     * @param index {@code 0 <= index < catalog.count()}.
     * @return the value of the gate's {@link ReasonCode}, or 0 when the candidate is eligible.
     */
    public static int gateOf(Catalog catalog, int index, KernelInput input) {
        ReasonCode refusal = requestGate(catalog, input);
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

    /** Cost of one candidate in micros, eligible or not; u64 bits, saturating. */
    public static long costMicros(Catalog catalog, int index, KernelInput input) {
        Candidate candidate = catalog.candidate(index);
        return Terms.costMicros(input, candidate.inputPriceMicrosPerM(), candidate.outputPriceMicrosPerM());
    }

    /** Utility of one candidate in micros, eligible or not; clamped to i64. */
    public static long utilityMicros(Catalog catalog, int index, KernelInput input) {
        Candidate candidate = catalog.candidate(index);
        Catalog.Head head = catalog.head();
        return Terms.utilityMicros(
                input,
                candidate.qualityBps(),
                head.riskPenaltyMultiplierBps(),
                costMicros(catalog, index, input),
                candidate.p95LatencyMs(),
                head.latencyPenaltyMicrosPerMs());
    }

    /** What utility takes off for risk, cost and latency, in micros; exact for an eligible candidate: 0 to 2^63 - 1. */
    public static long burdenMicros(Catalog catalog, int index, KernelInput input) {
        Candidate candidate = catalog.candidate(index);
        Catalog.Head head = catalog.head();
        return -Terms.utilityMicros(
                input,
                0,
                head.riskPenaltyMultiplierBps(),
                costMicros(catalog, index, input),
                candidate.p95LatencyMs(),
                head.latencyPenaltyMicrosPerMs());
    }

    /** What a sure success is worth, in micros: the value times the confidence, rounded down. */
    public static long stakeMicros(KernelInput input) {
        long value = Math.max(input.businessValueMicros(), 0);
        return value / Bps.ONE * input.confidenceBps() + value % Bps.ONE * input.confidenceBps() / Bps.ONE;
    }

    /** True when one candidate passes every gate; its utility is then above 0. */
    public static boolean isEligible(Catalog catalog, int index, KernelInput input) {
        return gateOf(catalog, index, input) == ELIGIBLE;
    }

    /** The request's own gate that it fails, whatever the candidate; NONE if it fails none. */
    static ReasonCode requestGate(Catalog catalog, KernelInput input) {
        Catalog.Head head = catalog.head();
        return requestGate(head.hardRiskLimitBps(), head.minimumConfidenceBps(), input);
    }

    private static ReasonCode requestGate(int hardRiskLimitBps, int minimumConfidenceBps, KernelInput input) {
        if (input.riskBps() >= hardRiskLimitBps) {
            return ReasonCode.RISK_HARD_LIMIT;
        }
        if (input.confidenceBps() < minimumConfidenceBps) {
            return ReasonCode.CONFIDENCE_TOO_LOW;
        }
        return ReasonCode.NONE;
    }

    /** The first gate without arithmetic that a candidate fails, or null. */
    static Gate plainGate(Candidate candidate, KernelInput input) {
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
        return providerId <= Candidate.PROVIDER_MAX && ((allowedProviderMask >>> providerId) & 1) != 0;
    }
}

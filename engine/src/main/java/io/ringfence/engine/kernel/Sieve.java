package io.ringfence.engine.kernel;

import io.ringfence.engine.policy.BitPlanes;
import io.ringfence.engine.policy.CandidateTable;

/**
 * Passes the candidates of a table through the gates that need no arithmetic, 64 at a time, counting who stops where.
 *
 * <p>A gate that the catalog's bounds show to be open for all is not looked at. Reused; grows to the largest table seen.
 */
final class Sieve {
    private long[] passed = new long[1];
    private int wordCount;
    private int passedCount;

    /** Words of {@link #passed(int)}. */
    int wordCount() {
        return wordCount;
    }

    /** A bit for each position from 64 * word on that passed. */
    long passed(int word) {
        return passed[word];
    }

    /** How many passed. */
    int passedCount() {
        return passedCount;
    }

    void run(CandidateTable table, int catalogCount, KernelInput input, KernelDecision decision) {
        int goodCount = table.countAtLeast(input.minimumQualityBps());
        decision.gateCount(Gate.DISABLED, catalogCount - table.count());
        decision.gateCount(Gate.QUALITY, table.count() - goodCount);
        passedCount = goodCount;
        wordCount = BitPlanes.wordCount(goodCount);
        fill(table, goodCount);
        if (goodCount == 0) {
            return;
        }
        checkLatency(table, input, decision);
        checkCapability(table, input, decision);
        checkProvider(table, input, decision);
        checkRegion(table, input, decision);
        checkCeiling(table, input, decision);
    }

    private void fill(CandidateTable table, int count) {
        if (passed.length < wordCount) {
            passed = new long[BitPlanes.wordCount(table.count())];
        }
        for (int word = 0; word < wordCount; word++) {
            passed[word] = -1;
        }
        if ((count & 63) != 0) {
            passed[wordCount - 1] = (1L << count) - 1;
        }
    }

    private void checkLatency(CandidateTable table, KernelInput input, KernelDecision decision) {
        long cap = input.maxP95LatencyMs();
        if (cap == 0 || table.latencyBounds().max() <= cap) {
            return;
        }
        BitPlanes planes = table.latencyPlanes();
        for (int word = 0; word < wordCount; word++) {
            passed[word] &= ~planes.above(word, cap);
        }
        decision.gateCount(Gate.LATENCY, stopped());
    }

    private void checkCapability(CandidateTable table, KernelInput input, KernelDecision decision) {
        long required = input.requiredCapabilities() & ~table.commonCapabilities();
        if (required == 0) {
            return;
        }
        BitPlanes planes = table.capabilityPlanes();
        for (int word = 0; word < wordCount; word++) {
            passed[word] &= ~planes.lacksAny(word, required);
        }
        decision.gateCount(Gate.CAPABILITY, stopped());
    }

    private void checkProvider(CandidateTable table, KernelInput input, KernelDecision decision) {
        long allowed = input.allowedProviderMask() & table.providers();
        if (allowed == table.providers() && !table.hasStrayProvider()) {
            return;
        }
        BitPlanes planes = table.providerPlanes();
        for (int word = 0; word < wordCount; word++) {
            passed[word] &= ~planes.lacksAll(word, allowed);
        }
        decision.gateCount(Gate.PROVIDER, stopped());
    }

    private void checkRegion(CandidateTable table, KernelInput input, KernelDecision decision) {
        long required = input.requiredRegionMask();
        if (required == 0 || (required & table.commonRegions()) != 0) {
            return;
        }
        BitPlanes planes = table.regionPlanes();
        for (int word = 0; word < wordCount; word++) {
            passed[word] &= ~planes.lacksAll(word, required);
        }
        decision.gateCount(Gate.REGION, stopped());
    }

    private void checkCeiling(CandidateTable table, KernelInput input, KernelDecision decision) {
        int risk = input.riskBps();
        if (risk <= table.ceilingBounds().min()) {
            return;
        }
        BitPlanes planes = table.ceilingPlanes();
        for (int word = 0; word < wordCount; word++) {
            passed[word] &= ~planes.below(word, risk);
        }
        decision.gateCount(Gate.RISK_CEILING, stopped());
    }

    /** How many stopped since this was last asked. */
    private int stopped() {
        int before = passedCount;
        passedCount = 0;
        for (int word = 0; word < wordCount; word++) {
            passedCount += Long.bitCount(passed[word]);
        }
        return before - passedCount;
    }
}

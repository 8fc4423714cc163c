package io.ringfence.engine.kernel;

import io.ringfence.engine.policy.CandidateTable;
import io.ringfence.engine.policy.Catalog;

/** Passes candidates through the gates that need arithmetic, and ranks them: exactly, one by one, for any values. */
final class WideScorer {
    private final Terms terms = new Terms();
    private final Podium podium;

    WideScorer(Podium podium) {
        this.podium = podium;
    }

    void run(Catalog catalog, KernelInput input, Sieve sieve, KernelDecision decision) {
        CandidateTable table = catalog.table();
        int overLimitCount = 0;
        int eligibleCount = 0;
        for (int word = 0; word < sieve.wordCount(); word++) {
            for (long rest = sieve.passed(word); rest != 0; rest &= rest - 1) {
                int position = (word << 6) + Long.numberOfTrailingZeros(rest);
                long cost = terms.costMicros(
                        input, table.inputPriceMicrosPerM(position), table.outputPriceMicrosPerM(position));
                if (Long.compareUnsigned(cost, input.costLimitMicros()) > 0) {
                    overLimitCount++;
                    continue;
                }
                long utility = terms.utilityMicros(
                        input,
                        table.qualityBps(position),
                        catalog.head().riskPenaltyMultiplierBps(),
                        cost,
                        table.p95LatencyMs(position),
                        catalog.head().latencyPenaltyMicrosPerMs());
                if (utility > 0) {
                    eligibleCount++;
                    podium.offer(position, cost, utility);
                }
            }
        }
        decision.scored(overLimitCount, sieve.passedCount() - overLimitCount - eligibleCount, eligibleCount);
    }
}

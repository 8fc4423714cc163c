package io.ringfence.engine.policy;

/**
 * What a catalog says about all of its candidates.
 *
 * @param policyEpoch                  u64 bits; only grows.
 * @param catalogEpoch                 u64 bits; only grows.
 * @param hardRiskLimitBps             u16; a request whose risk reaches it is rejected; 0..10000 when valid.
 * @param minimumConfidenceBps         u16; a request below it is rejected; 0..10000 when valid.
 * @param riskPenaltyMultiplierBps     u16; share of value times risk that utility loses; 0..50000 when valid.
 * @param latencyPenaltyMicrosPerMs    u64 bits; what utility loses per millisecond of p95 latency.
 */
public record CatalogHead(
        long policyEpoch,
        long catalogEpoch,
        int hardRiskLimitBps,
        int minimumConfidenceBps,
        int riskPenaltyMultiplierBps,
        long latencyPenaltyMicrosPerMs) {
    /** Refuses what the canonical layout cannot carry. */
    public CatalogHead {
        Range.checkU16("hardRiskLimitBps", hardRiskLimitBps);
        Range.checkU16("minimumConfidenceBps", minimumConfidenceBps);
        Range.checkU16("riskPenaltyMultiplierBps", riskPenaltyMultiplierBps);
    }
}

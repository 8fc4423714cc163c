package io.ringfence.engine.policy;

/**
 * One thing that the policy may choose: a venue, a model, a carrier.
 *
 * @param id                    u32; 0 is reserved in trusted catalogs.
 * @param providerId            u16; the group it belongs to, 0..63 in valid catalogs.
 * @param qualityBps            u16; 0..10000 in valid catalogs.
 * @param riskCeilingBps        u16; the highest request risk it takes, 0..10000 in valid catalogs.
 * @param enabled               u8; 0 or 1 in trusted catalogs, any value but 0 means enabled.
 * @param p95LatencyMs          u32.
 * @param capabilities          a bit for each thing it can do.
 * @param regionMask            a bit for each region it serves.
 * @param inputPriceMicrosPerM  u64 bits; micros per million units in.
 * @param outputPriceMicrosPerM u64 bits; micros per million units out.
 */
public record Candidate(
        long id,
        int providerId,
        int qualityBps,
        int riskCeilingBps,
        int enabled,
        long p95LatencyMs,
        long capabilities,
        long regionMask,
        long inputPriceMicrosPerM,
        long outputPriceMicrosPerM) {
    /** Refuses what the canonical layout cannot carry. */
    public Candidate {
        Range.checkU32("id", id);
        Range.checkU16("providerId", providerId);
        Range.checkU16("qualityBps", qualityBps);
        Range.checkU16("riskCeilingBps", riskCeilingBps);
        Range.checkU8("enabled", enabled);
        Range.checkU32("p95LatencyMs", p95LatencyMs);
    }

    /** May it be chosen at all? */
    public boolean isEnabled() {
        return enabled != 0;
    }
}

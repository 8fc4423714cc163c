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
    /** Highest provider of a valid catalog. */
    public static final int PROVIDER_MAX = 63;

    /** @throws IllegalArgumentException if a value does not fit its unsigned type. */
    public Candidate {
        checkU32("id", id);
        checkU16("providerId", providerId);
        checkU16("qualityBps", qualityBps);
        checkU16("riskCeilingBps", riskCeilingBps);
        checkU8("enabled", enabled);
        checkU32("p95LatencyMs", p95LatencyMs);
    }

    /** True when the candidate may be chosen. */
    public boolean isEnabled() {
        return enabled != 0;
    }

    private static void checkU8(String name, long value) {
        check(name, value, 0xFFL);
    }

    static void checkU16(String name, long value) {
        check(name, value, 0xFFFFL);
    }

    private static void checkU32(String name, long value) {
        check(name, value, 0xFFFF_FFFFL);
    }

    private static void check(String name, long value, long max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(name + " must be 0.." + max + ": " + name + "=" + value);
        }
    }
}

package io.ringfence.engine.policy;

/**
 * What a request of a use case means by the fields it leaves null.
 *
 * @param businessValueMicros what success is worth; any i64 but the lowest, which is SBE's null.
 * @param valueBpsOfNotional  an order's value as a part of its notional, u32; 0: {@code businessValueMicros} for orders too.
 * @param riskBps             0 to 10,000.
 * @param confidenceBps       0 to 10,000.
 * @param outputUnits         0 to 4,294,967,294.
 * @param maxP95LatencyMs     0 (no cap) to 4,294,967,294.
 */
public record UseCaseDefaults(
        long businessValueMicros,
        long valueBpsOfNotional,
        int riskBps,
        int confidenceBps,
        long outputUnits,
        long maxP95LatencyMs) {
    private static final long ONE_BPS = 10_000;

    /**
     * Value of an order that names none: floor(notional x bps / 10,000), capped at the largest i64.
     *
     * @param notionalMicros 0 and above.
     */
    public long orderValueMicros(long notionalMicros) {
        if (valueBpsOfNotional == 0) {
            return businessValueMicros;
        }
        // Split so that nothing leaves 64 bits: n = 10,000 w + r, hence floor(n b / 10,000) = w b + floor(r b /
        // 10,000).
        long whole = notionalMicros / ONE_BPS;
        long part = (notionalMicros % ONE_BPS) * valueBpsOfNotional / ONE_BPS;
        if (whole > (Long.MAX_VALUE - part) / valueBpsOfNotional) {
            return Long.MAX_VALUE;
        }
        return whole * valueBpsOfNotional + part;
    }
}

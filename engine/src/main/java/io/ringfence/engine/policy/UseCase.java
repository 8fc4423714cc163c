package io.ringfence.engine.policy;

import java.util.List;

/**
 * Defaults, floors, target and priors of one kind of request.
 *
 * @param code                0 to 63.
 * @param defaults            for fields that a request leaves null.
 * @param hardFloorBps        least quality in every case, 0 to 10,000.
 * @param recommendedFloorBps least quality when the client states none, 0 to 10,000.
 * @param targetSuccessBps    probability of success that a tier must reach, 0 to 10,000.
 * @param priors              one per tier, cheapest first.
 */
public record UseCase(
        int code,
        Defaults defaults,
        int hardFloorBps,
        int recommendedFloorBps,
        int targetSuccessBps,
        List<TierPrior> priors) {
    public UseCase {
        priors = List.copyOf(priors);
    }

    /**
     * Values for the fields that a request leaves null.
     *
     * @param businessValueMicros worth of a success; any i64 except the lowest, which is the null of SBE.
     * @param valueBpsOfNotional  value of an order as a part of its notional, u32; 0: orders take {@code businessValueMicros} too.
     * @param riskBps             0 to 10,000.
     * @param confidenceBps       0 to 10,000.
     * @param outputUnits         0 to 4,294,967,294.
     * @param maxP95LatencyMs     0 (no cap) to 4,294,967,294.
     */
    public record Defaults(
            long businessValueMicros,
            long valueBpsOfNotional,
            int riskBps,
            int confidenceBps,
            long outputUnits,
            long maxP95LatencyMs) {
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
            long whole = notionalMicros / Bps.ONE;
            long part = (notionalMicros % Bps.ONE) * valueBpsOfNotional / Bps.ONE;
            if (whole > (Long.MAX_VALUE - part) / valueBpsOfNotional) {
                return Long.MAX_VALUE;
            }
            return whole * valueBpsOfNotional + part;
        }
    }
}

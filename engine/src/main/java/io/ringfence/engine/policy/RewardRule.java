package io.ringfence.engine.policy;

/**
 * How a use case tells a success from what an outcome says: a weighted mean of scores, each 0 to 10,000 bps, against a threshold.
 *
 * @param qualityWeight    of the graded quality; of success or failure where it is not graded. Each weight is 0 to 10,000.
 * @param costWeight       of the realised cost: 10,000 bps for none, falling in a line to 0 at {@code costMicros}.
 * @param latencyWeight    of the realised latency: likewise, to 0 at {@code latencyMs}.
 * @param retryWeight      of the follow-up: 0 bps if it was tried again, else 10,000.
 * @param escalationWeight of the follow-up: 0 bps if a better candidate or a person was turned to, else 10,000.
 * @param costMicros       1 to 2^63 - 1; 0 without a weight of cost.
 * @param latencyMs        1 to 2^32 - 2; 0 without a weight of latency.
 * @param thresholdBps     least mean of a success, 1 to 10,000; 0 without any weight.
 */
public record RewardRule(
        int qualityWeight,
        int costWeight,
        int latencyWeight,
        int retryWeight,
        int escalationWeight,
        long costMicros,
        long latencyMs,
        int thresholdBps) {
    /** Greatest weight. */
    public static final int WEIGHT_MAX = 10_000;

    /** No weights: what the outcome says of quality, else of success, is the lesson. */
    public static final RewardRule NONE = new RewardRule(0, 0, 0, 0, 0, 0, 0, 0);

    /** Has it any weight? */
    public boolean isGiven() {
        return (qualityWeight | costWeight | latencyWeight | retryWeight | escalationWeight) != 0;
    }

    /** Does anything that a retry adds to its first decision have a weight: that it was tried again, the cost, the latency? */
    public boolean weighsRetries() {
        return (retryWeight | costWeight | latencyWeight) != 0;
    }
}

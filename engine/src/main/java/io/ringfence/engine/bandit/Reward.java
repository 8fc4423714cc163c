package io.ringfence.engine.bandit;

import io.ringfence.engine.policy.Adaptive.TierPrior;
import io.ringfence.engine.policy.Bps;
import io.ringfence.engine.policy.RewardRule;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.FollowUp;
import io.ringfence.schemas.OutcomeContentDecoder;
import io.ringfence.schemas.Tristate;

/** The reward of an outcome by the rule of its use case, and the lesson that it comes to. Integers alone; safe from any thread. */
public final class Reward {
    /** Nothing that has a weight is known. */
    public static final int UNKNOWN = -1;

    private Reward() {}

    /**
     * The lesson of an outcome: by the rule a whole success or failure; without a rule as {@link Lesson#of} says. Only an applied decision
     * teaches. One that was retried and has no outcome yet counts as applied, with nothing measured.
     *
     * @param charge what its retries add to it; a reward is never higher for it.
     * @return -256 to 256, or {@link Lesson#NOTHING}.
     */
    public static int lesson(RewardRule rule, OutcomeContentDecoder outcome, RetryCharge charge) {
        if (!rule.isGiven()) {
            return Lesson.of(outcome);
        }
        boolean isApplied =
                Revision.isReported(outcome) ? outcome.disposition() == Disposition.APPLIED.value() : !charge.isNone();
        int bps = isApplied ? bps(rule, outcome, charge) : UNKNOWN;
        if (bps == UNKNOWN) {
            return Lesson.NOTHING;
        }
        return bps >= rule.thresholdBps() ? TierPrior.ONE_OUTCOME : -TierPrior.ONE_OUTCOME;
    }

    /**
     * Weighted mean of the scores, rounded down. A score that is not known takes its weight with it; a follow-up is always known, but is no
     * reward alone: something else that has a weight must be known, if anything else has one. Retries count as a retry that was reported, and
     * add to an amount that is known.
     *
     * @return 0 to 10,000, or {@link #UNKNOWN}.
     */
    static int bps(RewardRule rule, OutcomeContentDecoder outcome, RetryCharge charge) {
        long sum = 0;
        int weight = 0;
        int quality = qualityBps(outcome);
        if (quality != UNKNOWN) {
            sum += (long) rule.qualityWeight() * quality;
            weight += rule.qualityWeight();
        }
        long cost = outcome.realizedCostMicros();
        if (rule.costWeight() != 0 && cost != OutcomeContentDecoder.realizedCostMicrosNullValue()) {
            sum += (long) rule.costWeight() * scoreBps(costMicros(cost, charge), rule.costMicros());
            weight += rule.costWeight();
        }
        long latency = outcome.realizedLatencyMs();
        if (rule.latencyWeight() != 0 && latency != OutcomeContentDecoder.realizedLatencyMsNullValue()) {
            sum += (long) rule.latencyWeight() * scoreBps(latency + charge.latencyMs(), rule.latencyMs());
            weight += rule.latencyWeight();
        }
        boolean isMeasured = (rule.qualityWeight() | rule.costWeight() | rule.latencyWeight()) != 0;
        if (isMeasured && weight == 0) {
            return UNKNOWN;
        }
        boolean isRetried = outcome.followUp() == FollowUp.RETRY.value() || !charge.isNone();
        sum += isRetried ? 0 : (long) rule.retryWeight() * Bps.ONE;
        sum += outcome.followUp() == FollowUp.ESCALATION.value() ? 0 : (long) rule.escalationWeight() * Bps.ONE;
        weight += rule.retryWeight() + rule.escalationWeight();
        return (int) (sum / weight);
    }

    private static int qualityBps(OutcomeContentDecoder outcome) {
        if (outcome.qualityBps() <= Bps.ONE) {
            return outcome.qualityBps();
        }
        if (outcome.success() == Tristate.YES.value()) {
            return Bps.ONE;
        }
        return outcome.success() == Tristate.NO.value() ? 0 : UNKNOWN;
    }

    /** Own cost and that of the retries, u64; so much that the sum has no room counts as 2^63 - 1, which scores 0 as well. */
    private static long costMicros(long own, RetryCharge charge) {
        boolean hasRoom = own >= 0 && own <= Long.MAX_VALUE - charge.costMicros();
        return hasRoom ? own + charge.costMicros() : Long.MAX_VALUE;
    }

    /**
     * 10,000 for 0, falling in a line to 0 at the reference; rounded down.
     *
     * @param amount    u64.
     * @param reference 1 and above.
     */
    private static int scoreBps(long amount, long reference) {
        if (Long.compareUnsigned(amount, reference) >= 0) {
            return 0;
        }
        long rest = reference - amount; // 1 to the reference.
        return rest <= Long.MAX_VALUE / Bps.ONE
                ? (int) (rest * Bps.ONE / reference)
                : (int) (rest / ((reference - 1) / Bps.ONE + 1)); // So large that at most one bps is lost.
    }
}

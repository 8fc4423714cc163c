package io.ringfence.engine.bandit;

import io.ringfence.engine.policy.Adaptive.TierPrior;
import io.ringfence.engine.policy.Bps;
import io.ringfence.engine.policy.RewardRule;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.FollowUp;
import io.ringfence.schemas.OutcomeReportDecoder;
import io.ringfence.schemas.Tristate;

/** The reward of an outcome by the rule of its use case, and the lesson that it comes to. Integers alone; safe from any thread. */
public final class Reward {
    /** Nothing that has a weight is known. */
    public static final int UNKNOWN = -1;

    private Reward() {}

    /**
     * The lesson of an outcome: by the rule a whole success or failure; without a rule as {@link Lesson#of} says. Only an applied decision
     * teaches.
     *
     * @return -256 to 256, or {@link Lesson#NOTHING}.
     */
    public static int lesson(RewardRule rule, OutcomeReportDecoder report) {
        if (!rule.isGiven()) {
            return Lesson.of(report.disposition(), report.success(), report.qualityBps());
        }
        int bps = report.disposition() == Disposition.APPLIED ? bps(rule, report) : UNKNOWN;
        if (bps == UNKNOWN) {
            return Lesson.NOTHING;
        }
        return bps >= rule.thresholdBps() ? TierPrior.ONE_OUTCOME : -TierPrior.ONE_OUTCOME;
    }

    /**
     * Weighted mean of the scores, rounded down. A score that is not known takes its weight with it; a follow-up is always known, but is no
     * reward alone: something else that has a weight must be known, if anything else has one.
     *
     * @return 0 to 10,000, or {@link #UNKNOWN}.
     */
    public static int bps(RewardRule rule, OutcomeReportDecoder report) {
        long sum = 0;
        int weight = 0;
        int quality = qualityBps(report);
        if (quality != UNKNOWN) {
            sum += (long) rule.qualityWeight() * quality;
            weight += rule.qualityWeight();
        }
        if (rule.costWeight() != 0
                && report.realizedCostMicros() != OutcomeReportDecoder.realizedCostMicrosNullValue()) {
            sum += (long) rule.costWeight() * scoreBps(report.realizedCostMicros(), rule.costMicros());
            weight += rule.costWeight();
        }
        if (rule.latencyWeight() != 0
                && report.realizedLatencyMs() != OutcomeReportDecoder.realizedLatencyMsNullValue()) {
            sum += (long) rule.latencyWeight() * scoreBps(report.realizedLatencyMs(), rule.latencyMs());
            weight += rule.latencyWeight();
        }
        boolean isMeasured = (rule.qualityWeight() | rule.costWeight() | rule.latencyWeight()) != 0;
        if (isMeasured && weight == 0) {
            return UNKNOWN;
        }
        sum += report.followUp() == FollowUp.RETRY ? 0 : (long) rule.retryWeight() * Bps.ONE;
        sum += report.followUp() == FollowUp.ESCALATION ? 0 : (long) rule.escalationWeight() * Bps.ONE;
        weight += rule.retryWeight() + rule.escalationWeight();
        return (int) (sum / weight);
    }

    private static int qualityBps(OutcomeReportDecoder report) {
        if (report.qualityBps() <= Bps.ONE) {
            return report.qualityBps();
        }
        if (report.success() == Tristate.YES) {
            return Bps.ONE;
        }
        return report.success() == Tristate.NO ? 0 : UNKNOWN;
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

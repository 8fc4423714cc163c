package io.ringfence.engine.policy;

/**
 * When the learning of a use case is frozen because its outcomes are not what they were.
 *
 * @param window             outcomes that make up the past of the success rate, 1 to 1,000,000; 0: no alarm of drift.
 * @param slackBps           how far the rate may be from its past without counting, 0 to 10,000; 0 without that alarm.
 * @param driftOutcomes      sum of what is beyond the slack, in outcomes, that raises the alarm, 1 to 1,000,000; 0 without it.
 * @param toleratedBps       how far late reports may differ from quick ones without counting, 0 to 10,000; 0 without an alarm of divergence.
 * @param divergenceOutcomes sum of what is beyond that, in outcomes, that raises the alarm, 1 to 1,000,000; 0: no alarm of divergence.
 */
public record AlarmRule(long window, int slackBps, long driftOutcomes, int toleratedBps, long divergenceOutcomes) {
    /** Greatest window and thresholds. */
    public static final long OUTCOMES_MAX = 1_000_000;

    /** No alarm is ever raised. */
    public static final AlarmRule NONE = new AlarmRule(0, 0, 0, 0, 0);
}

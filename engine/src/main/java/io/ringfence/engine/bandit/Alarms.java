package io.ringfence.engine.bandit;

import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.policy.Adaptive.TierPrior;
import io.ringfence.engine.policy.AlarmRule;
import io.ringfence.engine.policy.Bps;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.AlarmStateDecoder;
import io.ringfence.schemas.AlarmStateEncoder;
import io.ringfence.schemas.LearningFreeze;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import java.util.Arrays;

/**
 * Sums up for each use case how far its success rate moves away from its own past, and how far late reports differ from quick ones; says
 * when a sum reaches the threshold of the policy.
 *
 * <p><b>Drift</b> is a cumulative sum to both sides. The past is the mean of the first outcomes, as many as the window; from there on
 * each outcome takes part in it with one part of the window, so it follows slowly. Each outcome adds to one sum what
 * it is above the past, and to the other what it is below, less the slack; a sum below 0 is 0. While the past is not full there is no alarm.
 *
 * <p><b>Divergence</b> is a cumulative sum to one side: each pair of a quick and a late report adds half their difference, less what is
 * tolerated. Half the difference of a full success and a full failure is one.
 *
 * <p>Integers in 2^-24 of an outcome. One thread; allocates nothing. The sums are state, and the window that they were made with: a policy
 * with another one begins anew.
 *
 * @see <a href="https://doi.org/10.1093/biomet/41.1-2.100">Page: Continuous inspection schemes, Biometrika 41, 1954</a>
 */
final class Alarms {
    /** Sums are in this part of 1/256 of an outcome. */
    private static final int SHIFT = 16;

    static final long ONE_OUTCOME = (long) TierPrior.ONE_OUTCOME << SHIFT;

    private final AlarmRule[] rules = new AlarmRule[Adaptive.USE_CASES_MAX];
    private final long[] windows = new long[rules.length]; // That the sums were made with; 0: none.
    private final long[] counts = new long[rules.length];
    private final long[] sums = new long[rules.length];
    private final long[] rises = new long[rules.length];
    private final long[] falls = new long[rules.length];
    private final long[] divergences = new long[rules.length];
    private final AlarmStateEncoder encoder = new AlarmStateEncoder();
    private final AlarmStateDecoder decoder = new AlarmStateDecoder();

    Alarms() {
        Arrays.fill(rules, AlarmRule.NONE);
    }

    /** Watches by the rules of a policy from here on. */
    void activate(Adaptive adaptive) {
        Arrays.fill(rules, AlarmRule.NONE);
        for (UseCase useCase : adaptive.useCases()) {
            rules[useCase.code()] = useCase.alarms();
        }
        for (int useCase = 0; useCase < rules.length; useCase++) {
            AlarmRule rule = rules[useCase];
            if (windows[useCase] != rule.window()) {
                restartDrift(useCase);
                windows[useCase] = rule.window();
            }
            if (rule.divergenceOutcomes() == 0) {
                divergences[useCase] = 0;
            }
        }
    }

    /**
     * Takes note of a lesson that was learnt.
     *
     * @param lesson as {@link Lesson} says it.
     * @return NONE, or DRIFT.
     */
    LearningFreeze learnt(int useCase, int lesson) {
        AlarmRule rule = rules[useCase];
        if (rule.driftOutcomes() == 0) {
            return LearningFreeze.NONE;
        }
        long success = (long) Lesson.successes(lesson) << SHIFT;
        if (counts[useCase] < windows[useCase]) {
            counts[useCase]++;
            sums[useCase] += success;
            return LearningFreeze.NONE;
        }
        long mean = sums[useCase] / counts[useCase];
        long slack = ofBps(rule.slackBps());
        rises[useCase] = Math.max(0, rises[useCase] + success - mean - slack);
        falls[useCase] = Math.max(0, falls[useCase] + mean - success - slack);
        sums[useCase] += success - mean;
        long threshold = rule.driftOutcomes() * ONE_OUTCOME;
        boolean isAlarm = rises[useCase] >= threshold || falls[useCase] >= threshold;
        return isAlarm ? LearningFreeze.DRIFT : LearningFreeze.NONE;
    }

    /**
     * Takes note of a late report beside a quick one on the same decision.
     *
     * @param quick lesson of the first.
     * @param late  lesson of the other.
     * @return NONE, or DIVERGENCE.
     */
    LearningFreeze compared(int useCase, int quick, int late) {
        AlarmRule rule = rules[useCase];
        if (rule.divergenceOutcomes() == 0) {
            return LearningFreeze.NONE;
        }
        long difference = (long) Math.abs(late - quick) << SHIFT - 1;
        long sum = Math.max(0, divergences[useCase] + difference - ofBps(rule.toleratedBps()));
        divergences[useCase] = sum;
        return sum >= rule.divergenceOutcomes() * ONE_OUTCOME ? LearningFreeze.DIVERGENCE : LearningFreeze.NONE;
    }

    private static long ofBps(int bps) {
        return bps * ONE_OUTCOME / Bps.ONE;
    }

    /** Begins anew, with an empty past. */
    void restart(int useCase) {
        restartDrift(useCase);
        divergences[useCase] = 0;
    }

    private void restartDrift(int useCase) {
        counts[useCase] = 0;
        sums[useCase] = 0;
        rises[useCase] = 0;
        falls[useCase] = 0;
    }

    long stateLength() {
        int count = 0;
        for (int useCase = 0; useCase < rules.length; useCase++) {
            count += hasState(useCase) ? 1 : 0;
        }
        return StateWriter.length(count, AlarmStateEncoder.BLOCK_LENGTH);
    }

    private boolean hasState(int useCase) {
        return (counts[useCase] | divergences[useCase]) != 0;
    }

    void writeState(StateWriter writer, MessageHeaderEncoder header) {
        for (int useCase = 0; useCase < rules.length; useCase++) {
            if (hasState(useCase)) {
                encoder.wrapAndApplyHeader(writer.buffer(), writer.position(), header)
                        .useCase((short) useCase)
                        .window(windows[useCase])
                        .count(counts[useCase])
                        .sum(sums[useCase])
                        .rise(rises[useCase])
                        .fall(falls[useCase])
                        .divergence(divergences[useCase]);
                writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
            }
        }
    }

    /** Takes the next message if it is an {@code AlarmState}, whose header is read. The policy must be activated next. */
    boolean readState(StateReader reader, MessageHeaderDecoder header) {
        if (header.templateId() != AlarmStateDecoder.TEMPLATE_ID) {
            return false;
        }
        decoder.wrapAndApplyHeader(reader.buffer(), reader.position(), header);
        int useCase = decoder.useCase();
        windows[useCase] = decoder.window();
        counts[useCase] = decoder.count();
        sums[useCase] = decoder.sum();
        rises[useCase] = decoder.rise();
        falls[useCase] = decoder.fall();
        divergences[useCase] = decoder.divergence();
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength());
        return true;
    }

    void clear() {
        Arrays.fill(windows, 0);
        for (int useCase = 0; useCase < rules.length; useCase++) {
            restart(useCase);
        }
    }
}

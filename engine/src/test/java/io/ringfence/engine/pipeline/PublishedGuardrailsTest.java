package io.ringfence.engine.pipeline;

import static io.ringfence.engine.pipeline.GuardedEngine.OPERATOR;
import static io.ringfence.engine.pipeline.GuardedEngine.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.policy.AlarmRule;
import io.ringfence.schemas.LearningFreeze;
import io.ringfence.schemas.LearningVerb;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Tristate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What other threads are told of frozen learning and of circuits, after each command and after a restore. */
class PublishedGuardrailsTest {
    private static final int FLOOR_OF_THE_DEAREST = 9_000; // Candidate 3 of provider 2 alone reaches it.
    private static final long PROVIDER = 1 << 2;
    private static final int USE_CASE = 2; // Of orders.
    private static final long OF_ORDERS = 1 << USE_CASE;
    private static final int NO_GRADE = 65_535;
    private static final long ALL = -1;

    private GuardedEngine engine = new GuardedEngine(new Commands().policy(1));

    @Test
    void shouldTellAProviderAsOpenAndHalfOpenUntilAProbeHasDecided() {
        for (int i = 0; i < 10; i++) {
            requireCircuit(0, 0);
            engine.outcome(engine.order(FLOOR_OF_THE_DEAREST), Tristate.NO);
        }
        requireCircuit(PROVIDER, 0);
        engine.nowNs += 30 * SECOND - 1;
        requireCircuit(PROVIDER, 0);
        engine.nowNs++;
        requireCircuit(PROVIDER, PROVIDER);

        long failing = engine.order(FLOOR_OF_THE_DEAREST);
        requireCircuit(PROVIDER, PROVIDER);
        engine.requireReplayAndRestoreAlike((int) failing); // Probed, and the next may probe in 30 s only.
        engine.outcome(failing, Tristate.NO);
        requireCircuit(PROVIDER, 0);

        engine.nowNs += 30 * SECOND;
        engine.outcome(engine.order(FLOOR_OF_THE_DEAREST), Tristate.YES);
        requireCircuit(0, 0);
    }

    @Test
    void shouldTellWhatACommandHasFrozen() {
        command(LearningVerb.FREEZE, USE_CASE);
        requireFrozen(OF_ORDERS, 0, 0);
        command(LearningVerb.FREEZE, -1);
        requireFrozen(ALL, 0, 0);
        command(LearningVerb.THAW, USE_CASE);
        requireFrozen(~OF_ORDERS, 0, 0);
        engine.requireReplayAndRestoreAlike();
        command(LearningVerb.THAW, -1);
        requireFrozen(0, 0, 0);
    }

    @ParameterizedTest
    @CsvSource({"10, 1000, 3, 0, 0, DRIFT_ALARM", "0, 0, 0, 1000, 2, DIVERGENCE_ALARM"})
    void shouldTellWhichAlarmFroze(
            int window, int slackBps, int threshold, int toleratedBps, int contradictions, ReasonCode alarm) {
        engine = new GuardedEngine(
                new Commands().policy(1, new AlarmRule(window, slackBps, threshold, toleratedBps, contradictions)));
        ReasonCode reason = ReasonCode.APPLIED;
        for (int i = 0; i < 30 && reason != alarm; i++) {
            long decision = engine.order(1_000);
            reason = engine.outcome(decision, i < 10 ? Tristate.YES : Tristate.NO);
            if (reason == ReasonCode.APPLIED && contradictions != 0) {
                reason = engine.outcome(decision, i < 10 ? Tristate.NO : Tristate.YES, NO_GRADE, 1);
            }
        }

        assertEquals(alarm, reason);
        boolean isDrift = alarm == ReasonCode.DRIFT_ALARM;
        requireFrozen(0, isDrift ? OF_ORDERS : 0, isDrift ? 0 : OF_ORDERS);
        command(LearningVerb.FREEZE, USE_CASE);
        requireFrozen(0, isDrift ? OF_ORDERS : 0, isDrift ? 0 : OF_ORDERS); // By what froze it first.
        engine.requireReplayAndRestoreAlike();
        command(LearningVerb.THAW, USE_CASE);
        requireFrozen(0, 0, 0);
    }

    private void requireCircuit(long open, long halfOpen) {
        assertEquals(open, engine.guardrails().open());
        assertEquals(halfOpen, engine.guardrails().halfOpen(engine.nowNs));
    }

    private void requireFrozen(long byCommand, long byDrift, long byDivergence) {
        assertEquals(byCommand, engine.guardrails().frozenBy(LearningFreeze.COMMAND));
        assertEquals(byDrift, engine.guardrails().frozenBy(LearningFreeze.DRIFT));
        assertEquals(byDivergence, engine.guardrails().frozenBy(LearningFreeze.DIVERGENCE));
    }

    private void command(LearningVerb verb, int useCase) {
        engine.apply(
                CommandType.LEARNING,
                OPERATOR,
                engine.commands.learning(++engine.requestId, verb, useCase, -1, -1, -1));
    }
}

package io.ringfence.engine.pipeline;

import static io.ringfence.engine.pipeline.GuardedEngine.OPERATOR;
import static io.ringfence.engine.pipeline.GuardedEngine.TRADER;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.policy.AlarmRule;
import io.ringfence.engine.policy.RewardRule;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.LearningVerb;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Role;
import io.ringfence.schemas.Tristate;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Freezing, naming, resetting and alarms in the whole engine. */
class LearningOnTheWayTest {
    private static final int USE_CASE = 2; // Of orders.
    private static final int OTHER_USE_CASE = 1;
    private static final int ALL = -1;
    private static final int NO_GRADE = 65_535;
    private static final int FLOOR = 1_000;

    private GuardedEngine engine = new GuardedEngine(new Commands().policy(1));

    @ParameterizedTest
    @ValueSource(ints = {ALL, USE_CASE})
    void shouldTeachNothingWhileFrozen(int useCase) {
        teach(Tristate.YES);
        Map<String, String> learnt = learnt();
        assertEquals(ReasonCode.APPLIED, command(LearningVerb.FREEZE, useCase));

        long decision = engine.order(FLOOR);
        assertEquals(ReasonCode.LEARNING_FROZEN, engine.outcome(decision, Tristate.NO));
        assertEquals(ReasonCode.OUTCOME_WITHOUT_LESSON, engine.outcome(engine.order(FLOOR), Tristate.UNKNOWN));
        assertEquals(learnt, learnt());
        int frozen = engine.stamped.size();
        assertEquals(ReasonCode.APPLIED, command(LearningVerb.THAW, useCase));

        assertEquals(ReasonCode.APPLIED, engine.outcome(decision, Tristate.NO), "it has not taught before");
        assertNotEquals(learnt, learnt());
        engine.requireReplayAndRestoreAlike(frozen);
    }

    @Test
    void shouldGoOnLearningInOtherUseCases() {
        command(LearningVerb.FREEZE, OTHER_USE_CASE);

        assertEquals(ReasonCode.APPLIED, teach(Tristate.NO));
    }

    @Test
    void shouldWatchCircuitsWhileFrozen() {
        command(LearningVerb.FREEZE, ALL);
        for (int i = 0; i < 10; i++) {
            teach(Tristate.NO);
        }

        engine.order(FLOOR);

        assertNotEquals(-1L, engine.event.input().allowedProviderMask());
    }

    @Test
    void shouldBeRefusedUnlessASenderMayActOnAllAccounts() {
        engine.apply(CommandType.PRINCIPAL, 0, engine.commands.principal(OPERATOR, Role.OPERATOR, AccountScope.LISTED));
        assertEquals(ReasonCode.ACCOUNT_NOT_PERMITTED, command(LearningVerb.FREEZE, ALL));
        engine.apply(
                CommandType.LEARNING,
                TRADER,
                engine.commands.learning(++engine.requestId, LearningVerb.FREEZE, -1, -1, -1, -1));
        assertEquals(ReasonCode.ROLE_NOT_PERMITTED, engine.event.verdict().reason());

        assertEquals(ReasonCode.APPLIED, teach(Tristate.YES));
    }

    @ParameterizedTest
    @CsvSource({"3, 0, USE_CASE_UNKNOWN", "2, 4, FIELD_OUT_OF_RANGE", "2, 3, APPLIED"})
    void shouldRefuseWhatThePolicyDoesNotHave(int useCase, int tier, ReasonCode reason) {
        assertEquals(reason, reset(useCase, 0, tier, -1));
        engine.requireReplayAndRestoreAlike();
    }

    @Test
    void shouldResetOnePosteriorAndNoOther() {
        for (int i = 0; i < 20; i++) {
            teach(Tristate.YES);
        }
        long acted = engine.event.command().facts().actedCandidateId();
        int regime = engine.event.command().facts().regime();
        int tier = engine.event.command().facts().tier();
        Map<String, String> before = learnt();

        reset(USE_CASE, regime, tier, -1);
        Map<String, String> withoutTier = learnt();
        reset(USE_CASE, regime, -1, acted);
        Map<String, String> withoutBoth = learnt();

        assertEquals("0/0", withoutTier.get("tier " + USE_CASE + " " + regime + " " + tier));
        assertEquals(before.size() - 1, withoutZeros(withoutTier).size());
        assertTrue(before.entrySet().containsAll(withoutZeros(withoutTier).entrySet()));
        assertEquals("0/0", withoutBoth.get("candidate " + USE_CASE + " " + regime + " " + acted));
        engine.requireReplayAndRestoreAlike();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFallBackToWhatWasNamedOrToThePriorsWhenTheSuccessRateChanges(boolean isNamed) {
        engine = new GuardedEngine(new Commands().policy(1, new AlarmRule(50, 1_000, 5, 0, 0)));
        for (int i = 0; i < 55; i++) {
            teach(Tristate.YES);
        }
        Map<String, String> named = learnt();
        if (isNamed) {
            command(LearningVerb.NAME, USE_CASE);
        }
        int at = engine.stamped.size();
        ReasonCode reason = ReasonCode.APPLIED;
        int failures = 0;
        while (reason == ReasonCode.APPLIED) {
            reason = teach(Tristate.NO);
            failures++;
        }

        assertEquals(ReasonCode.DRIFT_ALARM, reason);
        assertTrue(failures >= 6 && failures <= 7, "failures=" + failures);
        assertEquals(isNamed ? named : Map.of(), withoutZeros(learnt()));
        int alarmed = engine.stamped.size();
        assertEquals(ReasonCode.LEARNING_FROZEN, teach(Tristate.YES));
        command(LearningVerb.THAW, USE_CASE);
        assertEquals(ReasonCode.APPLIED, teach(Tristate.NO), "the alarm begins anew");
        engine.requireReplayAndRestoreAlike(at, alarmed);
    }

    /** A cell of which nothing is left is named, restored, and fallen back to. */
    @Test
    void shouldFallBackAlikeToWhatWasTakenBackBeforeItWasNamed() {
        engine = new GuardedEngine(new Commands().policy(1, new AlarmRule(10, 1_000, 3, 0, 0), RewardRule.NONE, 60));
        long decision = engine.order(FLOOR);
        engine.outcome(decision, Tristate.YES);
        engine.nowNs += TimeUnit.HOURS.toNanos(1);
        assertEquals(ReasonCode.OUTCOME_TAKEN_BACK, engine.outcome(decision, Tristate.UNKNOWN, NO_GRADE, 1));
        command(LearningVerb.NAME, USE_CASE);
        int named = engine.stamped.size();
        for (int i = 0; i < 10; i++) {
            teach(Tristate.YES);
        }
        ReasonCode reason = ReasonCode.APPLIED;
        for (int i = 0; i < 10 && reason == ReasonCode.APPLIED; i++) {
            reason = teach(Tristate.NO);
        }

        assertEquals(ReasonCode.DRIFT_ALARM, reason);
        engine.requireReplayAndRestoreAlike(named);
    }

    /** A good grade that is no success for the reward contradicts nobody. */
    @Test
    void shouldCompareWhatReportsSayAndNotTheirReward() {
        RewardRule strict = new RewardRule(1, 0, 0, 0, 0, 0, 0, 10_000);
        engine = new GuardedEngine(new Commands().policy(1, new AlarmRule(0, 0, 0, 1_000, 1), strict, 0));

        for (int i = 0; i < 5; i++) {
            long decision = engine.order(FLOOR);
            assertEquals(ReasonCode.APPLIED, engine.outcome(decision, Tristate.YES, 9_000, 0));
            assertEquals(ReasonCode.OUTCOME_REVISED, engine.outcome(decision, Tristate.YES, 9_100, 1));
        }
        engine.requireReplayAndRestoreAlike();
    }

    @Test
    void shouldRaiseAnAlarmWhereLateReportsContradictQuickOnes() {
        engine = new GuardedEngine(new Commands().policy(1, new AlarmRule(0, 0, 0, 1_000, 4)));
        for (int i = 0; i < 3; i++) {
            long decision = engine.order(FLOOR);
            assertEquals(ReasonCode.APPLIED, engine.outcome(decision, Tristate.YES, 0, 0), "graded as nothing");
        }
        long revised = engine.order(FLOOR);
        assertEquals(ReasonCode.APPLIED, engine.outcome(revised, Tristate.YES));
        assertEquals(ReasonCode.OUTCOME_CONTRADICTORY, engine.outcome(revised, Tristate.NO), "no revision: no pair");
        assertEquals(ReasonCode.OUTCOME_REVISED, engine.outcome(revised, Tristate.NO, NO_GRADE, 1));
        assertEquals(ReasonCode.OUTCOME_REPEATED, engine.outcome(revised, Tristate.NO, NO_GRADE, 1), "the same again");
        long last = engine.order(FLOOR);
        engine.outcome(last, Tristate.NO);

        assertEquals(ReasonCode.DIVERGENCE_ALARM, engine.outcome(last, Tristate.YES, NO_GRADE, 1));

        assertEquals(Map.of(), withoutZeros(learnt()));
        assertEquals(ReasonCode.LEARNING_FROZEN, teach(Tristate.YES));
        engine.requireReplayAndRestoreAlike();
    }

    @Test
    void shouldRaiseNoAlarmUnlessThePolicyAsks() {
        for (int i = 0; i < 2_000; i++) {
            long decision = engine.order(FLOOR);
            engine.nowNs += 120 * GuardedEngine.SECOND; // Too old for circuits.
            assertEquals(ReasonCode.APPLIED, engine.outcome(decision, i < 1_000 ? Tristate.YES : Tristate.NO, 0, 0));
        }
    }

    /** With another number of tiers what was learnt is of no use, and neither is what was named of tiers. */
    @Test
    void shouldForgetWhatWasNamedOfOtherTiers() {
        teach(Tristate.YES);
        command(LearningVerb.NAME, ALL);
        byte[] named = engine.state(Engine.BANDIT);

        engine.activate(engine.commands.policy(2, 3));

        assertTrue(engine.state(Engine.BANDIT).length < named.length);
        assertArrayEquals(new byte[0], posteriorsOfTiers());
        engine.requireReplayAndRestoreAlike();
    }

    /** With another number of tiers, the mark of a reset is of no use: it does not stay in the state. */
    @Test
    void shouldForgetWhichTiersWereResetWithOtherTiers() {
        teach(Tristate.YES);
        int regime = engine.event.command().facts().regime();
        int tier = engine.event.command().facts().tier();
        reset(USE_CASE, regime, tier, -1);
        assertEquals("0/0", learnt().get("tier " + USE_CASE + " " + regime + " " + tier));

        engine.activate(engine.commands.policy(2, 3));

        assertArrayEquals(new byte[0], posteriorsOfTiers());
        engine.requireReplayAndRestoreAlike();
    }

    private ReasonCode teach(Tristate success) {
        return engine.outcome(engine.order(FLOOR), success);
    }

    private ReasonCode command(LearningVerb verb, int useCase) {
        engine.apply(
                CommandType.LEARNING,
                OPERATOR,
                engine.commands.learning(++engine.requestId, verb, useCase, -1, -1, -1));
        return engine.event.verdict().reason();
    }

    private ReasonCode reset(int useCase, int regime, int tier, long candidateId) {
        engine.apply(
                CommandType.LEARNING,
                OPERATOR,
                engine.commands.learning(++engine.requestId, LearningVerb.RESET, useCase, regime, tier, candidateId));
        return engine.event.verdict().reason();
    }

    private static Map<String, String> withoutZeros(Map<String, String> learnt) {
        Map<String, String> others = new TreeMap<>(learnt);
        others.values().removeIf("0/0"::equals);
        return others;
    }

    private byte[] posteriorsOfTiers() {
        return learnt().keySet().stream().anyMatch(key -> key.startsWith("tier")) ? new byte[1] : new byte[0];
    }

    private Map<String, String> learnt() {
        return engine.learnt();
    }
}

package io.ringfence.engine.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.bandit.Lesson;
import io.ringfence.engine.bandit.RetryCharge;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.policy.AlarmRule;
import io.ringfence.engine.policy.RewardRule;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.FollowUp;
import io.ringfence.schemas.LearningVerb;
import io.ringfence.schemas.OutcomeLessonDecoder;
import io.ringfence.schemas.OutcomeReportEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Role;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A decision, the requests that retry it by its sequence alone, and what their outcomes have it teach. */
class RetryChargeTest {
    private static final int TRADER = GuardedEngine.TRADER;
    private static final int STRANGER = 13;
    private static final int FLOOR = 5_000;
    private static final int FLOOR_OF_NOBODY = 10_000;
    private static final int GOOD = 9_000;
    private static final int USE_CASE = 1;

    /** 9,000 bps and 100 micros are a success, retried as well; with 900 micros of a retry they are a failure. */
    private static final RewardRule RULE = new RewardRule(2, 1, 0, 1, 0, 1_000, 0, 5_000);

    private static final RewardRule RETRIES_ALONE = new RewardRule(0, 0, 0, 1, 0, 0, 0, 1);

    private GuardedEngine engine = new GuardedEngine(new Commands().policy(1, RULE));

    @ParameterizedTest
    @CsvSource({"0, 900, -256", "0, 0, 256", "30, 900, -256", "30, 0, 256"})
    void shouldTeachAsIfTheFirstDecisionsOwnOutcomeHadToldOfIt(long halfLifeMinutes, long cost, int lesson) {
        List<byte[]> policy = new Commands().policy(1, AlarmRule.NONE, RULE, halfLifeMinutes);
        engine = new GuardedEngine(policy);
        GuardedEngine told = new GuardedEngine(policy);
        long first = engine.request(FLOOR);
        long retry = engine.retry(TRADER, FLOOR, first);
        assertEquals(first, told.request(FLOOR));
        assertEquals(retry, told.request(FLOOR));
        for (GuardedEngine each : List.of(engine, told)) {
            assertEquals(ReasonCode.APPLIED, each.outcome(first, saying(0, GOOD, 100)));
            each.nowNs += 3_600 * GuardedEngine.SECOND;
            assertEquals(ReasonCode.APPLIED, each.outcome(retry, saying(0, GOOD, cost)));
        }
        assertFalse(told.event.learnt().ofParent().isChanged());

        told.outcome(first, saying(1, GOOD, 100 + cost).andThen(report -> report.followUp(FollowUp.RETRY)));

        assertEquals(lesson, engine.event.learnt().ofParent().lesson());
        assertEquals(told.learnt(), engine.learnt());
        engine.requireReplayAndRestoreAlike((int) retry, engine.stamped.size() - 1);
    }

    @Test
    void shouldTakeTheChargeBackWithTheOutcomeOfTheRetry() {
        long first = engine.request(FLOOR);
        long retry = engine.retry(TRADER, FLOOR, first);
        engine.outcome(first, saying(0, GOOD, 100));
        Map<String, String> without = engine.learnt();

        engine.outcome(retry, saying(0, GOOD, 900));
        assertNotEquals(without, engine.learnt());
        assertEquals(ReasonCode.OUTCOME_TAKEN_BACK, engine.outcome(retry, takenBack(1)));

        assertEquals(without, withoutZeros(engine.learnt()));
        assertCharge(0, 0, engine.event.learnt().ofParent().charge());
        engine.requireReplayAndRestoreAlike(engine.stamped.size() - 1);
    }

    @Test
    void shouldReplaceTheChargeByThatOfALaterRevision() {
        long first = engine.request(FLOOR);
        long retry = engine.retry(TRADER, FLOOR, first);
        engine.outcome(first, saying(0, GOOD, 100));

        engine.outcome(retry, saying(0, GOOD, 900));
        engine.outcome(retry, saying(1, GOOD, 20));

        assertCharge(1, 20, engine.event.learnt().ofParent().charge());
        assertEquals(256, engine.event.learnt().ofParent().lesson());
        engine.outcome(retry, saying(2, 1_000, 20));
        assertFalse(engine.event.learnt().ofParent().isChanged(), "how good the retry was is nothing to the first");
        assertEquals(ReasonCode.OUTCOME_REPEATED, engine.outcome(retry, saying(2, 1_000, 20)));
        assertEquals(ReasonCode.OUTCOME_SUPERSEDED, engine.outcome(retry, saying(1, GOOD, 900)));
        assertCharge(1, 20, standing(first));
        engine.requireReplayAndRestoreAlike();
    }

    @Test
    void shouldKeepTheChargesOfAllRetriesWhateverIsReportedInBetween() {
        long first = engine.request(FLOOR);
        long one = engine.retry(TRADER, FLOOR, first);
        long other = engine.retry(TRADER, FLOOR, first);
        engine.outcome(first, saying(0, GOOD, 100));
        engine.outcome(one, saying(0, GOOD, 30));
        engine.outcome(other, saying(0, GOOD, 700));
        assertCharge(2, 730, standing(first));

        assertEquals(ReasonCode.OUTCOME_REVISED, engine.outcome(first, saying(1, GOOD, 70)));
        assertEquals(256, engine.event.learnt().lesson(), "800 micros in all");
        assertCharge(2, 730, standing(first));
        assertEquals(ReasonCode.OUTCOME_REVISED, engine.outcome(first, saying(2, GOOD, 170)));
        assertEquals(-256, engine.event.learnt().lesson(), "900 micros in all");
        engine.outcome(other, takenBack(1));
        assertCharge(1, 30, standing(first));
        assertEquals(256, engine.event.learnt().ofParent().lesson());
        engine.requireReplayAndRestoreAlike();
    }

    @Test
    void shouldTeachOfARetryAloneWhereThatIsALessonAndBeReplacedByTheFirstsOwnOutcome() {
        engine = new GuardedEngine(new Commands().policy(1, RETRIES_ALONE));
        long first = engine.request(FLOOR);
        long retry = engine.retry(TRADER, FLOOR, first);

        assertEquals(ReasonCode.APPLIED, engine.outcome(retry, saying(0, GOOD, 20)));
        assertEquals(-256, engine.event.learnt().ofParent().lesson());
        assertEquals(ReasonCode.OUTCOME_REVISED, engine.outcome(first, saying(0, GOOD, 100)));
        assertEquals(-256, engine.event.learnt().lesson());
        assertEquals(ReasonCode.OUTCOME_REPEATED, engine.outcome(first, saying(0, GOOD, 100)));
        engine.outcome(retry, takenBack(1));

        assertEquals(256, engine.event.learnt().ofParent().lesson());
        engine.requireReplayAndRestoreAlike();
    }

    @Test
    void shouldWaitForTheFirstsOwnOutcomeWhereItsQualityCounts() {
        long first = engine.request(FLOOR);
        long retry = engine.retry(TRADER, FLOOR, first);

        engine.outcome(retry, saying(0, GOOD, 900));
        assertEquals(Lesson.NOTHING, engine.event.learnt().ofParent().lesson());
        assertCharge(1, 900, standing(first));

        assertEquals(ReasonCode.APPLIED, engine.outcome(first, saying(0, GOOD, 100)));
        assertEquals(-256, engine.event.learnt().lesson());
        engine.requireReplayAndRestoreAlike();
    }

    @Test
    void shouldChargeTheParentAloneOfAChain() {
        long first = engine.request(FLOOR);
        long second = engine.retry(TRADER, FLOOR, first);
        long third = engine.retry(TRADER, FLOOR, second);

        engine.outcome(third, saying(0, GOOD, 700));
        engine.outcome(second, saying(0, GOOD, 300));
        assertEquals(-256, engine.event.learnt().lesson(), "retried itself, 1,000 micros in all");
        engine.outcome(first, saying(0, GOOD, 100));

        assertEquals(256, engine.event.learnt().lesson(), "400 micros in all");
        assertCharge(1, 300, standing(first));
        assertCharge(1, 700, standing(second));
        engine.outcome(third, takenBack(1));
        assertEquals(256, engine.event.learnt().ofParent().lesson());
        engine.outcome(second, takenBack(1));
        assertCharge(0, 0, standing(first));
        engine.requireReplayAndRestoreAlike();
    }

    @Test
    void shouldChargeNothingToADecisionOfAnotherPrincipal() {
        engine.apply(CommandType.PRINCIPAL, 0, engine.commands.principal(STRANGER, Role.TRADER, AccountScope.ALL));
        long first = engine.request(FLOOR);
        long retry = engine.retry(STRANGER, FLOOR, first);
        assertTrue(engine.event.verdict().isAdmitted());
        engine.outcome(first, saying(0, GOOD, 100));
        byte[] stood = engine.standing(first);

        assertEquals(ReasonCode.APPLIED, engine.outcome(retry, saying(0, GOOD, 900)));

        assertFalse(engine.event.learnt().ofParent().isChanged());
        assertArrayEquals(stood, engine.standing(first));
        engine.requireReplayAndRestoreAlike();
    }

    @Test
    void shouldChargeNothingWhereOneOfTheTwoWasNotAdmitted() {
        long rejected = engine.request(FLOOR_OF_NOBODY);
        assertFalse(engine.event.verdict().isAdmitted());
        long admitted = engine.retry(TRADER, FLOOR, rejected);
        assertTrue(engine.event.verdict().isAdmitted());
        long rejectedRetry = engine.retry(TRADER, FLOOR_OF_NOBODY, admitted);

        assertEquals(ReasonCode.APPLIED, engine.outcome(admitted, saying(0, GOOD, 900)));
        assertNull(engine.standing(rejected));
        assertEquals(ReasonCode.OUTCOME_WITHOUT_LESSON, engine.outcome(rejectedRetry, takenBack(0)));
        assertCharge(0, 0, standing(admitted));
        engine.requireReplayAndRestoreAlike();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldChargeNothingWhereTheRewardWeighsNoRetry(boolean hasReward) {
        RewardRule quality = new RewardRule(1, 0, 0, 0, 0, 0, 0, 5_000);
        engine = new GuardedEngine(new Commands().policy(1, hasReward ? quality : RewardRule.NONE));
        long first = engine.request(FLOOR);
        long retry = engine.retry(TRADER, FLOOR, first);
        engine.outcome(first, saying(0, GOOD, 100));
        byte[] stood = engine.standing(first);

        engine.outcome(retry, saying(0, GOOD, 900));

        assertFalse(engine.event.learnt().ofParent().isChanged());
        assertArrayEquals(stood, engine.standing(first));
        engine.activate(engine.commands.policy(2, RULE));
        engine.outcome(retry, saying(1, GOOD, 900));
        assertCharge(1, 900, standing(first));
        engine.activate(engine.commands.policy(3, RewardRule.NONE));
        engine.outcome(retry, takenBack(2));
        assertCharge(1, 900, standing(first));
        engine.activate(engine.commands.policy(4, RULE));
        engine.outcome(retry, takenBack(3));
        assertCharge(0, 0, standing(first));
        engine.requireReplayAndRestoreAlike();
    }

    @Test
    void shouldChargeNothingWhileLearningIsFrozen() {
        long first = engine.request(FLOOR);
        long retry = engine.retry(TRADER, FLOOR, first);
        engine.outcome(first, saying(0, GOOD, 100));
        byte[] stood = engine.standing(first);
        learning(LearningVerb.FREEZE);

        assertEquals(ReasonCode.LEARNING_FROZEN, engine.outcome(retry, saying(0, GOOD, 900)));
        assertArrayEquals(stood, engine.standing(first));
        learning(LearningVerb.THAW);
        assertEquals(ReasonCode.APPLIED, engine.outcome(retry, saying(0, GOOD, 900)));

        assertCharge(1, 900, standing(first));
        engine.requireReplayAndRestoreAlike();
    }

    /** Of the retry nothing is known that could be frozen: its outcome stands. */
    @Test
    void shouldChargeByALaterRevisionWhatWasFrozen() {
        long first = engine.request(FLOOR);
        long retry = engine.retry(TRADER, FLOOR, first);
        engine.outcome(first, saying(0, GOOD, 100));
        byte[] stood = engine.standing(first);
        learning(LearningVerb.FREEZE);

        assertEquals(ReasonCode.OUTCOME_WITHOUT_LESSON, engine.outcome(retry, report -> {}));
        assertArrayEquals(stood, engine.standing(first));
        learning(LearningVerb.THAW);
        engine.outcome(retry, report -> report.revision(1));

        assertCharge(1, 0, standing(first));
        engine.requireReplayAndRestoreAlike();
    }

    /** Its use case falls back, the first decision with it. */
    @Test
    void shouldChargeNothingByAnOutcomeThatRaisesAnAlarm() {
        engine = new GuardedEngine(new Commands().policy(1, new AlarmRule(50, 1_000, 5, 0, 0), RULE, 0));
        for (int i = 0; i < 55; i++) {
            engine.outcome(engine.request(FLOOR), saying(0, GOOD, 100));
        }
        long first;
        do {
            first = engine.request(FLOOR);
            engine.outcome(engine.retry(TRADER, FLOOR, first), saying(0, 0, 1_000));
        } while (engine.event.verdict().reason() == ReasonCode.APPLIED);

        assertEquals(ReasonCode.DRIFT_ALARM, engine.event.verdict().reason());
        assertFalse(engine.event.learnt().ofParent().isChanged());
        assertNull(engine.standing(first));
        engine.requireReplayAndRestoreAlike();
    }

    @Test
    void shouldReadBackFromARecordWhatWasCharged() {
        long first = engine.request(FLOOR);
        long retry = engine.retry(TRADER, FLOOR, first);
        engine.outcome(first, saying(0, GOOD, 100));
        engine.outcome(retry, saying(0, GOOD, 900));
        long sequence = engine.event.sequence();
        DecisionEvent decoded = new DecisionEvent();

        assertNull(engine.decode(sequence, engine.records().get((int) sequence - 1), decoded));

        byte[] block = new byte[StandingOutcome.LENGTH];
        assertTrue(StandingOutcome.hasParent(decoded));
        new StandingOutcome().writeParent(decoded, new UnsafeBuffer(block), 0);
        assertArrayEquals(engine.standing(first), block);
        new StandingOutcome().write(decoded, new UnsafeBuffer(block), 0);
        assertArrayEquals(engine.standing(retry), block);
        assertEquals(first, decoded.command().ofParent().facts().sequence());
        assertEquals(-256, decoded.learnt().ofParent().lesson());
        assertCharge(1, 900, decoded.learnt().charged());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldChargeInRandomTraffic(long seed) {
        EngineSettings settings = EngineSettings.defaults(seed, new byte[32]);
        Traffic traffic = new Traffic(seed, new Engine(settings, new MemoryLog(), SnapshotSink.NONE), event -> {});
        traffic.run(settings, 3_000);

        assertTrue(traffic.chargedCount() > 10, () -> "charged: " + traffic.chargedCount());
    }

    private void learning(LearningVerb verb) {
        engine.apply(
                CommandType.LEARNING,
                GuardedEngine.OPERATOR,
                engine.commands.learning(++engine.requestId, verb, USE_CASE, -1, -1, -1));
        assertEquals(ReasonCode.APPLIED, engine.event.verdict().reason());
    }

    private static Consumer<OutcomeReportEncoder> saying(int revision, int qualityBps, long costMicros) {
        return report -> report.revision(revision).qualityBps(qualityBps).realizedCostMicros(costMicros);
    }

    private static Consumer<OutcomeReportEncoder> takenBack(int revision) {
        return report -> report.revision(revision).disposition(Disposition.ABANDONED);
    }

    /** What stands of a decision. */
    private RetryCharge standing(long decision) {
        OutcomeLessonDecoder stands = new OutcomeLessonDecoder()
                .wrap(
                        new UnsafeBuffer(engine.standing(decision)),
                        0,
                        OutcomeLessonDecoder.BLOCK_LENGTH,
                        OutcomeLessonDecoder.SCHEMA_VERSION);
        assertEquals(decision, stands.decisionSequence());
        RetryCharge charge = new RetryCharge();
        charge.read(stands.charge());
        return charge;
    }

    private static void assertCharge(long retries, long costMicros, RetryCharge charge) {
        assertEquals(retries, charge.retries());
        assertEquals(costMicros, charge.costMicros());
    }

    private static Map<String, String> withoutZeros(Map<String, String> learnt) {
        learnt.values().removeIf("0/0"::equals);
        return learnt;
    }
}

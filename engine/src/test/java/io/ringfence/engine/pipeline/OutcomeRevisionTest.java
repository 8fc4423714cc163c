package io.ringfence.engine.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.bandit.Lesson;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.Verdict.DecisionFacts;
import io.ringfence.engine.policy.AlarmRule;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Role;
import io.ringfence.schemas.Substitution;
import io.ringfence.schemas.Tristate;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One decision, the outcomes that are reported on it, and what the engine keeps of each. */
class OutcomeRevisionTest {
    private static final EngineSettings SETTINGS = EngineSettings.defaults(1, new byte[32]);
    private static final int TRADER = 11;
    private static final long ACCOUNT = 1;
    private static final int SEAL_LENGTH = 32;

    private final Commands commands = new Commands();
    private final MemoryLog log = new MemoryLog();
    private final Engine engine = new Engine(SETTINGS, log, SnapshotSink.NONE);
    private final DecisionEvent event = new DecisionEvent();
    private final DecisionEvent decoded = new DecisionEvent();
    private final RecordDecoder decoder = new RecordDecoder();
    private byte[] facts;
    private byte[] standing;
    private long decision;
    private long requestId;

    @BeforeEach
    void decide() {
        apply(CommandType.SETTINGS, 0, SETTINGS.encode());
        policy(1);
        apply(CommandType.ACCOUNT, 0, commands.account(ACCOUNT, AccountVerb.OPEN, 1_000_000_000L));
        apply(CommandType.PRINCIPAL, 0, commands.principal(TRADER, Role.TRADER, AccountScope.ALL));
        apply(
                CommandType.ADMISSION,
                TRADER,
                commands.admission(++requestId, ACCOUNT, 0, Substitution.ALLOWED, 1_000, 65_535, 0));
        assertTrue(event.verdict().isAdmitted());
        decision = event.sequence();
        facts = new byte[DecisionFacts.LENGTH];
        new DecisionFacts().write(event, new UnsafeBuffer(facts), 0);
    }

    private void policy(long epoch) {
        List<byte[]> policy = commands.policy(epoch, AlarmRule.NONE);
        for (byte[] part : policy.subList(0, 4)) {
            apply(CommandType.POLICY_PART, 0, part);
        }
        apply(CommandType.POLICY_ACTIVATE, 0, policy.get(4));
    }

    @Test
    void shouldTakeBackWhatTheEarlierRevisionTaughtOfTierAndCandidate() {
        byte[] untaught = learnt();
        assertEquals(ReasonCode.APPLIED, report(0, Disposition.APPLIED, Tristate.YES));
        byte[] first = learnt();
        assertFalse(Arrays.equals(untaught, first));

        assertEquals(ReasonCode.OUTCOME_REVISED, report(4, Disposition.APPLIED, Tristate.NO));
        assertFalse(Arrays.equals(first, learnt()));
        assertEquals(ReasonCode.OUTCOME_REVISED, report(5, Disposition.APPLIED, Tristate.YES));

        assertArrayEquals(counts(first), counts(learnt()), "the third says what the first said");
    }

    @Test
    void shouldTeachNothingOnceItIsTakenBack() {
        report(0, Disposition.APPLIED, Tristate.YES);

        assertEquals(ReasonCode.OUTCOME_TAKEN_BACK, report(1, Disposition.ABANDONED, Tristate.UNKNOWN));

        assertEquals(Lesson.NOTHING, event.learnt().lesson());
        assertEquals(0, engine.state().length(Engine.BANDIT) - untaughtLength());
        assertEquals(ReasonCode.APPLIED, report(2, Disposition.APPLIED, Tristate.NO), "nothing is left to take back");
    }

    @ParameterizedTest
    @CsvSource({ // revision, success, reason: a success of revision 3 stands.
        "2, YES, OUTCOME_SUPERSEDED",
        "2, NO,  OUTCOME_SUPERSEDED",
        "3, YES, OUTCOME_REPEATED",
        "3, NO,  OUTCOME_CONTRADICTORY",
        "4, NO,  OUTCOME_REVISED",
    })
    void shouldAnswerEachKindOfLaterReport(long revision, Tristate success, ReasonCode reason) {
        report(0, Disposition.APPLIED, Tristate.NO);
        report(3, Disposition.APPLIED, Tristate.YES);
        byte[] before = learnt();
        byte[] stood = standing;

        assertEquals(reason, report(revision, Disposition.APPLIED, success));

        boolean isRevised = reason == ReasonCode.OUTCOME_REVISED;
        assertEquals(isRevised, !Arrays.equals(before, learnt()));
        assertEquals(isRevised, !Arrays.equals(stood, standing));
    }

    @Test
    void shouldLetARevisionTeachAfterOneThatTaughtNothing() {
        assertEquals(ReasonCode.OUTCOME_WITHOUT_LESSON, report(0, Disposition.IN_FLIGHT, Tristate.UNKNOWN));
        assertEquals(ReasonCode.OUTCOME_REPEATED, report(0, Disposition.IN_FLIGHT, Tristate.UNKNOWN));
        assertEquals(ReasonCode.OUTCOME_CONTRADICTORY, report(0, Disposition.APPLIED, Tristate.YES));

        assertEquals(ReasonCode.APPLIED, report(1, Disposition.APPLIED, Tristate.YES));
    }

    @Test
    void shouldReadBackFromARecordWhatItTaught() {
        report(0, Disposition.APPLIED, Tristate.YES);
        byte[] first = standing;
        report(9, Disposition.APPLIED, Tristate.NO);

        byte[] record = log.records().get((int) event.sequence() - 1);
        UnsafeBuffer sealed = new UnsafeBuffer(Arrays.copyOf(record, record.length + SEAL_LENGTH));
        assertNull(decoder.decode(sealed, engine.policy(), decoded));

        assertEquals(-256, decoded.learnt().lesson());
        assertTrue(decoded.learnt().isStanding());
        assertEquals(ReasonCode.OUTCOME_REVISED, decoded.verdict().reason());
        byte[] block = new byte[StandingOutcome.LENGTH];
        new StandingOutcome().write(decoded, new UnsafeBuffer(block), 0);
        assertArrayEquals(standing, block);
        decoded.command().lessonBytes().getBytes(0, block);
        assertArrayEquals(first, block);
    }

    /** Reports as the gateway would: stamped with the outcome that stands. */
    private ReasonCode report(long revision, Disposition disposition, Tristate success) {
        byte[] command = commands.outcome(++requestId, decision, revision, disposition, success);
        apply(CommandType.OUTCOME, TRADER, command, facts, standing);
        if (StandingOutcome.is(event)) {
            standing = new byte[StandingOutcome.LENGTH];
            new StandingOutcome().write(event, new UnsafeBuffer(standing), 0);
        }
        return event.verdict().reason();
    }

    /** State of the bandit and of the selection. */
    private byte[] learnt() {
        StateBytes states = new StateBytes();
        states.add(engine.state().of(Engine.BANDIT));
        states.add(engine.state().of(Engine.SELECTION));
        return states.bytes;
    }

    /** Without the sequences with which cells of candidates began: they are the last 8 bytes. */
    private static byte[] counts(byte[] learnt) {
        return Arrays.copyOf(learnt, learnt.length - Long.BYTES);
    }

    private long untaughtLength() {
        Engine fresh = new Engine(SETTINGS, new MemoryLog(), SnapshotSink.NONE);
        return fresh.state().length(Engine.BANDIT);
    }

    private static final class StateBytes {
        private byte[] bytes = new byte[0];

        void add(io.ringfence.engine.snapshot.StateWriter state) {
            int length = bytes.length;
            bytes = Arrays.copyOf(bytes, length + state.position());
            System.arraycopy(state.byteArray(), 0, bytes, length, state.position());
        }
    }

    private void apply(CommandType type, int principalId, byte[] command) {
        apply(type, principalId, command, null, null);
    }

    private void apply(CommandType type, int principalId, byte[] command, byte[] stampedFacts, byte[] stampedLesson) {
        long sequence = engine.lastSequence() + 1;
        new StampedCommand(type, sequence, sequence, 0, principalId, command, stampedFacts, stampedLesson)
                .acceptInto(event);
        engine.apply(event);
    }
}

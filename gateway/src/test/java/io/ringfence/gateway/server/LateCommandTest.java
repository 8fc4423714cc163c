package io.ringfence.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.bandit.Revision;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.intake.RequestMemory;
import io.ringfence.gateway.answers.PastAnswers;
import io.ringfence.gateway.answers.PastFacts;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.frame.Frames;
import io.ringfence.gateway.server.RawClient.Reply;
import io.ringfence.gateway.server.TestGateway.Options;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.AdmissionRequestEncoder;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OutcomeFactsEncoder;
import io.ringfence.schemas.OutcomeLessonEncoder;
import io.ringfence.schemas.OutcomeReportDecoder;
import io.ringfence.schemas.OutcomeReportEncoder;
import io.ringfence.schemas.PrincipalRestartEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;
import io.ringfence.schemas.Tristate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that name a decision which is not at hand: the test is the thread that looks it up. */
@Tag("system")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@ParameterizedClass(name = "ordered late: {0}")
@ValueSource(booleans = {false, true})
class LateCommandTest {
    /** Before all that a new gateway has facts of. */
    private static final long DECISION = 1;

    private static final long NOW_NS = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());

    /** Keeps what it is asked. */
    private static final class HeldLookUps implements PastAnswers {
        private final Queue<PastQuestion> questions = new ConcurrentLinkedQueue<>();
        private final Queue<LateCommand> commands = new ConcurrentLinkedQueue<>();

        @Override
        public boolean offer(LookUp lookUp) {
            return lookUp instanceof LateCommand command ? commands.add(command) : questions.add((PastQuestion) lookUp);
        }
    }

    @Parameter
    private boolean isOrderedLate;

    @TempDir
    private Path directory;

    private final HeldLookUps lookUps = new HeldLookUps();

    @Test
    void shouldTakeAnOutcomeOnceItsDecisionIsFoundAndOthersMeanwhile() {
        try (TestGateway gateway = start(options());
                RawClient client = new RawClient(gateway)) {
            client.logOn(TestGateway.CLIENT);
            client.send(outcome(DECISION, Disposition.APPLIED), 1, 0, 1);
            client.send(Frames.admission(), 2, 0, 2);
            Reply other = client.next();
            PastAnswers.LateCommand late = nextCommand();

            assertTrue(gateway.agent.admin().offerStamped(late, ReasonCode.NONE, facts(TestGateway.ACCOUNT, NOW_NS)));
            Reply answer = client.next();

            assertEquals(2, other.clientRequestId());
            assertEquals(CommandType.OUTCOME, late.type());
            assertEquals(TestGateway.CLIENT, late.principalId());
            assertEquals(DECISION, late.decision());
            assertEquals(1, answer.clientRequestId());
            assertEquals(ReasonCode.APPLIED, answer.reason());
            assertTrue(answer.value() > other.value(), "it is ordered when its decision is found");
        }
    }

    @Test
    void shouldCheckRightsAgeAndRiskWhenTheDecisionIsFound() {
        try (TestGateway gateway = start(options());
                RawClient client = new RawClient(gateway);
                RawClient stranger = new RawClient(gateway)) {
            stranger.logOn(TestGateway.STRANGER);
            stranger.send(outcome(DECISION, Disposition.APPLIED), 1, 0, 1);
            give(gateway, ReasonCode.NONE, facts(TestGateway.ACCOUNT, NOW_NS));
            assertEquals(ReasonCode.DECISION_NOT_PERMITTED, stranger.next().reason());
            client.logOn(TestGateway.CLIENT);
            client.send(outcome(DECISION, Disposition.APPLIED), 1, 0, 1);
            give(gateway, ReasonCode.NONE, facts(TestGateway.ACCOUNT, NOW_NS - TimeUnit.DAYS.toNanos(31)));
            Reply tooOld = client.next();
            client.send(outcome(DECISION, Disposition.APPLIED), 2, 1, 2);
            give(gateway, ReasonCode.FIELD_INVALID, null);
            Reply noDecision = client.next();
            client.send(retry(DECISION), 3, 2, 3);
            RawClient.await(() -> !lookUps.commands.isEmpty());
            gateway.journal.diskLow(true);
            RawClient.await(() -> counter(gateway, EngineCounter.DISK_LOW) == 1);
            give(gateway, ReasonCode.NONE, facts(TestGateway.ACCOUNT, NOW_NS));
            Reply risk = client.next();
            client.send(outcome(DECISION, Disposition.APPLIED), 4, 3, 4);
            give(gateway, ReasonCode.NONE, facts(TestGateway.ACCOUNT, NOW_NS));
            Reply fact = client.next();

            assertEquals(RefusedDecoder.TEMPLATE_ID, tooOld.templateId());
            assertEquals(ReasonCode.OUTCOME_TOO_OLD, tooOld.reason());
            assertEquals(OutcomeReportDecoder.decisionSequenceId(), tooOld.fieldId());
            assertEquals(DECISION, tooOld.value());
            assertEquals(ReasonCode.FIELD_INVALID, noDecision.reason());
            assertEquals(ReasonCode.DISK_LOW, risk.reason());
            assertEquals(3, risk.clientRequestId());
            assertEquals(ReasonCode.APPLIED, fact.reason());
        }
    }

    @Test
    void shouldTakeACommandWhoseSessionHasEnded() throws Exception {
        try (TestGateway gateway = start(options());
                RawClient client = new RawClient(gateway)) {
            client.logOn(TestGateway.CLIENT);
            client.send(outcome(DECISION, Disposition.APPLIED), 1, 0, 1);
            client.send(outcome(DECISION, Disposition.APPLIED), 2, 0, 2);
            RawClient.await(() -> lookUps.commands.size() == 2);
            client.send(Frames.logout(), 3, 0, 0);
            RawClient.await(() -> counter(gateway, EngineCounter.SESSIONS) == 0);

            give(gateway, ReasonCode.NONE, facts(TestGateway.ACCOUNT, NOW_NS));
            give(gateway, ReasonCode.FIELD_INVALID, null);
            RawClient.await(() -> gateway.journal.count(CommandKind.OUTCOME) == 1);
            gateway.agent.admin().requestSnapshot(1).get(20, TimeUnit.SECONDS);

            assertEquals(1, gateway.journal.count(CommandKind.OUTCOME));
            assertNull(gateway.agent.failure());
        }
    }

    @Test
    void shouldCountCommandsThatWaitInTheWindow() {
        try (TestGateway gateway = start(options().withWindow(4));
                RawClient client = new RawClient(gateway)) {
            client.logOn(TestGateway.CLIENT);
            for (int i = 1; i <= 5; i++) {
                client.send(outcome(DECISION, Disposition.APPLIED), i, 0, i);
            }
            Reply full = client.next();
            give(gateway, ReasonCode.NONE, facts(TestGateway.ACCOUNT, NOW_NS));
            Reply first = client.next();
            PastFacts found = facts(TestGateway.ACCOUNT, NOW_NS, standing(first.value()));
            give(gateway, ReasonCode.FIELD_INVALID, null);
            give(gateway, ReasonCode.NONE, found);
            give(gateway, ReasonCode.FIELD_INVALID, null);
            List<Reply> answers =
                    Stream.concat(Stream.of(first), client.next(3).stream()).toList();
            client.send(outcome(DECISION, Disposition.APPLIED), 6, client.replySequence(), 6);
            give(gateway, ReasonCode.NONE, found);

            assertEquals(ReasonCode.WINDOW_FULL, full.reason());
            assertEquals(5, full.clientRequestId());
            assertEquals(
                    List.of(ReasonCode.APPLIED, ReasonCode.OUTCOME_REPEATED),
                    answers.stream()
                            .filter(reply -> reply.templateId() == AdmissionDecisionDecoder.TEMPLATE_ID)
                            .map(Reply::reason)
                            .toList());
            assertEquals(6, client.next().clientRequestId());
        }
    }

    @Test
    void shouldLookUpAgainWhatWasOrderedSinceTheJournalWasRead() {
        try (TestGateway gateway = start(options());
                RawClient client = new RawClient(gateway)) {
            client.logOn(TestGateway.CLIENT);
            client.send(revision(0, Tristate.YES), 1, 0, 1);
            client.send(revision(1, Tristate.NO), 2, 0, 2);
            give(gateway, ReasonCode.NONE, facts(TestGateway.ACCOUNT, NOW_NS));
            Reply first = client.next();
            give(gateway, ReasonCode.NONE, facts(TestGateway.ACCOUNT, NOW_NS)); // Of before the first one.
            RawClient.await(() -> !lookUps.commands.isEmpty());
            give(gateway, ReasonCode.NONE, facts(TestGateway.ACCOUNT, NOW_NS, lesson(first.value(), 0, 256)));
            Reply second = client.next();

            assertEquals(ReasonCode.APPLIED, first.reason());
            assertEquals(2, second.clientRequestId());
            assertEquals(ReasonCode.OUTCOME_REVISED, second.reason());
        }
    }

    private static byte[] revision(long revision, Tristate success) {
        byte[] frame = outcome(DECISION, Disposition.APPLIED);
        new OutcomeReportEncoder()
                .wrap(new UnsafeBuffer(frame), MessageHeaderEncoder.ENCODED_LENGTH)
                .revision(revision)
                .success(success);
        return frame;
    }

    /** The first outcome as {@link #outcome} reports it. */
    private static byte[] standing(long sequence) {
        byte[] block = lesson(sequence, 0, 256);
        OutcomeReportDecoder report = new OutcomeReportDecoder()
                .wrap(
                        new UnsafeBuffer(outcome(DECISION, Disposition.APPLIED)),
                        MessageHeaderEncoder.ENCODED_LENGTH,
                        OutcomeReportDecoder.BLOCK_LENGTH,
                        OutcomeReportDecoder.SCHEMA_VERSION);
        OutcomeLessonEncoder encoder = new OutcomeLessonEncoder().wrap(new UnsafeBuffer(block), 0);
        encoder.revision(report.revision());
        Revision.write(report, encoder.content());
        return block;
    }

    private static byte[] lesson(long sequence, long revision, int lesson) {
        byte[] block = new byte[OutcomeLessonEncoder.BLOCK_LENGTH];
        new OutcomeLessonEncoder()
                .wrap(new UnsafeBuffer(block), 0)
                .decisionSequence(DECISION)
                .sequence(sequence)
                .revision(revision)
                .lesson((short) lesson);
        return block;
    }

    @Test
    void shouldSayOfACommandThatWaitsThatItIsNotAnsweredYet() {
        try (TestGateway gateway = start(options());
                RawClient client = new RawClient(gateway)) {
            client.logOn(TestGateway.CLIENT);
            client.send(outcome(DECISION, Disposition.APPLIED), 1, 0, 1);
            client.send(Frames.query(), 2, 0, 1);
            Reply waiting = client.next();
            give(gateway, ReasonCode.FIELD_INVALID, null);
            Reply refused = client.next();
            client.send(Frames.query(), 3, 2, 1);
            Reply after = client.next();

            assertEquals(ReasonCode.NOT_ANSWERED_YET, waiting.reason());
            assertEquals(ReasonCode.FIELD_INVALID, refused.reason());
            assertEquals(ReasonCode.REQUEST_ID_UNKNOWN, after.reason());
        }
    }

    @Test
    void shouldAnswerAtAStopWhatIsFoundInTimeAndRefuseCommandsThatWait() throws Exception {
        AtomicLong aheadNs = new AtomicLong();
        TestGateway gateway = start(options().withClock(slowClock(aheadNs)));
        try (RawClient client = new RawClient(gateway)) {
            client.logOn(TestGateway.CLIENT);
            client.send(Frames.admission(), 1, 0, 100);
            client.next();
            client.send(outcome(DECISION, Disposition.APPLIED), 2, 1, 101);
            client.send(outcome(DECISION, Disposition.APPLIED), 3, 1, 102);
            RawClient.await(() -> lookUps.commands.size() == 2);
            Thread stopping = new Thread(gateway::close);
            stopping.start();
            // The duty cycle is told to end, and the stop waits for it.
            RawClient.await(() -> stopping.getState() == Thread.State.TIMED_WAITING);

            give(gateway, ReasonCode.NONE, facts(TestGateway.ACCOUNT, NOW_NS));
            Reply found = client.next();
            aheadNs.set(TimeUnit.SECONDS.toNanos(6)); // Longer than a stop waits for what is looked up.
            Reply waiting = client.next();
            stopping.join(TimeUnit.SECONDS.toMillis(20));

            assertEquals(101, found.clientRequestId());
            assertEquals(ReasonCode.APPLIED, found.reason());
            assertEquals(102, waiting.clientRequestId());
            assertEquals(ReasonCode.RING_FULL, waiting.reason());
            assertNull(gateway.agent.failure());
        } finally {
            gateway.close();
        }
    }

    @Test
    void shouldStopOnceWhatIsOpenIsFoundAndSynced() throws Exception {
        TestGateway gateway = start(options().withDurability(Durability.DISK).withClock(slowClock(new AtomicLong())));
        try (RawClient client = new RawClient(gateway)) {
            client.logOn(TestGateway.CLIENT);
            client.send(retry(DECISION), 1, 0, 1);
            RawClient.await(() -> !lookUps.commands.isEmpty());
            Thread stopping = new Thread(gateway::close);
            stopping.start();
            // The duty cycle is told to end, and the stop waits for it.
            RawClient.await(() -> stopping.getState() == Thread.State.TIMED_WAITING);

            give(gateway, ReasonCode.NONE, facts(TestGateway.ACCOUNT, NOW_NS));
            Reply answer = client.next();
            stopping.join(TimeUnit.SECONDS.toMillis(20));

            assertEquals(AdmissionDecisionDecoder.TEMPLATE_ID, answer.templateId());
            assertFalse(stopping.isAlive());
            assertNull(gateway.agent.failure());
        } finally {
            gateway.close();
        }
    }

    @Test
    void shouldGiveAPrincipalNoNewBeginningWhileACommandOfItsEndedSessionWaits() {
        try (TestGateway gateway = start(options());
                RawClient client = new RawClient(gateway);
                RawClient operator = new RawClient(gateway)) {
            operator.logOn(TestGateway.OPERATOR);
            client.logOn(TestGateway.CLIENT);
            client.send(Frames.admission(), 1, 0, 1);
            client.next();
            client.send(retry(DECISION), 2, 1, RequestMemory.JUMP_MAX);
            RawClient.await(() -> !lookUps.commands.isEmpty());
            client.send(Frames.logout(), 3, 1, 0);
            RawClient.await(() -> counter(gateway, EngineCounter.SESSIONS) == 1);
            long[] id = {0};

            Reply early = restart(operator, id);
            give(gateway, ReasonCode.NONE, facts(TestGateway.ACCOUNT, NOW_NS));
            Reply[] later = new Reply[1];
            RawClient.await(() -> {
                later[0] = restart(operator, id);
                return later[0].reason() == ReasonCode.APPLIED;
            });

            assertEquals(ReasonCode.RING_FULL, early.reason());
            assertEquals(0, client.logOn(TestGateway.CLIENT).value(), "no id is taken of a principal that begins anew");
        }
    }

    @Test
    void shouldGiveNoNewBeginningWhileACommandWaitsWhoseIdWasSentTwice() {
        try (TestGateway gateway = start(options());
                RawClient client = new RawClient(gateway);
                RawClient operator = new RawClient(gateway)) {
            operator.logOn(TestGateway.OPERATOR);
            client.logOn(TestGateway.CLIENT);
            client.send(retry(DECISION), 1, 0, 1);
            client.send(retry(DECISION), 2, 0, 1);
            RawClient.await(() -> lookUps.commands.size() == 2);
            give(gateway, ReasonCode.NONE, facts(TestGateway.ACCOUNT, NOW_NS));
            client.next();
            client.send(Frames.logout(), 3, 1, 0);
            RawClient.await(() -> counter(gateway, EngineCounter.SESSIONS) == 1);
            long[] id = {0};

            Reply early = restart(operator, id);
            give(gateway, ReasonCode.NONE, facts(TestGateway.ACCOUNT, NOW_NS));
            RawClient.await(() -> restart(operator, id).reason() == ReasonCode.APPLIED);

            assertEquals(ReasonCode.RING_FULL, early.reason());
        }
    }

    private static Reply restart(RawClient operator, long[] id) {
        byte[] frame = Frames.principalRestart();
        new PrincipalRestartEncoder()
                .wrap(new UnsafeBuffer(frame), MessageHeaderEncoder.ENCODED_LENGTH)
                .principalId(TestGateway.CLIENT);
        id[0]++;
        operator.send(frame, id[0], operator.replySequence(), id[0]);
        return operator.next();
    }

    /** A hundred times too slow: no time-out of the gateway ends before the test lets it. */
    private static NanoClock slowClock(AtomicLong aheadNs) {
        long beginNs = System.nanoTime();
        return () -> beginNs + (System.nanoTime() - beginNs) / 100 + aheadNs.get();
    }

    private Options options() {
        Options options = Options.defaults().inMemory(true).withPastAnswers(lookUps);
        return isOrderedLate ? options.withOrder(LateSequencer::new) : options;
    }

    private TestGateway start(Options options) {
        return TestGateway.start(directory, options);
    }

    private static long counter(TestGateway gateway, EngineCounter counter) {
        try (CountersView counters = gateway.counters()) {
            return counters.engine().get(counter);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private PastAnswers.LateCommand nextCommand() {
        RawClient.await(() -> !lookUps.commands.isEmpty());
        return lookUps.commands.remove();
    }

    private void give(TestGateway gateway, ReasonCode result, PastFacts found) {
        PastAnswers.LateCommand command = nextCommand();
        RawClient.await(() -> gateway.agent.admin().offerStamped(command, result, found));
    }

    /** Those of an admitted decision without an outcome. */
    private static PastFacts facts(long accountId, long timestampNs) {
        return facts(accountId, timestampNs, null);
    }

    private static PastFacts facts(long accountId, long timestampNs, byte[] lesson) {
        byte[] facts = new byte[OutcomeFactsEncoder.BLOCK_LENGTH];
        new OutcomeFactsEncoder()
                .wrap(new UnsafeBuffer(facts), 0)
                .sequence(DECISION)
                .accountId(accountId)
                .timestampNs(timestampNs)
                .actedCandidateId(1)
                .useCase((short) 1)
                .regime((short) 0)
                .tier((short) 0)
                .providerId((short) 0)
                .isAdmitted(Tristate.YES);
        return new PastFacts(facts, lesson, DECISION, null);
    }

    private static byte[] outcome(long decision, Disposition disposition) {
        byte[] frame = Frames.outcome();
        new OutcomeReportEncoder()
                .wrap(new UnsafeBuffer(frame), MessageHeaderEncoder.ENCODED_LENGTH)
                .decisionSequence(decision)
                .disposition(disposition)
                .success(Tristate.YES);
        return frame;
    }

    private static byte[] retry(long decision) {
        byte[] frame = Frames.admission();
        new AdmissionRequestEncoder()
                .wrap(new UnsafeBuffer(frame), MessageHeaderEncoder.ENCODED_LENGTH)
                .parentSequence(decision);
        return frame;
    }
}

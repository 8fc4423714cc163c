package io.ringfence.gateway.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.pipeline.RecordLog;
import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.engine.pipeline.StampedCommand;
import io.ringfence.engine.pipeline.Traffic;
import io.ringfence.gateway.answers.AnswerEncoder;
import io.ringfence.gateway.answers.PastAnswers;
import io.ringfence.gateway.answers.PastAnswers.LateCommand;
import io.ringfence.gateway.answers.PastAnswers.PastQuestion;
import io.ringfence.gateway.answers.PastFacts;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.record.RecordView;
import io.ringfence.limit.Deadline;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.AdmissionDecisionEncoder;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OutcomeFactsDecoder;
import io.ringfence.schemas.PrincipalCommandEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RecordHeaderDecoder;
import io.ringfence.schemas.RecordSectionsDecoder;
import io.ringfence.schemas.Role;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class JournalAnswersTest {
    private static final EngineSettings SETTINGS =
            new EngineSettings(7, 1_000_000, 32, 300, 100, 250, 100, 64, 100_000_000L, false, new byte[32]);
    private static final int SESSION = 5;
    private static final int OPERATOR = 9;
    private static final int HOLD_STANDS =
            MessageHeaderEncoder.ENCODED_LENGTH + AdmissionDecisionEncoder.holdStandsEncodingOffset();

    private record Stamp(ReasonCode result, PastFacts found) {}

    @TempDir
    Path directory;

    private final Map<PastQuestion, byte[]> given = new LinkedHashMap<>();
    private final Set<CommandType> types = EnumSet.noneOf(CommandType.class);
    private final Map<PastQuestion, Optional<byte[]>> found = new ConcurrentHashMap<>();
    private final Map<LateCommand, Stamp> stamped = new ConcurrentHashMap<>();
    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final AtomicInteger handed = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void shouldGiveEveryAnswerByteForByteAgain(long seed) throws InterruptedException {
        try (JournalDirectory journal = open();
                JournalAnswers answers = answers()) {
            write(journal, seed, 2_500);
            List<PastQuestion> shuffled = new ArrayList<>(given.keySet());
            Collections.shuffle(shuffled, new Random(seed));

            askAll(answers, shuffled);
        }

        assertEquals(List.of(), errors);
        given.forEach((question, answer) ->
                assertArrayEquals(answer, found.get(question).orElseThrow(), () -> "seed " + seed + ", " + question));
        assertEquals(
                EnumSet.of(
                        CommandType.ADMISSION,
                        CommandType.ORDER,
                        CommandType.CANCEL,
                        CommandType.REPLACE,
                        CommandType.EXECUTION,
                        CommandType.SETTLE,
                        CommandType.OUTCOME,
                        CommandType.ACCOUNT,
                        CommandType.PRINCIPAL_RESTART,
                        CommandType.LEARNING,
                        CommandType.CLOCK,
                        CommandType.POLICY_PIECE,
                        CommandType.POLICY_CHANGE,
                        CommandType.FACT),
                types);
    }

    @Test
    void shouldAnswerNothingFromARecordThatDoesNotComeToWhatItSays() {
        Set<Long> decisions = new HashSet<>();
        try (JournalDirectory journal = open()) {
            RecordLog forging = (sequence, bytes, offset, length) -> {
                int digest = digestOffset(bytes, offset);
                if (digest > 0) {
                    bytes[digest] ^= 1; // Sealed all the same.
                    decisions.add(sequence);
                }
                journal.writer().append(sequence, bytes, offset, length);
            };
            new Traffic(4, new Engine(SETTINGS, forging, SnapshotSink.NONE), this::remember).run(SETTINGS, 600);

            int refused = 0;
            AnswerEncoder encoder = new AnswerEncoder(Durability.MEMORY);
            try (RecordSearch search = new RecordSearch(directory)) {
                for (PastQuestion question : given.keySet()) {
                    if (decisions.contains(question.sequence())) {
                        JournalException refusal =
                                assertThrows(JournalException.class, () -> search.answer(question, encoder));
                        assertTrue(
                                refusal.getMessage().contains("sequence " + question.sequence() + ": does not come to"),
                                refusal::getMessage);
                        refused++;
                    }
                }
            }
            assertTrue(refused > 10, "refused=" + refused);
        }
    }

    /** Where the decision digest of a record stands; 0 if it has none. */
    private static int digestOffset(byte[] bytes, int offset) {
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        RecordHeaderDecoder header =
                new RecordHeaderDecoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
        RecordSectionsDecoder sections = new RecordSectionsDecoder()
                .wrap(
                        buffer,
                        offset + RecordView.COMMAND_OFFSET + header.commandLength(),
                        RecordSectionsDecoder.BLOCK_LENGTH,
                        RecordSectionsDecoder.SCHEMA_VERSION);
        sections.stamp().forEach(entry -> {});
        sections.intake().forEach(entry -> {});
        sections.regime().forEach(entry -> {});
        sections.effective().forEach(entry -> {});
        sections.tierPosterior().forEach(entry -> {});
        sections.tierDraw().forEach(entry -> {});
        sections.decision().forEach(entry -> {});
        RecordSectionsDecoder.ProofDecoder proof = sections.proof();
        if (!proof.hasNext()) {
            return 0;
        }
        proof.next();
        return sections.limit() - 32;
    }

    private static AdmissionDecisionDecoder decision(byte[] answer) {
        return new AdmissionDecisionDecoder()
                .wrapAndApplyHeader(new UnsafeBuffer(answer), 0, new MessageHeaderDecoder());
    }

    @Test
    void shouldSayThatThereIsNoSuchFirstAnswer() throws InterruptedException {
        try (JournalDirectory journal = open();
                JournalAnswers answers = answers()) {
            write(journal, 3, 200);
            PastQuestion known = given.keySet().iterator().next();
            PastQuestion otherId = question(known.principalId(), 1L << 40, known.sequence());
            PastQuestion stranger = question(77, known.clientRequestId(), known.sequence());
            PastQuestion settings = question(known.principalId(), known.clientRequestId(), 1);

            askAll(answers, List.of(known, otherId, stranger, settings));

            assertTrue(found.get(known).isPresent());
            assertEquals(Optional.empty(), found.get(otherId));
            assertEquals(Optional.empty(), found.get(stranger));
            assertEquals(Optional.empty(), found.get(settings));
            assertEquals(List.of(), errors);
        }
    }

    @Test
    void shouldSayThatThereIsNoAnswerWhereThereIsNoJournal() throws InterruptedException {
        PastQuestion question = question(1, 1, 1);
        try (JournalAnswers answers = answers()) {
            askAll(answers, List.of(question));
        }

        assertEquals(Optional.empty(), found.get(question));
        assertEquals(1, errors.size());
        assertTrue(errors.get(0).getMessage().contains(directory.toString()));
    }

    @Test
    void shouldFindFactsForCommandsBesideAnswers() throws InterruptedException {
        Map<Long, byte[]> decided = new HashMap<>();
        try (JournalDirectory journal = open();
                JournalAnswers answers = answers()) {
            write(journal, 6, 2_500);
            given.forEach((question, answer) -> decided.put(decision(answer).sequence(), answer));
            given.keySet().stream().limit(50).forEach(question -> assertTrue(answers.offer(question)));
            Deadline deadline = Deadline.inSeconds(30);
            for (long sequence : decided.keySet()) {
                while (!answers.offer(late(sequence))) {
                    deadline.require("a place for a look-up");
                    Thread.sleep(1);
                }
            }
            while (stamped.size() < decided.size()) {
                deadline.require("every command is stamped");
                Thread.sleep(1);
            }
        }

        assertEquals(List.of(), errors);
        stamped.forEach((command, stamp) -> {
            AdmissionDecisionDecoder answer = decision(decided.get(command.decision()));
            boolean isDecision = stamp.result() == ReasonCode.NONE;
            assertEquals(isDecision ? ReasonCode.NONE : ReasonCode.FIELD_INVALID, stamp.result());
            if (isDecision) {
                OutcomeFactsDecoder facts = new OutcomeFactsDecoder()
                        .wrap(
                                new UnsafeBuffer(stamp.found().facts()),
                                0,
                                OutcomeFactsDecoder.BLOCK_LENGTH,
                                OutcomeFactsDecoder.SCHEMA_VERSION);
                byte[] expected = new byte[32];
                byte[] actual = new byte[32];
                answer.getEntryHash(expected, 0, 32);
                facts.getEntryHash(actual, 0, 32);
                assertArrayEquals(expected, actual);
                assertEquals(command.decision(), facts.sequence());
            }
        });
        assertTrue(stamped.values().stream().anyMatch(stamp -> stamp.result() == ReasonCode.NONE));
        assertTrue(stamped.values().stream().anyMatch(stamp -> stamp.result() == ReasonCode.FIELD_INVALID));
    }

    @Test
    void shouldSayThatFactsCannotBeFoundAndTellWhyOnce() throws InterruptedException {
        try (JournalAnswers answers = answers()) {
            for (int decision = 1; decision <= 3; decision++) {
                assertTrue(answers.offer(late(decision)));
            }
            Deadline deadline = Deadline.inSeconds(30);
            while (stamped.size() < 3) {
                deadline.require("every command is stamped");
                Thread.sleep(1);
            }
        }

        stamped.values().forEach(stamp -> assertEquals(new Stamp(ReasonCode.ANSWER_NOT_KEPT, null), stamp));
        assertEquals(1, errors.size());
        assertTrue(errors.get(0).getMessage().contains(directory.toString()));
    }

    private static LateCommand late(long decision) {
        return new LateCommand(CommandType.OUTCOME, SESSION, 1, decision, new byte[0]);
    }

    @Test
    void shouldTakeNoMoreThanItsQueueHoldsAndNothingAfterItsEnd() {
        JournalAnswers answers = new JournalAnswers(directory, Durability.MEMORY, errors::add);
        int taken = 0;
        while (answers.offer(taken % 2 == 0 ? late(1) : question(1, taken, 1))) {
            taken++;
        }
        answers.close();

        assertEquals(PastAnswers.CAPACITY, taken);
        assertFalse(answers.offer(late(1)));
        assertFalse(answers.offer(question(1, 1, 1)));
    }

    private static PastQuestion question(int principalId, long clientRequestId, long sequence) {
        return new PastQuestion(SESSION, principalId, clientRequestId, sequence, true, false);
    }

    private JournalDirectory open() {
        return JournalDirectory.open(
                directory, JournalDirectory.Options.of(Durability.MEMORY).withSegmentLength(256 * 1024));
    }

    /** Refuses every third answer at first. */
    private JournalAnswers answers() {
        JournalAnswers answers = new JournalAnswers(directory, Durability.MEMORY, errors::add);
        answers.start(
                (question, answer) -> {
                    boolean isTaken = handed.incrementAndGet() % 3 != 0;
                    if (isTaken) {
                        found.put(question, Optional.ofNullable(answer));
                    }
                    return isTaken;
                },
                (command, result, found) -> {
                    boolean isTaken = handed.incrementAndGet() % 3 != 0;
                    if (isTaken) {
                        stamped.put(command, new Stamp(result, found));
                    }
                    return isTaken;
                });
        return answers;
    }

    private void askAll(JournalAnswers answers, Iterable<PastQuestion> questions) throws InterruptedException {
        int count = 0;
        Deadline deadline = Deadline.inSeconds(30);
        for (PastQuestion question : questions) {
            count++;
            while (!answers.offer(question)) {
                deadline.require("a place for a look-up");
                Thread.sleep(1);
            }
        }
        while (found.size() < count) {
            deadline.require("every answer is found");
            Thread.sleep(1);
        }
    }

    private void write(JournalDirectory journal, long seed, int count) {
        Engine engine = new Engine(SETTINGS, journal.writer()::append, SnapshotSink.NONE);
        List<StampedCommand> commands = new Traffic(seed, engine, this::remember).run(SETTINGS, count);
        repeatAccountsAsAnOperator(engine, new ArrayList<>(commands));
    }

    /** The traffic's account commands are the engine's own: the same from a person. */
    private void repeatAccountsAsAnOperator(Engine engine, List<StampedCommand> commands) {
        DecisionEvent event = new DecisionEvent();
        long timestampNs = commands.get(commands.size() - 1).timestampNs();
        permitTheOperator(engine, event, timestampNs);
        long requestId = 0;
        for (StampedCommand command : commands) {
            if (command.type() == CommandType.ACCOUNT) {
                UnsafeBuffer bytes = new UnsafeBuffer(command.bytes().clone());
                bytes.putLong(CommandType.REQUEST_ID_OFFSET, ++requestId, ByteOrder.LITTLE_ENDIAN);
                event.accept(
                        CommandType.ACCOUNT,
                        engine.lastSequence() + 1,
                        timestampNs,
                        SESSION,
                        OPERATOR,
                        bytes,
                        0,
                        bytes.capacity());
                engine.apply(event);
                remember(event);
            }
        }
    }

    private static void permitTheOperator(Engine engine, DecisionEvent event, long timestampNs) {
        UnsafeBuffer bytes = new UnsafeBuffer(new byte[128]);
        PrincipalCommandEncoder command = new PrincipalCommandEncoder();
        command.wrapAndApplyHeader(bytes, 0, new MessageHeaderEncoder())
                .principalId(OPERATOR)
                .role(Role.OPERATOR)
                .scope(AccountScope.ALL)
                .name("operator");
        int length = MessageHeaderEncoder.ENCODED_LENGTH + command.encodedLength();
        event.accept(CommandType.PRINCIPAL, engine.lastSequence() + 1, timestampNs, 0, 0, bytes, 0, length);
        engine.apply(event);
    }

    private void remember(DecisionEvent event) {
        if (event.command().isOfClient() && AnswerEncoder.isFirstOfItsId(event)) {
            byte[] answer = new byte[AnswerEncoder.LENGTH];
            new AnswerEncoder(Durability.MEMORY).encode(event, new UnsafeBuffer(answer), 0);
            types.add(event.type());
            given.put(
                    question(event.command().principalId(), event.command().clientRequestId(), event.sequence()),
                    answer);
        }
    }
}

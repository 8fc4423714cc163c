package io.ringfence.gateway.replay;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.engine.pipeline.StampedCommand;
import io.ringfence.engine.pipeline.StandingOutcome;
import io.ringfence.engine.pipeline.Traffic;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.OutcomeFactsEncoder;
import io.ringfence.schemas.OutcomeLessonEncoder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What outcomes are stamped with, compared with decisions that are at hand and with those that are not. */
class ReplayTest {
    private static final EngineSettings SETTINGS =
            new EngineSettings(7, 1_000_000, 32, 300, 100, 250, 100, 64, 100_000_000L, false, new byte[32]);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 4_096})
    void shouldFindEachStampAsTheDecisionSaysIt(int window) {
        write((stamp, lesson) -> {});

        Replay.Report report = replay(window);

        assertNull(report.firstDifference());
        assertTrue(report.isOk());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 4_096})
    void shouldNameAStampThatIsNotTheDecisions(int window) {
        write((stamp, lesson) -> stamp.actedCandidateId(4_711));

        Replay.Report report = replay(window);

        assertFalse(report.isOk());
        assertTrue(report.firstDifference().contains("stamped facts differ from decision"), report::firstDifference);
        assertTrue(
                report.firstDifference().contains(": stamp.actedCandidateId: stamped 4711, decided "),
                report::firstDifference);
        assertTrue(report.firstDifference().endsWith(RecordReplay.ALTERED), report::firstDifference);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 4_096})
    void shouldNameAStampOfNoDecision(int window) {
        write((stamp, lesson) -> stamp.sequence(1));

        Replay.Report report = replay(window);

        assertTrue(report.firstDifference().contains("decision 1: there is no such decision"), report::firstDifference);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 4_096})
    void shouldNameAStampThatIsNotTheOutcomesThatStood(int window) {
        write((stamp, lesson) -> lesson.lesson((short) 77));

        Replay.Report report = replay(window);

        assertTrue(
                report.firstDifference().contains("the stamped outcome differs from that of decision"),
                report::firstDifference);
        assertTrue(
                report.firstDifference().contains(": lesson.lesson: stamped 77, recorded "), report::firstDifference);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 4_096})
    void shouldNameAnOutcomeThatStoodAndIsNotStamped(int window) {
        write((stamp, lesson) -> lesson.decisionSequence(0)); // Which has the writer leave it out.

        Replay.Report report = replay(window);

        assertTrue(report.firstDifference().contains("stamped none, and one stood"), report::firstDifference);
    }

    @ParameterizedTest
    @CsvSource({ // window, what is done to the stamps of the decision that is charged, what replay says
        "1,     FACTS, the one to charge",
        "4096,  FACTS, the one to charge",
        "1,     LESSON, 'stamped none, and one stood'",
        "4096,  LESSON, 'stamped none, and one stood'",
        "1,     CHANGE, lesson.lesson: stamped 77",
        "4096,  CHANGE, lesson.lesson: stamped 77"
    })
    void shouldNameAChargeThatIsNotStampedAsTheJournalHasIt(int window, String what, String difference) {
        writeCharge(what);

        Replay.Report report = replay(window);

        assertFalse(report.isOk());
        assertTrue(report.firstDifference().contains(difference), report::firstDifference);
    }

    /** Writes random traffic, and again an outcome of a retry in it as the last command, with its parent's stamps changed. */
    private void writeCharge(String what) {
        JournalDirectory.Options options =
                JournalDirectory.Options.of(Durability.MEMORY).withSegmentLength(256 * 1024);
        try (JournalDirectory journal = JournalDirectory.open(directory, options)) {
            Engine engine = new Engine(SETTINGS, journal.writer()::append, SnapshotSink.NONE);
            Map<Long, byte[]> standing = new HashMap<>();
            List<StampedCommand> commands = new Traffic(9, engine, event -> note(event, standing)).run(SETTINGS, 1_500);
            StampedCommand outcome = commands.stream()
                    .filter(command -> command.parentFacts() != null
                            && standing.containsKey(new UnsafeBuffer(command.parentFacts()).getLong(0)))
                    .findFirst()
                    .orElseThrow();
            long sequence = engine.lastSequence() + 1;
            long timestampNs = commands.get(commands.size() - 1).timestampNs();
            byte[] parentFacts = outcome.parentFacts();
            byte[] lesson = standing.get(new UnsafeBuffer(outcome.facts()).getLong(0));
            byte[] parentLesson = standing.get(new UnsafeBuffer(parentFacts).getLong(0));
            switch (what) {
                case "FACTS" -> {
                    parentFacts = null;
                    parentLesson = null;
                }
                case "LESSON" -> parentLesson = null;
                default ->
                    new OutcomeLessonEncoder()
                            .wrap(new UnsafeBuffer(parentLesson), 0)
                            .lesson((short) 77);
            }
            DecisionEvent event = new DecisionEvent();
            new StampedCommand(
                            CommandType.OUTCOME,
                            sequence,
                            timestampNs,
                            outcome.sessionId(),
                            outcome.principalId(),
                            outcome.bytes(),
                            outcome.facts(),
                            lesson,
                            parentFacts,
                            parentLesson)
                    .acceptInto(event);
            engine.apply(event);
        }
    }

    private Replay.Report replay(int window) {
        return Replay.run(directory, records -> {}, window);
    }

    private interface Forger {
        void forge(OutcomeFactsEncoder stamp, OutcomeLessonEncoder lesson);
    }

    /** Writes random traffic, and again an outcome of it as the last command, with its stamp changed. */
    private void write(Forger forger) {
        JournalDirectory.Options options =
                JournalDirectory.Options.of(Durability.MEMORY).withSegmentLength(256 * 1024);
        try (JournalDirectory journal = JournalDirectory.open(directory, options)) {
            Engine engine = new Engine(SETTINGS, journal.writer()::append, SnapshotSink.NONE);
            Map<Long, byte[]> standing = new HashMap<>();
            List<StampedCommand> commands = new Traffic(9, engine, event -> note(event, standing)).run(SETTINGS, 1_500);
            StampedCommand outcome = commands.stream()
                    .filter(command -> command.type() == CommandType.OUTCOME
                            && command.lesson() != null
                            && command.parentFacts() == null)
                    .findFirst()
                    .orElseThrow();
            UnsafeBuffer stamp = new UnsafeBuffer(outcome.facts().clone());
            UnsafeBuffer lesson = new UnsafeBuffer(standing.get(stamp.getLong(0)));
            forger.forge(new OutcomeFactsEncoder().wrap(stamp, 0), new OutcomeLessonEncoder().wrap(lesson, 0));
            DecisionEvent event = new DecisionEvent();
            event.accept(
                    CommandType.OUTCOME,
                    engine.lastSequence() + 1,
                    commands.get(commands.size() - 1).timestampNs(),
                    outcome.sessionId(),
                    outcome.principalId(),
                    new UnsafeBuffer(outcome.bytes()),
                    0,
                    outcome.bytes().length);
            event.command().stampFacts(stamp, 0);
            if (lesson.getLong(0) != 0) {
                event.command().stampLesson(lesson, 0);
            }
            engine.apply(event);
        }
    }

    private static void note(DecisionEvent event, Map<Long, byte[]> standing) {
        if (StandingOutcome.is(event)) {
            byte[] block = new byte[StandingOutcome.LENGTH];
            new StandingOutcome().write(event, new UnsafeBuffer(block), 0);
            standing.put(event.command().facts().sequence(), block);
        }
        if (StandingOutcome.hasParent(event)) {
            byte[] block = new byte[StandingOutcome.LENGTH];
            new StandingOutcome().writeParent(event, new UnsafeBuffer(block), 0);
            standing.put(event.command().ofParent().facts().sequence(), block);
        }
    }
}

package io.ringfence.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.pipeline.PipelineMode;
import io.ringfence.gateway.SnapshotWriter.Author;
import io.ringfence.gateway.server.GatewayAgent.JournalStatus;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.snapshot.SnapshotFiles.Snapshot;
import io.ringfence.schemas.Durability;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SnapshotsTest {
    private static final long NEVER_BY_STAGES = 0;
    private static final long SHORT = 1_000; // Longer than the state of a fresh engine.

    @TempDir
    private Path root;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private MarkedJournal marked;

    @BeforeEach
    void begin() {
        marked = new MarkedJournal(root.resolve("journal"));
    }

    @ParameterizedTest
    @CsvSource({
        "COMPACT, MEMORY, 0",
        "SHARED, MEMORY, 0",
        "DEDICATED, MEMORY, 0",
        "DEDICATED, DISK, 0",
        "COMPACT, MEMORY, 9000000",
        "SHARED, DISK, 9000000",
        "DEDICATED, MEMORY, 9000000"
    })
    void shouldWriteTheStateOfAReplayToTheMarker(PipelineMode mode, Durability durability, long stagesLengthMax)
            throws IOException {
        try (JournalDirectory journal = marked.open(durability);
                Snapshots snapshots = snapshots(marked, journal, stagesLengthMax)) {
            Engine live = MarkedJournal.engine(journal, snapshots);
            snapshots.begin(live, MarkedJournal.SETTINGS, id -> {}, 0);
            MarkedJournal.run(live, mode, marked.commands());
            awaitLast(snapshots, marked.lastMarker());
            assertEquals(0, snapshots.failures(), this::said);
        }

        assertTrue(marked.rollFiles() > 3, "the follower must go over from file to file");
        List<Snapshot> written = marked.written();
        assertEquals(3, written.size());
        for (Snapshot snapshot : written) {
            marked.assertReplayed(snapshot);
        }
    }

    @Test
    void shouldLeaveTheJournalAlikeWhoeverWrites() {
        List<Head> heads = new ArrayList<>();
        for (long stagesLengthMax : new long[] {0, 20_000, Long.MAX_VALUE}) {
            MarkedJournal alike = new MarkedJournal(root.resolve("journal-" + stagesLengthMax));
            try (JournalDirectory journal = alike.open(Durability.MEMORY);
                    Snapshots snapshots = snapshots(alike, journal, stagesLengthMax)) {
                Engine live = MarkedJournal.engine(journal, snapshots);
                snapshots.begin(live, MarkedJournal.SETTINGS, id -> {}, 0);
                MarkedJournal.run(live, PipelineMode.DEDICATED, alike.commands());
                heads.add(journal.writer().head());
            }
        }

        assertArrayEquals(heads.get(0).entryHash(), heads.get(1).entryHash());
        assertArrayEquals(heads.get(0).entryHash(), heads.get(2).entryHash());
    }

    @Test
    void shouldBeginToFollowWhereTheStagesWroteLast() throws IOException {
        long[] lengths = marked.lengthsAtMarkers();
        long halfway = lengths[lengths.length / 4];
        try (JournalDirectory journal = marked.open(Durability.MEMORY);
                Snapshots snapshots = snapshots(marked, journal, halfway)) {
            Engine live = MarkedJournal.engine(journal, snapshots);
            snapshots.begin(live, MarkedJournal.SETTINGS, id -> {}, 0);
            int first = marked.markerIndex(0);
            MarkedJournal.run(live, PipelineMode.COMPACT, marked.commands().subList(0, first + 1));
            awaitLast(snapshots, marked.lastMarker());
            assertEquals(Author.STAGES, snapshots.last().author());

            MarkedJournal.run(
                    live,
                    PipelineMode.COMPACT,
                    marked.commands().subList(first + 1, marked.commands().size()));
            awaitLast(snapshots, marked.lastMarker());
            assertEquals(Author.FOLLOWER, snapshots.last().author());
        }
        Snapshot newest = marked.written().get(0);
        marked.assertReplayed(newest);
    }

    @Test
    void shouldBeginWithACopyOfALongState() throws IOException {
        int half = MarkedJournal.COMMANDS / 2;
        try (JournalDirectory journal = marked.open(Durability.MEMORY);
                Snapshots snapshots = snapshots(marked, journal, NEVER_BY_STAGES)) {
            Engine live = MarkedJournal.engine(journal, snapshots);
            MarkedJournal.run(live, PipelineMode.COMPACT, marked.commands().subList(0, half));
            snapshots.begin(live, MarkedJournal.SETTINGS, id -> {}, 0);
            MarkedJournal.run(live, PipelineMode.SHARED, marked.commands().subList(half, MarkedJournal.COMMANDS));
            awaitLast(snapshots, marked.lastMarker());
        }
        Snapshot newest = marked.written().get(0);
        marked.assertReplayed(newest);
        assertEquals(
                MarkedJournal.COMMANDS - newest.sequence(),
                marked.replayedByAStart(),
                "a start begins with the snapshot");
    }

    @Test
    void shouldWriteNothingForTheMarkersThatAStartReplays() throws IOException {
        try (JournalDirectory journal = marked.open(Durability.MEMORY);
                Snapshots snapshots = snapshots(marked, journal, MarkedJournal.COMMANDS)) {
            Engine live = MarkedJournal.engine(journal, snapshots);
            MarkedJournal.run(live, PipelineMode.COMPACT, marked.commands());
            snapshots.begin(live, MarkedJournal.SETTINGS, id -> {}, 0);
            assertEquals(0, snapshots.failures(), this::said);
        }
        assertEquals(List.of(), marked.written());
    }

    @Test
    void shouldCountWhatCannotBeWrittenAndGoOn() throws IOException {
        List<Integer> markers = marked.markerIndexes();
        int first = markers.get(0);
        int second = markers.get(1);
        int third = markers.get(2);
        try (JournalDirectory journal = marked.open(Durability.MEMORY);
                Snapshots snapshots = snapshots(marked, journal, NEVER_BY_STAGES)) {
            Engine live = MarkedJournal.engine(journal, snapshots);
            snapshots.begin(live, MarkedJournal.SETTINGS, id -> {}, 0);
            Files.createFile(marked.directory().resolve("snapshots")); // No directory can be made there.
            MarkedJournal.run(live, PipelineMode.COMPACT, marked.commands().subList(0, first + 1));
            await(() -> snapshots.failures() == 1);

            Files.delete(marked.directory().resolve("snapshots"));
            Files.createDirectory(marked.directory().resolve("snapshots"));
            String full = String.format(Locale.ROOT, "snapshots/%020d.snap.tmp", second + 1);
            Files.createSymbolicLink(marked.directory().resolve(full), Path.of("/dev/full")); // A disk without room.
            MarkedJournal.run(live, PipelineMode.COMPACT, marked.commands().subList(first + 1, second + 1));
            await(() -> snapshots.failures() == 2);
            assertFalse(Files.exists(marked.directory().resolve(full), java.nio.file.LinkOption.NOFOLLOW_LINKS));
            assertEquals(0, snapshots.last().sequence());

            MarkedJournal.run(live, PipelineMode.COMPACT, marked.commands().subList(second + 1, third + 1));
            awaitLast(snapshots, third + 1);
            assertFalse(live.latch().isLatched());
        }
        assertTrue(said().contains("No space left"), this::said);
        marked.assertReplayed(marked.written().get(0));
    }

    @Test
    void shouldStopTheFollowerButNotTheEngineWhenARecordIsNotWhatItComputes() throws IOException {
        EngineSettings others =
                new EngineSettings(8, 1_000_000, 32, 300, 100, 250, 100, 64, 100_000_000L, false, new byte[32]);
        try (JournalDirectory journal = marked.open(Durability.MEMORY);
                Snapshots snapshots = snapshots(marked, journal, SHORT)) {
            Engine live = MarkedJournal.engine(journal, snapshots);
            snapshots.begin(live, others, id -> {}, 0);
            int marker = marked.markerIndex(0);
            MarkedJournal.run(live, PipelineMode.COMPACT, marked.commands().subList(0, marker + 1));
            await(() -> snapshots.failures() == 1);

            MarkedJournal.run(
                    live, PipelineMode.COMPACT, marked.commands().subList(marker + 1, MarkedJournal.COMMANDS));

            assertEquals(MarkedJournal.COMMANDS, live.lastSequence());
            assertFalse(live.latch().isLatched());
            assertEquals(1, snapshots.failures());
        }
        String lines = said();
        assertTrue(lines.contains("not what this build computes: sequence 1 (SETTINGS)"), lines);
        assertTrue(lines.contains("the follower has stopped"), lines);
    }

    @ParameterizedTest
    @CsvSource({"0", "9000000"})
    void shouldWriteTheLastSnapshotAtAStopWithoutWaitingForTheFollower(long stagesLengthMax) throws IOException {
        byte[] stateDigest;
        try (JournalDirectory journal = marked.open(Durability.DISK)) {
            Snapshots snapshots = snapshots(marked, journal, stagesLengthMax);
            Engine live = MarkedJournal.engine(journal, snapshots);
            snapshots.begin(live, MarkedJournal.SETTINGS, id -> {}, 0);
            int lastMarker = marked.markerIndexes().get(marked.markerIndexes().size() - 1);
            MarkedJournal.run(live, PipelineMode.COMPACT, marked.commands().subList(0, lastMarker));
            snapshots.close();
            MarkedJournal.run(live, PipelineMode.COMPACT, marked.commands().subList(lastMarker, lastMarker + 1));
            snapshots.writeLast(live, journal.writer().head().entryHash());
            stateDigest = live.stateDigest();

            assertEquals(lastMarker + 1, snapshots.last().sequence());
            assertEquals(Author.STOP, snapshots.last().author());
        }
        Snapshot newest = marked.written().get(0);
        assertArrayEquals(stateDigest, newest.stateDigest());
        marked.assertReplayed(newest);
    }

    @Test
    void shouldNotWaitForAMarkerThatIsNeverSafe() {
        try (JournalDirectory journal = marked.open(Durability.MEMORY)) {
            JournalStatus broken = new Status(() -> {
                throw new IllegalStateException("the journal was told to fail");
            });
            Snapshots snapshots = snapshots(marked, journal, broken, Long.MAX_VALUE);
            Engine live = MarkedJournal.engine(journal, snapshots);
            snapshots.begin(live, MarkedJournal.SETTINGS, id -> {}, 0);
            MarkedJournal.run(live, PipelineMode.COMPACT, marked.commands().subList(0, marked.markerIndex(0) + 1));

            snapshots.close();

            assertEquals(1, snapshots.failures());
            assertEquals(0, snapshots.last().sequence());
        }
    }

    private Snapshots snapshots(MarkedJournal of, JournalDirectory journal, long stagesLengthMax) {
        return snapshots(of, journal, new Status(journal::answerableSequence), stagesLengthMax);
    }

    private Snapshots snapshots(
            MarkedJournal of, JournalDirectory journal, JournalStatus status, long stagesLengthMax) {
        return new Snapshots(
                of.directory(),
                1,
                new SnapshotWriter(of.directory(), 0),
                status,
                journal::answerableSequence,
                stagesLengthMax,
                new ErrorLine(new PrintStream(said, true, StandardCharsets.UTF_8), "snapshots"));
    }

    private void awaitLast(Snapshots snapshots, long sequence) {
        await(() -> snapshots.last().sequence() == sequence || snapshots.failures() > 10);
        assertEquals(sequence, snapshots.last().sequence(), this::said);
    }

    private static void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "waited for 20 s");
            LockSupport.parkNanos(1_000_000);
        }
    }

    private record Status(LongSupplier released) implements JournalStatus {
        @Override
        public long releasedSequence() {
            return released.getAsLong();
        }

        @Override
        public long watermark() {
            return 0;
        }

        @Override
        public long lastSyncNs() {
            return 0;
        }

        @Override
        public long maxSyncNs() {
            return 0;
        }

        @Override
        public boolean isDiskLow() {
            return false;
        }

        @Override
        public boolean isDamaged() {
            return false;
        }
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }
}

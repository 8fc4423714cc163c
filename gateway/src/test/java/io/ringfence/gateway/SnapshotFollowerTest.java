package io.ringfence.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.journal.snapshot.SnapshotFiles;
import io.ringfence.journal.snapshot.SnapshotFiles.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SnapshotFollowerTest {
    @TempDir
    private Path directory;

    private MarkedJournal marked;

    @BeforeEach
    void write() {
        marked = new MarkedJournal(directory);
        marked.write();
    }

    @Test
    void shouldSkipMarkersWhenBehindButNotAllOfThem() throws IOException {
        long markers = marked.lengthsAtMarkers().length;
        Marks marks = new Marks(Long.MAX_VALUE);

        SnapshotWriter writer = new SnapshotWriter(directory, 0);
        try (SnapshotFollower follower = follower(writer, marks)) {
            follower.turn(() -> MarkedJournal.COMMANDS, MarkedJournal.COMMANDS);

            assertEquals(MarkedJournal.COMMANDS, follower.sequence());
        }
        long written = markers / (SnapshotFollower.SKIPPED_MAX + 1);
        assertEquals(markers - written, marks.skipped);
        Snapshot newest = marked.written().get(0);
        marked.assertReplayed(newest);
    }

    @Test
    void shouldFollowNoFurtherThanMayBeAnswered() throws IOException {
        SnapshotWriter writer = new SnapshotWriter(directory, 0);
        int marker = marked.markerIndex(0);
        try (SnapshotFollower follower = follower(writer, new Marks(0))) {
            follower.turn(() -> marker, MarkedJournal.COMMANDS); // The marker has the sequence after this one.

            assertEquals(marker, follower.sequence());
            assertEquals(0, writer.last().sequence());

            follower.turn(() -> marker + 1, MarkedJournal.COMMANDS);

            assertEquals(marker + 1, writer.last().sequence());
        }
    }

    @Test
    void shouldPassOverSnapshotsOfAnotherJournal() throws IOException {
        new SnapshotFiles(directory)
                .write(new Snapshot(1, 900, Engine.SEMANTICS_VERSION, new byte[32], new byte[32], List.of()));
        try (SnapshotFollower follower = follower(new SnapshotWriter(directory, 0), new Marks(0))) {
            assertEquals(0, follower.sequence());
        }
    }

    @Test
    void shouldLeaveTheHeadroomOfTheDiskAlone() throws IOException {
        Marks marks = new Marks(0);
        SnapshotWriter writer = new SnapshotWriter(directory, Long.MAX_VALUE / 2);
        try (SnapshotFollower follower = follower(writer, marks)) {
            follower.turn(() -> MarkedJournal.COMMANDS, MarkedJournal.COMMANDS);
        }
        assertEquals(marked.lengthsAtMarkers().length, marks.failed);
        assertEquals(List.of(), marked.written());
    }

    @Test
    void shouldSayInOneLineWhatHeapAFollowerNeeds() {
        EngineSettings settings = EngineSettings.defaults(1, new byte[32]);

        assertNull(HeapShares.followerRefusal(settings, 4, 210_000_000L, 2L << 30));
        String line = HeapShares.followerRefusal(settings, 4, 210_000_000L, 1L << 30);
        assertTrue(line.contains("it has 1024; RINGFENCE_JAVA_OPTS=-Xmx"), line);
        long enough = Long.parseLong(line.replaceAll(".*-Xmx(\\d+)m.*", "$1"));
        assertNull(HeapShares.followerRefusal(settings, 4, 210_000_000L, enough << 20));
        assertEquals(1, line.lines().count());
    }

    private SnapshotFollower follower(SnapshotWriter writer, Marks marks) throws IOException {
        SnapshotFollower follower = new SnapshotFollower(directory, MarkedJournal.SETTINGS, writer, marks, new Pace());
        follower.beginFromNewest();
        return follower;
    }

    /** Counts what the follower says. */
    private static final class Marks implements SnapshotFollower.Markers {
        private final long lastAskedId;
        private int skipped;
        private int failed;

        Marks(long lastAskedId) {
            this.lastAskedId = lastAskedId;
        }

        @Override
        public long lastAskedId() {
            return lastAskedId;
        }

        @Override
        public boolean isByStages(long stateLength) {
            return false;
        }

        @Override
        public void skipped() {
            skipped++;
        }

        @Override
        public void failed(Throwable cause) {
            failed++;
        }
    }
}

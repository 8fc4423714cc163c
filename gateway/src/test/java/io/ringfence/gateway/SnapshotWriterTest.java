package io.ringfence.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.pipeline.Engine;
import io.ringfence.gateway.server.GatewayAgent.JournalStatus;
import io.ringfence.journal.snapshot.SnapshotFiles;
import io.ringfence.journal.snapshot.SnapshotFiles.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class SnapshotWriterTest {
    private static final long MARKER = 5;

    @TempDir
    Path directory;

    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final Journal journal = new Journal();

    @AfterEach
    void end() {
        executor.shutdownNow();
    }

    @Test
    void shouldWriteNoFileAheadOfItsMarker() throws Exception {
        SnapshotWriter writer = writer();
        journal.released = MARKER - 1;
        write(writer, 1);
        Thread.sleep(200);
        boolean isAhead = Files.exists(directory.resolve("snapshots"));
        journal.released = MARKER;

        awaitTheEnd();

        assertFalse(isAhead);
        assertEquals(Optional.of(MARKER), newest().map(Snapshot::sequence));
        assertEquals(0, writer.failures());
    }

    @Test
    void shouldWriteNothingWhenTheMarkerWillNeverBeSafe() throws Exception {
        SnapshotWriter writer = writer();
        write(writer, 1);
        journal.hasFailed = true;

        awaitTheEnd();

        assertEquals(Optional.empty(), newest());
        assertEquals(1, writer.failures());
    }

    @Test
    void shouldNotWaitForAMarkerBeyondItsStop() throws Exception {
        SnapshotWriter writer = writer();
        write(writer, 1);

        executor.shutdownNow();

        assertTrue(executor.awaitTermination(10, TimeUnit.SECONDS));
        assertEquals(Optional.empty(), newest());
        assertEquals(1, writer.failures());
    }

    @Test
    void shouldCountWhatCannotBeWrittenAndGoOn() throws Exception {
        SnapshotWriter writer = writer();
        journal.released = MARKER;
        Files.createFile(directory.resolve("snapshots")); // No directory can be made there.
        write(writer, 1);
        writer.onComplete(2, MARKER, new byte[32]); // No stage has written its state.
        executor.submit(() -> Files.deleteIfExists(directory.resolve("snapshots")))
                .get();
        write(writer, 3);

        awaitTheEnd();

        assertEquals(2, writer.failures());
        assertEquals(Optional.of(3L), newest().map(Snapshot::snapshotId));
    }

    private SnapshotWriter writer() {
        return new SnapshotWriter(new SnapshotFiles(directory), executor, journal);
    }

    private static void write(SnapshotWriter writer, long snapshotId) {
        for (int stage = 0; stage < Engine.STAGE_NAMES.size(); stage++) {
            writer.onSection(snapshotId, stage, new byte[] {(byte) stage}, 1);
        }
        writer.onComplete(snapshotId, MARKER, new byte[32]);
    }

    private void awaitTheEnd() throws InterruptedException {
        executor.shutdown();
        assertTrue(executor.awaitTermination(10, TimeUnit.SECONDS));
    }

    private Optional<Snapshot> newest() throws IOException {
        return new SnapshotFiles(directory).newest(Long.MAX_VALUE);
    }

    private static final class Journal implements JournalStatus {
        private volatile long released;
        private volatile boolean hasFailed;

        @Override
        public long releasedSequence() {
            if (hasFailed) {
                throw new IllegalStateException("the test journal was told to fail");
            }
            return released;
        }

        @Override
        public long watermark() {
            return released;
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
}

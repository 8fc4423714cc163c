package io.ringfence.gateway.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.pipeline.Traffic;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.journal.snapshot.SnapshotFiles;
import io.ringfence.journal.snapshot.SnapshotFiles.Snapshot;
import io.ringfence.schemas.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineRecoveryTest {
    private static final EngineSettings SETTINGS =
            new EngineSettings(7, 1_000_000, 32, 300, 100, 250, 100, 64, 128, 100_000_000L, false, new byte[32]);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldReplayFromTheFirstRecordWhereASnapshotIsNotOfThisJournal(int semanticsVersion) throws IOException {
        byte[] live = write();
        new SnapshotFiles(directory)
                .write(new Snapshot(1, 100, semanticsVersion, new byte[32], new byte[32], List.of()));

        assertArrayEquals(live, recover().stateDigest());
    }

    @Test
    void shouldSetAsideASnapshotAboveTheHead() throws IOException {
        write();
        Path lost =
                new SnapshotFiles(directory).write(new Snapshot(1, 9_000, 1, new byte[32], new byte[32], List.of()));

        assertEquals(500, recover().lastSequence());
        assertFalse(Files.exists(lost));
    }

    private byte[] write() {
        JournalDirectory.Options options =
                JournalDirectory.Options.of(Durability.MEMORY).withSegmentLength(256 * 1024);
        try (JournalDirectory journal = JournalDirectory.open(directory, options)) {
            Engine engine = new Engine(SETTINGS, journal.writer()::append, SnapshotSink.NONE);
            new Traffic(3, engine, event -> {}).run(SETTINGS, 500);
            return engine.stateDigest();
        }
    }

    private Engine recover() {
        RecordReplay replay = new RecordReplay();
        return new EngineRecovery(directory, replay)
                .recover(() -> new Engine(SETTINGS, replay.log(), SnapshotSink.NONE), 500, record -> {}, event -> {});
    }
}

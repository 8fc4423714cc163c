package io.ringfence.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.lmax.disruptor.SleepingWaitStrategy;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.pipeline.Pipeline;
import io.ringfence.engine.pipeline.PipelineMode;
import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.engine.pipeline.StampedCommand;
import io.ringfence.engine.pipeline.Traffic;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.gateway.replay.EngineRecovery;
import io.ringfence.gateway.replay.RecordReplay;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.snapshot.SnapshotFiles;
import io.ringfence.journal.snapshot.SnapshotFiles.Snapshot;
import io.ringfence.limit.Deadline;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Random traffic with many markers, as a journal of small roll files. */
final class MarkedJournal {
    static final int COMMANDS = 3_000;
    static final EngineSettings SETTINGS =
            new EngineSettings(7, 1_000_000, 32, 300, 100, 250, 100, 64, 100_000_000L, false, new byte[32]);

    private static final long SEED = 3;

    private final Path directory;
    private final List<StampedCommand> commands = new Traffic(SEED, withoutLog(), event -> {}).run(SETTINGS, COMMANDS);

    MarkedJournal(Path directory) {
        this.directory = directory;
    }

    private static Engine withoutLog() {
        return new Engine(SETTINGS, (sequence, bytes, offset, length) -> {}, SnapshotSink.NONE);
    }

    Path directory() {
        return directory;
    }

    List<StampedCommand> commands() {
        return commands;
    }

    /** Opens it, or begins it. */
    JournalDirectory open(Durability durability) {
        return JournalDirectory.open(directory, options(durability));
    }

    private static JournalDirectory.Options options(Durability durability) {
        return JournalDirectory.Options.of(durability).withSegmentLength(256 * 1024);
    }

    static Engine engine(JournalDirectory journal, SnapshotSink snapshots) {
        return new Engine(SETTINGS, journal.writer()::append, snapshots);
    }

    /** Writes all commands without a snapshot. */
    void write() {
        try (JournalDirectory journal = open(Durability.MEMORY)) {
            run(engine(journal, SnapshotSink.NONE), PipelineMode.COMPACT, commands);
        }
    }

    /** Runs commands through a ring. */
    static void run(Engine live, PipelineMode mode, List<StampedCommand> some) {
        try (Pipeline pipeline = new Pipeline(live, mode, 64, new SleepingWaitStrategy(10, 1_000))) {
            long[] handed = {0};
            pipeline.handler(event -> handed[0]++);
            int published = 0;
            Deadline deadline = Deadline.inSeconds(60);
            while (handed[0] < some.size()) {
                deadline.require("every command is handed on");
                while (published < some.size() && pipeline.hasCapacity(1)) {
                    some.get(published++).acceptInto(pipeline.next());
                    pipeline.publish();
                }
                if (pipeline.poll(64) == 0) {
                    LockSupport.parkNanos(1_000);
                }
                assertFalse(pipeline.latch().isLatched());
            }
        }
    }

    /** Indexes of the markers among the commands. */
    List<Integer> markerIndexes() {
        List<Integer> indexes = new ArrayList<>();
        for (int i = 0; i < commands.size(); i++) {
            if (commands.get(i).type().kind() == CommandKind.SNAPSHOT) {
                indexes.add(i);
            }
        }
        return indexes;
    }

    int markerIndex(int number) {
        return markerIndexes().get(number);
    }

    /** How long the state is at each marker. */
    long[] lengthsAtMarkers() {
        List<Long> lengths = new ArrayList<>();
        Engine[] engine = new Engine[1];
        engine[0] = withoutLog();
        new Traffic(SEED, engine[0], event -> {
                    if (event.type().kind() == CommandKind.SNAPSHOT) {
                        lengths.add(engine[0].state().length());
                    }
                })
                .run(SETTINGS, COMMANDS);
        return lengths.stream().mapToLong(Long::longValue).toArray();
    }

    /** Sequence of the last marker in the journal. */
    long lastMarker() {
        long last = 0;
        try (JournalReader reader = JournalReader.follow(directory, 1)) {
            while (reader.next()) {
                last = reader.record().kind() == CommandKind.SNAPSHOT
                        ? reader.record().sequence()
                        : last;
            }
        }
        return last;
    }

    /** An engine that has replayed the journal up to a record. */
    Engine replayedTo(long sequence) {
        RecordReplay replay = new RecordReplay();
        Engine engine = new Engine(SETTINGS, replay.log(), SnapshotSink.NONE);
        try (JournalReader reader = JournalReader.follow(directory, 1)) {
            while (engine.lastSequence() < sequence && reader.next()) {
                assertNull(replay.apply(engine, reader.record()));
            }
        }
        assertEquals(sequence, engine.lastSequence());
        return engine;
    }

    /** How many records a start replays. */
    long replayedByAStart() {
        AtomicReference<EngineRecovery> recovery = new AtomicReference<>();
        AtomicLong replayed = new AtomicLong();
        recovery.set(new EngineRecovery(
                directory,
                settings -> new Engine(settings, recovery.get().log(), SnapshotSink.NONE),
                event -> replayed.incrementAndGet()));
        JournalDirectory.open(directory, options(Durability.MEMORY), recovery.get())
                .close();
        return replayed.get();
    }

    /** Is the snapshot the state of a replay to its marker? */
    void assertReplayed(Snapshot snapshot) {
        Engine replayed = replayedTo(snapshot.sequence());
        assertArrayEquals(replayed.stateDigest(), snapshot.stateDigest());
        for (int stage = 0; stage < Engine.STAGE_NAMES.size(); stage++) {
            StateWriter state = new StateWriter();
            replayed.state().write(stage, state);
            assertArrayEquals(
                    Arrays.copyOf(state.byteArray(), state.position()),
                    snapshot.states().get(stage),
                    Engine.STAGE_NAMES.get(stage));
        }
    }

    /** Its snapshots, newest first. */
    List<Snapshot> written() throws IOException {
        SnapshotFiles files = new SnapshotFiles(directory);
        List<Snapshot> written = new ArrayList<>();
        var next = files.newest(Long.MAX_VALUE);
        while (next.isPresent()) {
            written.add(next.get());
            next = files.newest(next.get().sequence() - 1);
        }
        return written;
    }

    long rollFiles() throws IOException {
        try (var all = Files.list(directory)) {
            return all.filter(file -> file.toString().endsWith(".cq4")).count();
        }
    }
}

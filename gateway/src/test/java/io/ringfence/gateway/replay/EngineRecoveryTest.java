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
import io.ringfence.engine.pipeline.Traffic;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.snapshot.SnapshotFiles;
import io.ringfence.journal.snapshot.SnapshotFiles.Snapshot;
import io.ringfence.schemas.ClockSource;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderRequestDecoder;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.RecordHeaderDecoder;
import io.ringfence.schemas.StartEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("hostile")
class EngineRecoveryTest {
    private static final EngineSettings SETTINGS =
            new EngineSettings(7, 1_000_000, 32, 300, 100, 250, 100, 64, 100_000_000L, false, new byte[32]);

    private static final JournalDirectory.Options OPTIONS =
            JournalDirectory.Options.of(Durability.MEMORY).withSegmentLength(256 * 1024);

    private static final int DECIDED_LENGTH = 120;

    @TempDir
    Path directory;

    private long written;

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void shouldReplayFromTheFirstRecordWhereASnapshotIsNotOfThisJournal(int semanticsVersion) throws IOException {
        byte[] live = write();
        new SnapshotFiles(directory)
                .write(new Snapshot(1, 100, semanticsVersion, new byte[32], new byte[32], List.of()));

        assertArrayEquals(live, recover().stateDigest());
    }

    @Test
    void shouldSetAsideASnapshotAboveTheHead() throws IOException {
        write();
        new SnapshotFiles(directory).write(new Snapshot(1, 9_000, 1, new byte[32], new byte[32], List.of()));
        Path lost = directory.resolve("snapshots/00000000000000009000.snap");
        assertTrue(Files.exists(lost));

        assertEquals(written, recover().lastSequence());
        assertFalse(Files.exists(lost));
    }

    @Test
    void shouldNameTheVersionOfAJournalThatItDoesNotReplay() {
        UnsafeBuffer start = new UnsafeBuffer(new byte[64]);
        StartEncoder encoder = new StartEncoder()
                .wrapAndApplyHeader(start, 0, new MessageHeaderEncoder())
                .semanticsVersion(1)
                .instanceId(1)
                .schemaVersion(1)
                .clockSource(ClockSource.WALL_CARRIED)
                .build("0.1.0");
        try (JournalDirectory journal =
                JournalDirectory.open(directory, JournalDirectory.Options.of(Durability.MEMORY))) {
            Engine engine = new Engine(SETTINGS, journal.writer()::append, SnapshotSink.NONE);
            byte[] settings = SETTINGS.encode();
            settings[MessageHeaderEncoder.ENCODED_LENGTH] ^=
                    1; // Its seed: its records differ from the first on, as those of another version may.
            apply(engine, CommandType.SETTINGS, 1, new UnsafeBuffer(settings), settings.length);
            apply(engine, CommandType.START, 2, start, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
        }

        String line = "sequence 2: semantics version 1: this build replays version " + Engine.SEMANTICS_VERSION
                + " only; use build 0.1.0";
        assertEquals(line, Replay.run(directory).firstDifference());
        JournalException refused = assertThrows(JournalException.class, this::recover);
        assertTrue(refused.getMessage().endsWith(line), refused::getMessage);
    }

    @Test
    void shouldNameTheFieldOfARecordThatWasForgedAndChainedAnew() {
        AtomicLong first = new AtomicLong();
        try (JournalDirectory journal = JournalDirectory.open(directory, OPTIONS)) {
            RecordLog forger = (sequence, bytes, offset, length) -> {
                UnsafeBuffer record = new UnsafeBuffer(bytes, offset, length);
                RecordHeaderDecoder header =
                        new RecordHeaderDecoder().wrapAndApplyHeader(record, 0, new MessageHeaderDecoder());
                if (first.get() == 0
                        && header.kind() == CommandKind.ORDER
                        && header.sectionsLength() > DECIDED_LENGTH
                        && valueMicros(record, header.limit()) < SETTINGS.valueThresholdMicros()) {
                    first.set(sequence);
                    new OrderRequestEncoder()
                            .wrap(record, header.limit() + MessageHeaderEncoder.ENCODED_LENGTH)
                            .quantity(77_700_000_000L) // Worth more than the threshold, so of another regime.
                            .limitPriceMicros(1_000_000);
                }
                journal.writer().append(sequence, bytes, offset, length);
            };
            new Traffic(3, new Engine(SETTINGS, forger, SnapshotSink.NONE), event -> {}).run(SETTINGS, 500);
        }

        JournalException refused = assertThrows(JournalException.class, this::recover);

        assertTrue(
                refused.getMessage()
                        .matches(".*: this build does not replay it: sequence " + first.get()
                                + " \\(ORDER\\): regime\\.regime: recorded [0246], replayed [1357]: altered, or"
                                + " written by another build"),
                refused::getMessage);
    }

    /** Worth of a recorded order with a limit price; that of a market order is far above any threshold. */
    private static double valueMicros(UnsafeBuffer record, int command) {
        OrderRequestDecoder order =
                new OrderRequestDecoder().wrapAndApplyHeader(record, command, new MessageHeaderDecoder());
        boolean hasLimit = order.limitPriceMicros() != OrderRequestDecoder.limitPriceMicrosNullValue();
        return hasLimit ? order.quantity() / 1e8 * order.limitPriceMicros() : Double.MAX_VALUE;
    }

    private static void apply(Engine engine, CommandType type, long sequence, UnsafeBuffer message, int length) {
        DecisionEvent event = new DecisionEvent();
        event.command().load(message, 0, length);
        event.stamp(type, sequence, 1, 0, 0);
        engine.apply(event);
    }

    private byte[] write() {
        try (JournalDirectory journal = JournalDirectory.open(directory, OPTIONS)) {
            Engine engine = new Engine(SETTINGS, journal.writer()::append, SnapshotSink.NONE);
            new Traffic(3, engine, event -> {}).run(SETTINGS, 500);
            written = engine.lastSequence(); // What belongs together is not cut at 500.
            return engine.stateDigest();
        }
    }

    private Engine recover() {
        AtomicReference<EngineRecovery> recovery = new AtomicReference<>();
        recovery.set(new EngineRecovery(
                directory, settings -> new Engine(settings, recovery.get().log(), SnapshotSink.NONE), event -> {}));
        try (JournalDirectory journal = JournalDirectory.open(directory, OPTIONS, recovery.get())) {
            return recovery.get().finish(journal.recovery().head().sequence());
        }
    }
}

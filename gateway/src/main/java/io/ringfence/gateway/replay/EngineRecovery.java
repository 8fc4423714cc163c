package io.ringfence.gateway.replay;

import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.record.RecordView;
import io.ringfence.journal.snapshot.SnapshotFiles;
import io.ringfence.journal.snapshot.SnapshotFiles.Snapshot;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.SnapshotMarkerDecoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Brings a fresh engine to the head of its journal: from the newest good snapshot, else from the first record.
 *
 * <p>Every record is proved on the way, and each replayed one is compared byte for byte. A snapshot is good when this build's
 * semantics wrote it at the same record that the journal has there, and the restored state has the digest of the live state. A
 * snapshot that is not good is skipped for the one before it. One thread, before the ring exists.
 */
public final class EngineRecovery {
    private final RecordReplay replay;
    private final Path directory;
    private final SnapshotFiles snapshots;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SnapshotMarkerDecoder marker = new SnapshotMarkerDecoder();
    private long lastTimestampNs;
    private long lastSnapshotId;

    /**
     * @param directory of the journal, locked by the caller.
     * @param replay    whose log the engine writes to.
     */
    public EngineRecovery(Path directory, RecordReplay replay) {
        this.directory = directory;
        this.replay = replay;
        this.snapshots = new SnapshotFiles(directory);
    }

    /**
     * Recovers the engine.
     *
     * @param engines      makes fresh engines with the settings of the journal.
     * @param headSequence of the journal's last record; snapshots above it are set aside.
     * @param observer     takes each replayed event, in order.
     * @return the engine at the head.
     * @throws JournalException {@code DAMAGED} when a replayed record differs from the recorded one.
     */
    public Engine recover(Supplier<Engine> engines, long headSequence, Consumer<DecisionEvent> observer) {
        String refusal = replay.refusal(directory);
        if (refusal != null) {
            throw damaged(refusal);
        }
        try {
            snapshots.begin(headSequence);
            Optional<Snapshot> snapshot = goodSnapshot(headSequence);
            Engine engine = engines.get();
            while (!isRecovered(engine, snapshot, observer)) {
                snapshot = goodSnapshot(snapshot.orElseThrow().sequence() - 1);
                engine = engines.get(); // What was half restored is of no use.
            }
            return engine;
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.Reason.DISK_FAILED,
                    directory + ": snapshots cannot be read: " + e.getMessage(),
                    e);
        }
    }

    /** The newest snapshot that this build's semantics wrote. */
    private Optional<Snapshot> goodSnapshot(long maxSequence) throws IOException {
        Optional<Snapshot> snapshot = snapshots.newest(maxSequence);
        while (snapshot.isPresent() && snapshot.get().semanticsVersion() != Engine.SEMANTICS_VERSION) {
            snapshot = snapshots.newest(snapshot.get().sequence() - 1);
        }
        return snapshot;
    }

    /** Reads the journal once; false, at the snapshot's record, when the snapshot is not good. */
    private boolean isRecovered(Engine engine, Optional<Snapshot> snapshot, Consumer<DecisionEvent> observer) {
        long restoredSequence = snapshot.map(Snapshot::sequence).orElse(0L);
        lastSnapshotId = 0;
        try (JournalProver reader = JournalProver.beside(JournalReader.open(directory))) {
            while (reader.next()) {
                RecordView record = reader.record();
                if (record.sequence() == restoredSequence && !isRestored(engine, snapshot.orElseThrow(), record)) {
                    return false;
                }
                if (record.sequence() > restoredSequence) {
                    apply(record, engine, observer);
                }
                note(record);
            }
            if (reader.fault() != null) {
                throw damaged(reader.fault().text());
            }
        }
        return true;
    }

    private static boolean isRestored(Engine engine, Snapshot snapshot, RecordView record) {
        byte[] entryHash = new byte[32];
        record.copyEntryHash(entryHash, 0);
        if (!Arrays.equals(entryHash, snapshot.entryHash())) {
            return false;
        }
        try {
            engine.restore(snapshot.states());
        } catch (RuntimeException notItsStates) {
            return false; // The journal says it all again.
        }
        return Arrays.equals(engine.stateDigest(), snapshot.stateDigest());
    }

    private void apply(RecordView record, Engine engine, Consumer<DecisionEvent> observer) {
        String difference = replay.apply(engine, record);
        if (difference != null) {
            throw damaged("this build does not replay it: " + difference);
        }
        observer.accept(replay.event());
    }

    private void note(RecordView record) {
        lastTimestampNs = record.timestampNs();
        if (record.kind() == CommandKind.SNAPSHOT && RecordShape.fault(record) == null) {
            marker.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header);
            lastSnapshotId = Math.max(lastSnapshotId, marker.snapshotId());
        }
    }

    private JournalException damaged(String what) {
        return new JournalException(JournalException.Reason.DAMAGED, directory + ": " + what);
    }

    /** Event time of the last record; 0 when there is none. */
    public long lastTimestampNs() {
        return lastTimestampNs;
    }

    /** Highest number of a snapshot that the journal has asked for; 0 when there is none. */
    public long lastSnapshotId() {
        return lastSnapshotId;
    }
}

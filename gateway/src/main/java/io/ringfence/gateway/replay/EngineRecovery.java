package io.ringfence.gateway.replay;

import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.pipeline.RecordLog;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.record.RecordView;
import io.ringfence.journal.recovery.Rebuild;
import io.ringfence.journal.snapshot.SnapshotFiles;
import io.ringfence.journal.snapshot.SnapshotFiles.Snapshot;
import io.ringfence.journal.store.RollFiles;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.SnapshotMarkerDecoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Brings a fresh engine to the head of its journal while the journal is opened: from the newest good snapshot, else from the first
 * record.
 *
 * <p>Each replayed record is compared byte for byte. A snapshot is good when this build's semantics wrote it, the restored state has
 * the digest of the live state, and its entry hash is that of the journal's record. One that is not good is skipped for the one before
 * it. One thread, before the ring exists.
 */
public final class EngineRecovery implements Rebuild {
    private final RecordReplay replay = new RecordReplay();
    private final Path directory;
    private final SnapshotFiles snapshots;
    private final Function<EngineSettings, Engine> engines;
    private final Consumer<DecisionEvent> observer;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SnapshotMarkerDecoder marker = new SnapshotMarkerDecoder();
    private final byte[] entryHash = new byte[32];
    private EngineSettings settings;
    private Engine engine;
    private Snapshot restored;
    private long restoredNs;
    private long lastTimestampNs;
    private long lastSnapshotId;

    /**
     * Does nothing before {@link #begin}.
     *
     * @param directory of the journal, locked by the caller.
     * @param engines   makes fresh engines with the settings of the journal, and {@link #log} as their log; what it throws ends the opening.
     * @param observer  takes each replayed event, in order.
     */
    public EngineRecovery(Path directory, Function<EngineSettings, Engine> engines, Consumer<DecisionEvent> observer) {
        this.directory = directory;
        this.engines = engines;
        this.observer = observer;
        this.snapshots = new SnapshotFiles(directory);
    }

    /** Log of the engines that it recovers. */
    public RecordLog log() {
        return replay.log();
    }

    /**
     * Restores a fresh engine from the newest good snapshot.
     *
     * @throws JournalException when this build does not replay the journal, or the snapshots cannot be read.
     */
    @Override
    public long begin(long maxSequence) {
        engine = null;
        restored = null;
        lastSnapshotId = 0;
        try {
            if (settings == null && !readBeginning()) {
                return 0;
            }
            long beganNs = System.nanoTime();
            Optional<Snapshot> snapshot = goodSnapshot(maxSequence);
            engine = engines.apply(settings);
            while (snapshot.isPresent() && !isRestored(snapshot.get())) {
                snapshot = goodSnapshot(snapshot.get().sequence() - 1);
                engine = engines.apply(settings); // What was half restored is of no use.
            }
            restored = snapshot.orElse(null);
            restoredNs = System.nanoTime() - beganNs;
            return restoredSequence();
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.Reason.DISK_FAILED,
                    directory + ": snapshots cannot be read: " + e.getMessage(),
                    e);
        }
    }

    /** Reads the settings and the version of the first start; false when there is no first record, or a bad one. */
    private boolean readBeginning() throws IOException {
        if (RollFiles.list(directory).isEmpty()) {
            return false;
        }
        try (JournalReader reader = JournalReader.open(directory)) {
            if (!reader.next()) {
                return false;
            }
            RecordView first = reader.record();
            settings = EngineSettings.decode(first.buffer(), first.commandOffset(), first.commandLength());
        }
        String refusal = replay.refusal(directory);
        if (refusal != null) {
            throw damaged(refusal);
        }
        return true;
    }

    /** The newest snapshot that this build's semantics wrote. */
    private Optional<Snapshot> goodSnapshot(long maxSequence) throws IOException {
        Optional<Snapshot> snapshot = snapshots.newest(maxSequence);
        while (snapshot.isPresent() && snapshot.get().semanticsVersion() != Engine.SEMANTICS_VERSION) {
            snapshot = snapshots.newest(snapshot.get().sequence() - 1);
        }
        return snapshot;
    }

    private boolean isRestored(Snapshot snapshot) {
        try {
            engine.restore(snapshot.states());
        } catch (RuntimeException notItsStates) {
            return false; // The journal says it all again.
        }
        return Arrays.equals(engine.stateDigest(), snapshot.stateDigest());
    }

    @Override
    public boolean accept(RecordView record) {
        if (record.sequence() == restoredSequence() && !isOfSnapshot(record)) {
            return false;
        }
        if (record.sequence() > restoredSequence()) {
            apply(record);
        }
        note(record);
        return true;
    }

    private boolean isOfSnapshot(RecordView record) {
        record.copyEntryHash(entryHash, 0);
        return Arrays.equals(entryHash, restored.entryHash());
    }

    private void apply(RecordView record) {
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

    /**
     * Ends the recovery, after the journal was opened: sets snapshots aside that are beyond its end.
     *
     * @param headSequence of the journal's last record.
     * @return the engine at the head; null for a new journal.
     */
    public Engine finish(long headSequence) {
        try {
            snapshots.begin(headSequence);
            return engine;
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.Reason.DISK_FAILED,
                    directory + ": snapshots cannot be set aside: " + e.getMessage(),
                    e);
        }
    }

    /** Settings of the journal; null for a new one. */
    public EngineSettings settings() {
        return settings;
    }

    /** Sequence of the snapshot that the engine was restored from; 0: it began with the first record. */
    public long restoredSequence() {
        return restored == null ? 0 : restored.sequence();
    }

    /** How long it took to find and restore that snapshot, in ns. */
    public long restoredNs() {
        return restoredNs;
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

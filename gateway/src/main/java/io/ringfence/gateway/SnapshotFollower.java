package io.ringfence.gateway;

import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.gateway.SnapshotWriter.Author;
import io.ringfence.gateway.replay.RecordReplay;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.record.RecordView;
import io.ringfence.journal.snapshot.SnapshotFiles.Snapshot;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.SnapshotMarkerDecoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * An engine beside the live one, which replays the records of the live journal and writes its own state at the markers.
 *
 * <p>Every record that it computes is compared byte for byte with the one in the journal. It never waits for the live engine, nor the
 * live engine for it. One thread.
 */
final class SnapshotFollower implements AutoCloseable {
    /** What the follower needs to know of the live engine's markers. */
    interface Markers {
        /** Number of the snapshot asked for last. */
        long lastAskedId();

        /** Do the stages write a state of this length themselves? */
        boolean isByStages(long stateLength);

        /** No snapshot was written at a marker, because a later one has been asked for already. */
        void skipped();

        /** A snapshot could not be written. */
        void failed(Throwable cause);
    }

    /** Markers that are skipped one after the other at most, so that one that never catches up writes snapshots all the same. */
    static final int SKIPPED_MAX = 3;

    private final RecordReplay replay = new RecordReplay();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SnapshotMarkerDecoder marker = new SnapshotMarkerDecoder();
    private final Path directory;
    private final SnapshotWriter writer;
    private final Markers markers;
    private final Pace pace;
    private final EngineSettings settings;
    private Engine engine;
    private JournalReader reader;
    private int skippedInARow;

    /** Takes the memory of a second engine; does nothing else before it is told to begin. */
    SnapshotFollower(Path directory, EngineSettings settings, SnapshotWriter writer, Markers markers, Pace pace) {
        this.directory = directory;
        this.settings = settings;
        this.writer = writer;
        this.markers = markers;
        this.pace = pace;
        this.engine = fresh();
    }

    private Engine fresh() {
        return new Engine(settings, replay.log(), SnapshotSink.NONE);
    }

    /** Begins with a copy of the live engine, which must stand still meanwhile. */
    void beginBeside(Engine live) {
        live.state().copyTo(engine);
        writer.reserve(stateLength());
        follow();
    }

    /** Begins with the newest snapshot that is this journal's, else with the first record. */
    void beginFromNewest() throws IOException {
        Optional<Snapshot> snapshot = writer.files().newest(Long.MAX_VALUE);
        while (snapshot.isPresent() && !isRestored(snapshot.get())) {
            engine = fresh(); // What was half restored is of no use.
            snapshot = writer.files().newest(snapshot.get().sequence() - 1);
        }
        follow();
    }

    private void follow() {
        reader = JournalReader.follow(directory, engine.lastSequence() + 1);
    }

    /** Of this build, at the record that the journal has there, and with the digest that was written. */
    private boolean isRestored(Snapshot snapshot) {
        if (snapshot.semanticsVersion() != Engine.SEMANTICS_VERSION || !isOfThisJournal(snapshot)) {
            return false;
        }
        try {
            engine.restore(snapshot.states());
        } catch (RuntimeException notItsStates) {
            return false;
        }
        return Arrays.equals(engine.stateDigest(), snapshot.stateDigest());
    }

    private boolean isOfThisJournal(Snapshot snapshot) {
        try (JournalReader at = JournalReader.follow(directory, snapshot.sequence())) {
            return at.next() && Arrays.equals(at.head().entryHash(), snapshot.entryHash());
        }
    }

    /** Sequence of the last record that it has applied. */
    long sequence() {
        return engine.lastSequence();
    }

    /** Bytes of its state. */
    long stateLength() {
        return engine.state().length();
    }

    /**
     * Applies the records that may be answered by now, and writes a snapshot at each marker whose state is too long for the stages.
     *
     * @param answerableSequence last sequence that may be answered; it may grow meanwhile.
     * @param maxRecords         after which it returns.
     * @throws JournalException {@code DAMAGED} when a record is not the one that this build computes, or does not prove. The follower
     *                          can then only be closed.
     */
    void turn(LongSupplier answerableSequence, int maxRecords) {
        pace.begin();
        for (int i = 0; i < maxRecords; i++) {
            if (engine.lastSequence() >= answerableSequence.getAsLong() || !reader.next()) {
                break;
            }
            apply(reader.record());
            pace.run();
        }
        if (reader.fault() != null) {
            throw damaged(reader.fault().text());
        }
    }

    private void apply(RecordView record) {
        String difference = replay.apply(engine, record);
        if (difference != null) {
            throw damaged("the journal is not what this build computes: " + difference);
        }
        if (record.kind() == CommandKind.SNAPSHOT) {
            marker.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header);
            onMarker(marker.snapshotId());
        }
    }

    private void onMarker(long snapshotId) {
        if (markers.isByStages(stateLength())) {
            return;
        }
        if (snapshotId < markers.lastAskedId() && skippedInARow < SKIPPED_MAX) {
            skippedInARow++;
            markers.skipped();
            return;
        }
        skippedInARow = 0;
        try {
            writer.write(engine, snapshotId, replay.event().entryHash(), Author.FOLLOWER, pace);
        } catch (IOException cannot) {
            markers.failed(cannot);
        }
    }

    private JournalException damaged(String what) {
        return new JournalException(JournalException.Reason.DAMAGED, directory + ": " + what);
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
    }
}

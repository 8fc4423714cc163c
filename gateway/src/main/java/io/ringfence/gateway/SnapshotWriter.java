package io.ringfence.gateway;

import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.EngineState;
import io.ringfence.engine.snapshot.SortRoom;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.journal.snapshot.SnapshotFiles;
import io.ringfence.journal.snapshot.SnapshotFiles.Snapshot;
import io.ringfence.journal.snapshot.SnapshotOutput;
import io.ringfence.schemas.HoldStateEncoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the state of an engine at a marker to a file, unless the disk has too little room for it.
 *
 * <p>One thread at a time writes; any thread reads what was written last.
 */
final class SnapshotWriter {
    /** Who wrote a snapshot; the ordinal is the figure in the counters. */
    enum Author {
        /** An earlier process. */
        EARLIER,
        /** The stages, at a marker. */
        STAGES,
        /** The follower, at a marker. */
        FOLLOWER,
        /** The stop. */
        STOP
    }

    /**
     * A snapshot that stands on the disk.
     *
     * @param sequence of the marker's record.
     * @param length   of the file in bytes.
     * @param timeMs   when it was written, in ms since 1970.
     */
    record Written(long sequence, long length, long timeMs, Author author) {}

    private static final int HOLD_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + HoldStateEncoder.BLOCK_LENGTH;
    private static final int STAGES = Engine.STAGE_NAMES.size();

    private final SnapshotFiles files;
    private final Path directory;
    private final long headroomBytes;
    private final SortRoom room = new SortRoom();
    private volatile Written last = new Written(0, 0, 0, Author.EARLIER);

    /**
     * @param directory     of the journal.
     * @param headroomBytes free room on its disk that a snapshot must leave.
     */
    SnapshotWriter(Path directory, long headroomBytes) {
        this.directory = directory;
        this.headroomBytes = headroomBytes;
        this.files = new SnapshotFiles(directory);
    }

    /** The snapshot written last, by an earlier process or this one; sequence 0 for none. */
    Written last() {
        return last;
    }

    /** Looks for the newest file of earlier processes. */
    void begin() throws IOException {
        files.newestFile()
                .ifPresent(
                        file -> last = new Written(file.sequence(), file.length(), file.modifiedMs(), Author.EARLIER));
    }

    /** Makes room to sort the holds of a state of so many bytes, so that writing one allocates no large array. */
    void reserve(long stateLength) {
        room.reserve((int) Math.min(Integer.MAX_VALUE / 2, stateLength / HOLD_LENGTH));
    }

    /** The files that it writes. */
    SnapshotFiles files() {
        return files;
    }

    /**
     * Writes states that the stages have written.
     *
     * @throws IOException when it cannot be written whole; nothing is left of it then.
     */
    void write(Snapshot snapshot) throws IOException {
        requireRoom(snapshot.states().stream().mapToLong(state -> state.length).sum());
        note(snapshot.sequence(), files.write(snapshot), Author.STAGES);
    }

    /**
     * Has an engine write its state piece by piece; never more than some pieces are in memory.
     *
     * @param engine    that no other thread uses meanwhile, as after the marker.
     * @param entryHash of the marker's record, 32 bytes.
     * @param rest      runs every 100 us or so; what it throws ends the writing.
     * @throws IOException when it cannot be written whole; nothing is left of it then.
     */
    void write(Engine engine, long snapshotId, byte[] entryHash, Author author, Runnable rest) throws IOException {
        long sequence = engine.lastSequence();
        requireRoom(engine.state().length());
        try (SnapshotOutput output = files.create(sequence, STAGES)) {
            StateWriter pieces = new StateWriter((bytes, length) -> put(output, bytes, length), rest, room);
            for (int stage = 0; stage < STAGES; stage++) {
                output.begin();
                engine.state().write(stage, pieces);
            }
            byte[] stateDigest = EngineState.digest(output.digests());
            long length = output.finish(snapshotId, sequence, Engine.SEMANTICS_VERSION, entryHash, stateDigest);
            note(sequence, length, author);
        } catch (UncheckedIOException broken) {
            throw broken.getCause();
        }
        files.removeOld();
    }

    private static void put(SnapshotOutput output, byte[] bytes, int length) {
        try {
            output.write(bytes, length);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private void note(long sequence, long length, Author author) {
        last = new Written(sequence, length, System.currentTimeMillis(), author);
    }

    /** The headroom is for executions, settles and cancels; a snapshot must not take it. */
    private void requireRoom(long length) throws IOException {
        long usableBytes = Files.getFileStore(directory).getUsableSpace();
        if (usableBytes - length < headroomBytes) {
            throw new IOException("too little room for a snapshot: " + length + " bytes needed beside the headroom of "
                    + headroomBytes + ", " + usableBytes + " free");
        }
    }
}

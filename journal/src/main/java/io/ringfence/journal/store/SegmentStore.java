package io.ringfence.journal.store;

import io.ringfence.journal.chain.HashChain;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.fault.FileCall;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.RecordHeaderDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.agrona.CloseHelper;

/**
 * Keeps records in roll files that it makes itself, one ahead of the writer. It never writes to a file that was there before.
 */
public final class SegmentStore implements RecordStore {
    /** What is done to a roll file before it is written. */
    public enum Preparation {
        /** Nothing: the append that first meets a page finds, allocates and maps it. */
        NONE,
        /** Every page is in memory, allocated, and writable in the appender's map: for a writer that waits for no sync. */
        TOUCHED_PAGES,
        /** Every page has a written block on the disk, and the file's length and name are forced: for short syncs. */
        WRITTEN_BLOCKS
    }

    /** Least length of a roll file in bytes: its index pages and the longest record fit. */
    public static final long MIN_SEGMENT_LENGTH = 256 * 1024;

    /** Greatest length of a roll file in bytes: one index page covers its records. */
    public static final long MAX_SEGMENT_LENGTH = 512L * 1024 * 1024;

    /** Where roll files are made, below the journal's directory. */
    static final String SCRATCH = "making";

    private static final int KIND_OFFSET = RecordView.BLOCK_OFFSET + RecordHeaderDecoder.kindEncodingOffset();
    private static final int POLICY_ACTIVATE = CommandKind.POLICY_ACTIVATE.value();
    private static final int POLICY_CHANGE = CommandKind.POLICY_CHANGE.value();

    private final Path directory;
    private final Disk disk;
    private final long segmentLength;
    private final SegmentAgent agent;
    private final Queue<Segment> rolled = new ConcurrentLinkedQueue<>();
    private final RollHeader header = new RollHeader();
    private volatile Segment current;
    private long policySequence;
    private Segment forcedName;

    private SegmentStore(Path directory, Disk disk, long segmentLength, SegmentAgent agent, long policySequence) {
        this.policySequence = policySequence;
        this.directory = directory;
        this.disk = disk;
        this.segmentLength = segmentLength;
        this.agent = agent;
    }

    /**
     * Begins a new roll file. Returns once it can be written.
     *
     * @param directory      of the journal, locked by the caller.
     * @param disk           forces files and names.
     * @param preparation    what is done to a file before it is written.
     * @param segmentLength  length at which a file is full, in bytes, {@link #MIN_SEGMENT_LENGTH} to {@link #MAX_SEGMENT_LENGTH}.
     * @param policySequence last PolicyActivate or PolicyChange of the journal; 0: none.
     * @throws JournalException {@code DISK_FAILED} if no file can be made; nothing of the store is at work then.
     */
    public static SegmentStore open(
            Path directory, Disk disk, Preparation preparation, long segmentLength, long policySequence) {
        if (segmentLength < MIN_SEGMENT_LENGTH || segmentLength > MAX_SEGMENT_LENGTH) {
            throw new IllegalArgumentException("segmentLength must be within [" + MIN_SEGMENT_LENGTH + ", "
                    + MAX_SEGMENT_LENGTH + "]: segmentLength=" + segmentLength);
        }
        SegmentAgent agent = new SegmentAgent(
                directory,
                disk,
                preparation,
                segmentLength,
                () -> Files.getFileStore(directory).getUsableSpace());
        SegmentStore store = new SegmentStore(directory, disk, segmentLength, agent, policySequence);
        agent.start();
        try {
            store.current = agent.take();
            return store;
        } catch (RuntimeException | Error e) {
            CloseHelper.close(
                    e::addSuppressed, agent::close); // Or its thread would work on in a directory that is free again.
            throw e;
        }
    }

    /**
     * Cleans up what a crash left: deletes files that were half made or never begun, and gives a file that has records its name
     * again, which a loss of power may have undone.
     */
    public static void clean(Path directory) throws IOException {
        RollFiles.deleteDirectory(directory.resolve(SCRATCH));
        RollFiles.nameOrDelete(directory);
    }

    @Override
    public boolean append(byte[] record, int offset, int length) {
        if (!current.hasRoomFor(length)) {
            roll();
        }
        boolean isFirst = !current.isBegun();
        if (isFirst) {
            long sequence = RecordView.sequence(record, offset);
            current.begin(header.set(sequence, record, offset - HashChain.HASH_LENGTH, policySequence));
        }
        current.append(record, offset, length);
        byte kind = record[offset + KIND_OFFSET];
        if (kind == POLICY_ACTIVATE || kind == POLICY_CHANGE) {
            policySequence = RecordView.sequence(record, offset);
        }
        return isFirst;
    }

    @Override
    public void roll() {
        if (!current.isBegun()) {
            return; // It holds nothing yet.
        }
        Segment full = current;
        Segment next = agent.take();
        rolled.add(full);
        current = next;
    }

    @Override
    public void force() throws IOException {
        Segment last = current; // Read first: a file that rolls after this is among the rolled ones.
        retire();
        if (!last.isRetired()) {
            last.force();
        }
        if (last.isBegun() && last != forcedName) {
            forceNames();
            forcedName = last;
        }
    }

    @Override
    public Head retire() throws IOException {
        Head last = Head.none();
        for (Segment segment = rolled.poll(); segment != null; segment = rolled.poll()) {
            segment.retire();
            last = segment.last();
        }
        if (last.sequence() > 0) {
            forceNames(); // Their names.
        }
        return last;
    }

    private void forceNames() throws IOException {
        FileCall.run("force of the names", directory, () -> disk.forceDirectory(directory));
    }

    @Override
    public long bytesAhead() {
        return current.remaining() + (agent.hasReady() ? segmentLength : 0);
    }

    @Override
    public Throwable failure() {
        return agent.failure();
    }

    /** Why the next roll file could not be made at the last attempt; null if it could. The records go on in this one. Any thread. */
    public Throwable prepareFailure() {
        return agent.prepareFailure();
    }

    @Override
    public void close() throws IOException {
        agent.close();
        retire();
        if (current.isEmpty()) {
            current.discard();
        } else {
            current.retire();
        }
        forceNames();
    }
}

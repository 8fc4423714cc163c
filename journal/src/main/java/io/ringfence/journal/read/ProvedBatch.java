package io.ringfence.journal.read;

import io.ringfence.journal.chain.HashChain;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.fault.JournalException.Fault;
import io.ringfence.journal.record.RecordView;
import java.io.IOException;
import java.util.Arrays;

/**
 * Copies of consecutive records. One thread fills it from a walk, then proves it; another waits until it is proved and hands
 * the records out.
 */
final class ProvedBatch {
    private static final int FULL_LENGTH = 192 * 1024; // Few hand-overs, and several stay in a processor's cache.
    private static final int CAPACITY = FULL_LENGTH + RecordView.MAX_LENGTH;
    private static final int MAX_RECORDS = 4096;

    private final byte[] bytes;
    private final int[] ends;
    private final int[] hashOffsets;
    private final int[] fileIndexes;
    private final long[] positions;
    private final long[] recordPositions;
    private final String[] fileNames;
    private final HashChain chain = new HashChain();
    private final byte[] previousHash = new byte[HashChain.HASH_LENGTH];
    private long previousSequence;
    private long policySequence;
    private int count;
    private boolean isLast;
    private Fault fault;
    private Throwable failure;
    private boolean isProved;

    /** Makes one that takes 4,096 records, or fewer that reach 192 KiB. */
    ProvedBatch() {
        this(CAPACITY, MAX_RECORDS);
    }

    /** Makes one that takes so many bytes and records. */
    ProvedBatch(int capacity, int records) {
        bytes = new byte[capacity];
        ends = new int[records];
        hashOffsets = new int[records];
        fileIndexes = new int[records];
        positions = new long[records];
        recordPositions = new long[records];
        fileNames = new String[records];
    }

    /** Copies the next records of a walk, which only this thread uses meanwhile; true if its end or a fault was met. */
    boolean fill(RecordWalk walk) {
        count = 0;
        isLast = false;
        isProved = false;
        failure = null;
        previousSequence = walk.sequence();
        System.arraycopy(walk.entryHash(), 0, previousHash, 0, HashChain.HASH_LENGTH);
        policySequence = walk.policySequence();
        try {
            while (hasRoom() && !isLast) {
                isLast = !walk.next();
                if (!isLast) {
                    add(walk);
                }
            }
        } catch (IOException | RuntimeException | Error broken) {
            isLast = true;
            failure = broken;
        }
        fault = walk.fault();
        return isLast;
    }

    private boolean hasRoom() {
        return count < ends.length && begin(count) < FULL_LENGTH;
    }

    private void add(RecordWalk walk) {
        RecordView record = walk.record();
        if (count == 0) {
            // The first record of the walk's first file: only now is it known what is before it.
            System.arraycopy(walk.previousHash(), 0, previousHash, 0, HashChain.HASH_LENGTH);
            previousSequence = walk.sequence() - 1;
            policySequence = walk.policySequenceBefore();
        }
        int begin = begin(count);
        System.arraycopy(record.array(), record.arrayOffset(), bytes, begin, record.length());
        ends[count] = begin + record.length();
        hashOffsets[count] = begin + record.entryHashOffset();
        fileIndexes[count] = walk.fileIndex();
        positions[count] = walk.position();
        recordPositions[count] = walk.recordPosition();
        fileNames[count] = walk.fileName();
        count++;
    }

    private int begin(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    /** Computes the hashes of all its records; cuts it before the first that is wrong. Then lets the waiting thread go on. */
    void prove() {
        try {
            proveAll();
        } catch (RuntimeException | Error broken) { // The thread that waits for the batch throws it on.
            count = 0;
            isLast = true;
            failure = broken;
        } finally {
            markProved();
        }
    }

    private void proveAll() {
        chain.resume(previousHash, 0);
        for (int i = 0; i < count; i++) {
            int begin = begin(i);
            if (!chain.proves(bytes, begin, hashOffsets[i] - begin, hashOffsets[i])) {
                String place = RecordWalk.place(fileNames[i], recordPositions[i]);
                fault = new Fault(previousSequence + 1 + i, place, RecordWalk.OFF_CHAIN);
                count = i;
                isLast = true;
                failure = null; // What is behind the first fault does not count.
            }
        }
    }

    /** Has {@link #prove} ended? */
    synchronized boolean isProved() {
        return isProved;
    }

    private synchronized void markProved() {
        isProved = true;
        notifyAll();
    }

    /** Waits until {@link #prove} has ended. An interrupt is kept for later. */
    synchronized void awaitProved() {
        boolean isInterrupted = false;
        while (!isProved) {
            try {
                wait();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Number of proved records. */
    int count() {
        return count;
    }

    /** Does nothing follow its proved records? */
    boolean isLast() {
        return isLast;
    }

    /** Fault behind its last record; null if there is none. */
    Fault fault() {
        return fault;
    }

    /** What broke the reading off behind its last record; null if nothing did. */
    Throwable failure() {
        return failure;
    }

    /** Moves a view to a record. */
    void wrap(int index, RecordView view) {
        int begin = begin(index);
        String shape = view.wrap(bytes, begin, ends[index] - begin);
        if (shape != null) {
            throw new IllegalStateException("a proved record has lost its shape: " + shape);
        }
    }

    /** Head of the journal after its first {@code index} records; allocates. */
    Head head(int index) {
        if (previousSequence + index == 0) {
            return Head.none();
        }
        byte[] entryHash = index == 0
                ? previousHash.clone()
                : Arrays.copyOfRange(bytes, hashOffsets[index - 1], hashOffsets[index - 1] + HashChain.HASH_LENGTH);
        return new Head(previousSequence + index, entryHash);
    }

    /** The head of the journal after a record, if this batch holds the record and has proved it; else null. Allocates. */
    Head headAt(long sequence) {
        long index = sequence - previousSequence;
        return index >= 1 && index <= count ? head((int) index) : null;
    }

    /** Sequence of the last PolicyActivate or PolicyChange before its first record; 0: none. */
    long policySequence() {
        return policySequence;
    }

    /** Index of the file that holds a record. */
    int fileIndex(int index) {
        return fileIndexes[index];
    }

    /** Position behind a record in its file, in bytes. */
    long position(int index) {
        return positions[index];
    }
}

package io.ringfence.perf.floor;

import io.ringfence.journal.JournalDirectory;
import io.ringfence.journal.chain.HashChain;
import io.ringfence.journal.record.RecordView;
import io.ringfence.journal.store.Disk;
import io.ringfence.journal.store.SegmentStore;
import io.ringfence.journal.store.SegmentStore.Preparation;
import io.ringfence.perf.floor.Contestant.Work;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.RecordHeaderDecoder;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What no promise can be kept without: the two digests of an order, the chain hash of each record, and its append to the real
 * store.
 *
 * <p>Tag, previous hash and record stand behind one another in one array, so that the chain hash has one input. For one
 * thread, with a second one of its own that lets rolled files go, as the product has; allocates nothing once warm.
 */
final class FloorJournal implements AutoCloseable {
    private static final int TAG_LENGTH = 9;
    private static final int PREVIOUS_OFFSET = TAG_LENGTH;
    private static final int RECORD_OFFSET = PREVIOUS_OFFSET + HashChain.HASH_LENGTH;
    private static final int SEQUENCE_OFFSET =
            RECORD_OFFSET + RecordView.BLOCK_OFFSET + RecordHeaderDecoder.sequenceEncodingOffset();
    private static final int COMMAND_OFFSET = RECORD_OFFSET + RecordView.COMMAND_OFFSET;
    private static final int INPUT_LENGTH = 79;
    private static final int DECISION_LENGTH = 74;
    private static final int HASHES_OF_ORDER = 3;
    private static final long RETIRE_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final MessageDigest inputDigest = sha256();
    private final MessageDigest decisionDigest = sha256();
    private final MessageDigest chain = sha256();
    private final byte[] input = new byte[Math.max(INPUT_LENGTH, HashChain.HASH_LENGTH)];
    private final byte[] digest = new byte[HashChain.HASH_LENGTH];
    private final byte[] chained = new byte[RECORD_OFFSET + RecordView.MAX_LENGTH];
    private final UnsafeBuffer record = new UnsafeBuffer(chained);
    private final SegmentStore store;
    private final Thread retirer;
    private volatile boolean isStopped;
    private volatile Throwable failure;
    private long sequence;
    private long bytes;
    private long hashes;

    FloorJournal(Path directory, Durability durability) {
        boolean isDisk = durability == Durability.DISK;
        store = SegmentStore.open(
                directory,
                Disk.REAL,
                isDisk ? Preparation.WRITTEN_BLOCKS : Preparation.TOUCHED_PAGES,
                JournalDirectory.Options.of(durability).segmentLength(),
                0);
        retirer = isDisk ? null : new Thread(this::retire, "floor-retirer");
        if (retirer != null) {
            retirer.setDaemon(true);
            retirer.start();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Records an order: three hashes, one append. */
    void order(DirectBuffer buffer, int offset, int length, int recordLength) {
        buffer.getBytes(offset, input, 0, INPUT_LENGTH);
        hash(inputDigest, input, INPUT_LENGTH, digest, 0);
        System.arraycopy(digest, 0, input, 0, digest.length);
        hash(decisionDigest, input, DECISION_LENGTH, digest, 0);
        hashes += HASHES_OF_ORDER - 1;
        report(buffer, offset, length, recordLength);
    }

    /** Records anything else: one hash, one append. */
    void report(DirectBuffer buffer, int offset, int length, int recordLength) {
        sequence++;
        record.putLong(SEQUENCE_OFFSET, sequence, ByteOrder.LITTLE_ENDIAN);
        buffer.getBytes(offset, chained, COMMAND_OFFSET, length);
        int sealOffset = RECORD_OFFSET + recordLength - RecordView.SEAL_LENGTH;
        hash(chain, chained, sealOffset, chained, sealOffset);
        hashes++;
        store.append(chained, RECORD_OFFSET, recordLength);
        System.arraycopy(chained, sealOffset, chained, PREVIOUS_OFFSET, HashChain.HASH_LENGTH);
        bytes += recordLength;
    }

    private static void hash(MessageDigest sha256, byte[] from, int length, byte[] to, int toOffset) {
        try {
            sha256.update(from, 0, length);
            sha256.digest(to, toOffset, HashChain.HASH_LENGTH);
        } catch (DigestException e) {
            throw new IllegalStateException("32 bytes must fit", e);
        }
    }

    /** Copies the last record's entry hash. */
    void copyEntryHash(UnsafeBuffer to, int offset) {
        to.putBytes(offset, chained, PREVIOUS_OFFSET, HashChain.HASH_LENGTH);
    }

    /** Of the last record. */
    long sequence() {
        return sequence;
    }

    /** Makes all records safe against loss of power. */
    void force() throws IOException {
        store.force();
    }

    /** What was done; after {@link #close()}. */
    Work work() {
        return new Work(sequence, bytes, hashes);
    }

    private void retire() {
        try {
            while (!isStopped) {
                store.retire();
                LockSupport.parkNanos(RETIRE_EVERY_NS);
            }
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
        }
    }

    /** The appending thread must have ended. */
    @Override
    public void close() {
        isStopped = true;
        if (retirer != null) {
            LockSupport.unpark(retirer);
            FloorContestant.join(retirer);
        }
        CloseHelper.close(() -> store.close());
        if (failure != null) {
            throw new IllegalStateException("rolled files could not be let go", failure);
        }
    }
}

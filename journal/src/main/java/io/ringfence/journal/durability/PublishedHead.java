package io.ringfence.journal.durability;

import io.ringfence.journal.chain.Head;
import java.lang.invoke.VarHandle;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Shows the writer's last sequence and entry hash to other threads. The writer never waits.
 *
 * <p>The writer makes the version odd, writes sequence and hash, and makes the version even. A reader that meets an odd or a
 * changed version reads again.
 */
public final class PublishedHead {
    private static final int HASH_LENGTH = 32;
    private static final int VERSION_OFFSET = 64;
    private static final int SEQUENCE_OFFSET = VERSION_OFFSET + Long.BYTES;
    private static final int HASH_OFFSET = SEQUENCE_OFFSET + Long.BYTES;
    private static final int LENGTH = HASH_OFFSET + HASH_LENGTH + 64; // A cache line free on either side.

    private final UnsafeBuffer cell = new UnsafeBuffer(new byte[LENGTH]);
    private long version;

    /**
     * Replaces the head. One thread only.
     *
     * @param sequence  of the last record.
     * @param entryHash holds its entry hash, 32 bytes.
     * @param offset    of the first of them.
     */
    public void publish(long sequence, byte[] entryHash, int offset) {
        cell.putLong(VERSION_OFFSET, ++version);
        VarHandle.storeStoreFence();
        cell.putBytes(HASH_OFFSET, entryHash, offset, HASH_LENGTH);
        cell.putLongOrdered(SEQUENCE_OFFSET, sequence);
        cell.putLongOrdered(VERSION_OFFSET, ++version);
    }

    /** Sequence of the last record; 0 before the first. Any thread. */
    public long sequence() {
        return cell.getLongVolatile(SEQUENCE_OFFSET);
    }

    /** Sequence and entry hash of the same record; allocates. Any thread. */
    public Head head() {
        byte[] entryHash = new byte[HASH_LENGTH];
        while (true) {
            long before = cell.getLongVolatile(VERSION_OFFSET);
            long sequence = cell.getLongVolatile(SEQUENCE_OFFSET);
            cell.getBytes(HASH_OFFSET, entryHash);
            VarHandle.loadLoadFence();
            if ((before & 1) == 0 && before == cell.getLong(VERSION_OFFSET)) {
                return new Head(sequence, entryHash);
            }
            Thread.onSpinWait();
        }
    }
}

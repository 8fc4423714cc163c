package io.ringfence.journal.durability;

import io.ringfence.journal.chain.Head;
import java.lang.invoke.VarHandle;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Hands the writer's head, sequence and entry hash together, to any other thread without making the writer wait.
 *
 * <p>The writer makes the version odd, writes, makes it even; a reader that met an odd or a changed version reads again.
 */
public final class PublishedHead {
    private static final int HASH_LENGTH = 32;
    private static final int VERSION_OFFSET = 64;
    private static final int SEQUENCE_OFFSET = VERSION_OFFSET + Long.BYTES;
    private static final int HASH_OFFSET = SEQUENCE_OFFSET + Long.BYTES;
    private static final int LENGTH = HASH_OFFSET + HASH_LENGTH + 64; // A cache line free on either side.

    private final UnsafeBuffer cell = new UnsafeBuffer(new byte[LENGTH]);
    private long version;

    /** Publishes. One thread only. */
    public void publish(long sequence, byte[] entryHash, int offset) {
        cell.putLong(VERSION_OFFSET, ++version);
        VarHandle.storeStoreFence();
        cell.putBytes(HASH_OFFSET, entryHash, offset, HASH_LENGTH);
        cell.putLongOrdered(SEQUENCE_OFFSET, sequence);
        cell.putLongOrdered(VERSION_OFFSET, ++version);
    }

    /** The sequence alone. */
    public long sequence() {
        return cell.getLongVolatile(SEQUENCE_OFFSET);
    }

    /** Sequence and entry hash of one moment; allocates. */
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

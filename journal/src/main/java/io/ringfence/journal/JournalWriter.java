package io.ringfence.journal;

import io.ringfence.journal.chain.HashChain;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.durability.SyncAgent;
import io.ringfence.journal.fault.FileRefusal;
import io.ringfence.journal.record.RecordView;
import io.ringfence.journal.store.RecordStore;
import io.ringfence.schemas.RecordSealDecoder;
import java.lang.invoke.VarHandle;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Seals records and appends them.
 *
 * <p>One thread calls {@link #append}; it allocates nothing except at a roll. Any thread may ask for sequence, head and
 * failure. The first failure is kept; nothing is appended after it.
 *
 * <p>Other threads see the last sequence and entry hash in a cell: the writer makes its version odd, writes both, and makes the version
 * even; a reader that meets an odd or a changed version reads again.
 */
public final class JournalWriter implements SyncAgent.Writer {
    /** Bytes that the caller of {@link #append} leaves free directly before a record. */
    public static final int ROOM_BEFORE = HashChain.PREFIX_LENGTH;

    /** Bytes that the caller of {@link #append} leaves free directly behind a record. */
    public static final int ROOM_BEHIND = RecordView.SEAL_LENGTH;

    private static final int VERSION_OFFSET = 64;
    private static final int SEQUENCE_OFFSET = VERSION_OFFSET + Long.BYTES;
    private static final int HASH_OFFSET = SEQUENCE_OFFSET + Long.BYTES;
    private static final int CELL_LENGTH =
            HASH_OFFSET + HashChain.HASH_LENGTH + 64; // A cache line free on either side.

    private final RecordStore store;
    private final HashChain chain = new HashChain();
    private final RecordView view = new RecordView(); // Only for the first record and for assertions.
    private final UnsafeBuffer headCell = new UnsafeBuffer(new byte[CELL_LENGTH]);
    private SyncAgent sync;
    private boolean isWoken; // Does it wait for each record?
    private long headVersion;
    private long sequence;
    private volatile byte[] journalId;
    private volatile Throwable failure;

    JournalWriter(RecordStore store, Head head, byte[] journalId) {
        this.store = store;
        this.sequence = head.sequence();
        this.journalId = journalId;
        chain.resume(head.entryHash(), 0);
        show(head.entryHash(), 0);
    }

    /**
     * Names who is told of each roll file that begins; before the first record.
     *
     * @param agentIsWoken is it told of each record, too?
     */
    void tell(SyncAgent agent, boolean agentIsWoken) {
        sync = agent;
        isWoken = agentIsWoken;
    }

    /**
     * Seals a record in place and appends it.
     *
     * <p>Overwrites {@link #ROOM_BEFORE} bytes before the record with what is hashed first, and {@link #ROOM_BEHIND} bytes
     * behind it with the seal. When this returns, the 32 bytes of the entry hash stand at {@code offset + length}. The record
     * is not parsed: the caller guarantees its shape and that its header has this sequence. Only the first record of a journal
     * is parsed, which must hold the view.
     *
     * @param sequence of the record: the one after the last appended.
     * @param bytes    hold message header, {@code RecordHeader} block, command and sections.
     * @param offset   of the first of them; {@link #ROOM_BEFORE} and above.
     * @param length   in bytes, without the seal.
     * @throws IllegalArgumentException if it is not the next sequence, there is no room around the record, or the first
     *                                  record does not hold the view. Nothing was appended then.
     * @throws IllegalStateException    if appending or syncing failed before.
     */
    public void append(long sequence, byte[] bytes, int offset, int length) {
        checkAlive();
        if (sequence != this.sequence + 1) {
            throw new IllegalArgumentException("sequence must follow " + this.sequence + ": sequence=" + sequence);
        }
        if (offset < ROOM_BEFORE || length < 0 || length > bytes.length - offset - ROOM_BEHIND) {
            throw new IllegalArgumentException("record needs " + ROOM_BEFORE + " bytes before it and " + ROOM_BEHIND
                    + " behind: offset=" + offset + ", length=" + length + ", array=" + bytes.length);
        }
        int sealOffset = offset + length;
        bytes[sealOffset + RecordSealDecoder.BLOCK_LENGTH] = RecordView.AUTHENTICATION_LENGTH;
        bytes[sealOffset + RecordSealDecoder.BLOCK_LENGTH + 1] = 0;
        assert shape(sequence, bytes, offset, length) == null;
        if (sequence == 1) {
            begin(bytes, offset, length);
        }
        try {
            chain.seal(bytes, offset, length);
            if (store.append(bytes, offset, length + RecordView.SEAL_LENGTH)) {
                sync.begun(sequence);
            }
        } catch (RuntimeException | Error e) {
            fail(e);
            throw e;
        }
        this.sequence = sequence;
        show(bytes, sealOffset);
        if (isWoken) {
            sync.appended(sequence);
        }
    }

    private void show(byte[] entryHash, int offset) {
        headCell.putLong(VERSION_OFFSET, ++headVersion);
        VarHandle.storeStoreFence();
        headCell.putBytes(HASH_OFFSET, entryHash, offset, HashChain.HASH_LENGTH);
        headCell.putLongOrdered(SEQUENCE_OFFSET, sequence);
        headCell.putLongOrdered(VERSION_OFFSET, ++headVersion);
    }

    /** Goes on in the next roll file. The appending thread only. */
    public void roll() {
        checkAlive();
        store.roll();
    }

    /** Room that is ready to be written without waiting, in bytes. The appending thread only. */
    public long bytesAhead() {
        return store.bytesAhead();
    }

    /** Sequence of the last record appended; 0 if there is none. Any thread. */
    @Override
    public long sequence() {
        return headCell.getLongVolatile(SEQUENCE_OFFSET);
    }

    /** Last record appended; allocates. Any thread. */
    @Override
    public Head head() {
        byte[] entryHash = new byte[HashChain.HASH_LENGTH];
        while (true) {
            long before = headCell.getLongVolatile(VERSION_OFFSET);
            long shown = headCell.getLongVolatile(SEQUENCE_OFFSET);
            headCell.getBytes(HASH_OFFSET, entryHash);
            VarHandle.loadLoadFence();
            if ((before & 1) == 0 && before == headCell.getLong(VERSION_OFFSET)) {
                return new Head(shown, entryHash);
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public byte[] journalId() {
        return journalId;
    }

    /** First failure of appending, syncing or preparing files; null if there was none. Any thread. */
    public Throwable failure() {
        return failure != null ? failure : store.failure();
    }

    @Override
    public synchronized void fail(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    private void begin(byte[] bytes, int offset, int length) {
        String shape = shape(1, bytes, offset, length);
        if (shape != null) {
            throw new IllegalArgumentException(shape);
        }
        if (!view.isSettings()) {
            throw new IllegalArgumentException("the first record must hold the settings: kind=" + view.kindCode());
        }
        byte[] name = new byte[HashChain.HASH_LENGTH];
        view.copyJournalId(name, 0);
        journalId = name;
        chain.begin(bytes, offset + view.commandOffset(), view.commandLength());
    }

    /** What keeps the bytes from being the record of this sequence; null if nothing does. */
    private String shape(long sequence, byte[] bytes, int offset, int length) {
        String shape = view.wrap(bytes, offset, length + RecordView.SEAL_LENGTH);
        return shape != null || view.sequence() == sequence
                ? shape
                : "the record's header has sequence " + view.sequence() + ": sequence=" + sequence;
    }

    private void checkAlive() {
        if (failure != null) {
            throw new IllegalStateException("the journal has failed: " + FileRefusal.text(failure), failure);
        }
    }
}

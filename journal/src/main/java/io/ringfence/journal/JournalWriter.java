package io.ringfence.journal;

import io.ringfence.journal.chain.HashChain;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.durability.SyncAgent;
import io.ringfence.journal.record.RecordView;
import io.ringfence.journal.store.RecordStore;
import io.ringfence.schemas.RecordSealDecoder;

/**
 * Seals records and appends them.
 *
 * <p>One thread calls {@link #append}; it allocates nothing except at a roll. Any thread may ask for sequence, head and
 * failure. The first failure is kept; nothing is appended after it.
 */
public final class JournalWriter {
    /** Bytes that the caller of {@link #append} leaves free directly before a record. */
    public static final int ROOM_BEFORE = HashChain.PREFIX_LENGTH;

    /** Bytes that the caller of {@link #append} leaves free directly behind a record. */
    public static final int ROOM_BEHIND = RecordView.SEAL_LENGTH;

    private final RecordStore store;
    private final HashChain chain;
    private final SyncAgent sync;
    private final RecordView view = new RecordView(); // Only for the first record and for assertions.
    private long sequence;
    private volatile Throwable failure;

    JournalWriter(RecordStore store, Head head, SyncAgent sync) {
        this.store = store;
        this.chain = new HashChain();
        this.sync = sync;
        this.sequence = head.sequence();
        chain.resume(head.entryHash(), 0);
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
            store.append(bytes, offset, length + RecordView.SEAL_LENGTH);
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        }
        this.sequence = sequence;
        sync.appended(sequence, bytes, sealOffset);
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
    public long sequence() {
        return sync.headSequence();
    }

    /** Last record appended; allocates. Any thread. */
    public Head head() {
        return sync.head();
    }

    /** First failure of appending, syncing or preparing files; null if there was none. Any thread. */
    public Throwable failure() {
        return failure != null ? failure : sync.failure() != null ? sync.failure() : store.failure();
    }

    private void begin(byte[] bytes, int offset, int length) {
        String shape = shape(1, bytes, offset, length);
        if (shape != null) {
            throw new IllegalArgumentException(shape);
        }
        if (!view.isSettings()) {
            throw new IllegalArgumentException("the first record must hold the settings: kind=" + view.kindCode());
        }
        byte[] journalId = new byte[HashChain.HASH_LENGTH];
        view.copyJournalId(journalId, 0);
        sync.journalId(journalId);
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
        if (failure != null || sync.failure() != null) {
            throw new IllegalStateException("the journal has failed", failure());
        }
    }
}

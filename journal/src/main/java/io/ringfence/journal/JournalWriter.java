package io.ringfence.journal;

import io.ringfence.journal.chain.HashChain;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.durability.PublishedHead;
import io.ringfence.journal.durability.SyncAgent;
import io.ringfence.journal.record.RecordView;
import io.ringfence.journal.store.RecordStore;
import io.ringfence.schemas.RecordSealDecoder;

/**
 * Seals records and appends them.
 *
 * <p>One thread calls {@link #append}; it allocates nothing but at a roll. The sequence and the head may be asked from any
 * thread. The first failure is kept, and nothing is appended after it.
 */
public final class JournalWriter {
    private final RecordStore store;
    private final HashChain chain;
    private final PublishedHead published;
    private final SyncAgent sync;
    private final RecordView view = new RecordView();
    private long sequence;
    private volatile Throwable failure;

    JournalWriter(RecordStore store, Head head, PublishedHead published, SyncAgent sync) {
        this.store = store;
        this.chain = new HashChain();
        this.published = published;
        this.sync = sync;
        this.sequence = head.sequence();
        chain.resume(head.entryHash(), 0);
        published.publish(sequence, head.entryHash(), 0);
    }

    /**
     * Seals a record and appends it.
     *
     * <p>The first record of a journal must hold the settings; every other one follows on the sequence before it.
     *
     * @param record holds message header, {@code RecordHeader} block, command and sections, and behind them at least
     *               {@link RecordView#SEAL_LENGTH} bytes of room, which take the seal. The entry hash then stands at
     *               {@code offset + length}.
     * @param offset of the first byte.
     * @param length in bytes, without the seal.
     * @return length with the seal.
     * @throws IllegalArgumentException if the bytes are no record, or not the next one; nothing was appended then.
     * @throws IllegalStateException    if appending or syncing failed before.
     */
    public int append(byte[] record, int offset, int length) {
        checkAlive();
        int sealOffset = offset + length;
        int sealedLength = length + RecordView.SEAL_LENGTH;
        record[sealOffset + RecordSealDecoder.BLOCK_LENGTH] = RecordView.AUTHENTICATION_LENGTH;
        record[sealOffset + RecordSealDecoder.BLOCK_LENGTH + 1] = 0;
        String shape = view.wrap(record, offset, sealedLength);
        if (shape != null || view.sequence() != sequence + 1) {
            throw new IllegalArgumentException(
                    shape != null ? shape : "sequence must follow " + sequence + ": sequence=" + view.sequence());
        }
        if (sequence == 0) {
            begin();
        }
        try {
            chain.append(record, offset, length, record, sealOffset);
            store.append(record, offset, sealedLength);
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        }
        published.publish(++sequence, record, sealOffset);
        return sealedLength;
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

    /** Last sequence appended. Any thread. */
    public long sequence() {
        return published.sequence();
    }

    /** Last record appended; allocates. Any thread. */
    public Head head() {
        return published.head();
    }

    /** What made appending, syncing or making files ready impossible, or null. Any thread. */
    public Throwable failure() {
        return failure != null ? failure : sync.failure() != null ? sync.failure() : store.failure();
    }

    private void begin() {
        if (!view.isSettings()) {
            throw new IllegalArgumentException("the first record must hold the settings: kind=" + view.kindCode());
        }
        byte[] journalId = new byte[HashChain.HASH_LENGTH];
        view.copyJournalId(journalId, 0);
        sync.journalId(journalId);
        chain.begin(view.array(), view.arrayOffset() + view.commandOffset(), view.commandLength());
    }

    private void checkAlive() {
        if (failure != null || sync.failure() != null) {
            throw new IllegalStateException("the journal has failed", failure());
        }
    }
}

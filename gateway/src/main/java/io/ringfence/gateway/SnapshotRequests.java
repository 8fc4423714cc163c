package io.ringfence.gateway;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** Asks for a snapshot whenever enough was appended since the last, and numbers them. One thread looks; any thread numbers. */
final class SnapshotRequests {
    private final LongConsumer destination;
    private final long interval;
    private final AtomicLong snapshotId;
    private long askedSequence;

    /**
     * @param destination  takes the number of each snapshot that is asked for.
     * @param interval     records between two; 0: none is asked for.
     * @param lastId       number of the last snapshot of the journal.
     * @param lastSequence of the journal as it stands.
     */
    SnapshotRequests(LongConsumer destination, long interval, long lastId, long lastSequence) {
        this.destination = destination;
        this.interval = interval;
        this.snapshotId = new AtomicLong(lastId);
        this.askedSequence = lastSequence;
    }

    /** Asks if one is due. */
    void look(long appendedSequence) {
        if (interval > 0 && appendedSequence - askedSequence >= interval) {
            askedSequence = appendedSequence;
            destination.accept(nextId());
        }
    }

    /** The next number. */
    long nextId() {
        return snapshotId.incrementAndGet();
    }
}

package io.ringfence.gateway.server;

/** What the gateway must know of the journal. Asked by the duty cycle, answered at once and without allocation. */
public interface JournalStatus {
    /** Replies up to this sequence may leave: the watermark with DISK, {@link Long#MAX_VALUE} with MEMORY. */
    long releasedSequence();

    /** Sequence known to be on the disk. */
    long watermark();

    /** How long the last sync took, in ns; 0 before the first. */
    long lastSyncNs();

    /** How long the longest sync took, in ns; 0 before the first. */
    long maxSyncNs();

    /** Is there too little room for new admissions? */
    boolean isDiskLow();
}

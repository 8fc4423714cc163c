package io.ringfence.gateway;

import io.ringfence.gateway.server.JournalStatus;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.schemas.Durability;

/** Tells how the journal and its disk stand. One thread looks; any thread asks. */
final class JournalWatch implements JournalStatus {
    private final JournalDirectory journal;
    private final DiskWatch disk;
    private final boolean waitsForDisk;
    private volatile long maxSyncNs;

    JournalWatch(JournalDirectory journal, Durability durability, DiskWatch disk) {
        this.journal = journal;
        this.disk = disk;
        this.waitsForDisk = durability == Durability.DISK;
    }

    /** Looks again at what is only seen by looking. */
    void look() {
        maxSyncNs = Math.max(maxSyncNs, journal.lastSyncNs());
        disk.look();
    }

    @Override
    public long releasedSequence() {
        if (!waitsForDisk) {
            return Long.MAX_VALUE;
        }
        if (journal.failure() != null) {
            throw new IllegalStateException("the journal failed: " + journal.failure(), journal.failure());
        }
        return journal.watermark();
    }

    @Override
    public long watermark() {
        return journal.watermark();
    }

    @Override
    public long lastSyncNs() {
        return journal.lastSyncNs();
    }

    @Override
    public long maxSyncNs() {
        return maxSyncNs;
    }

    @Override
    public boolean isDiskLow() {
        return disk.isLow();
    }
}

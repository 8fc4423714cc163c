package io.ringfence.gateway;

import io.ringfence.gateway.server.GatewayAgent.JournalStatus;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.schemas.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** State of the journal and of its disk. One thread calls {@link #look()}; any thread reads. */
final class JournalWatch implements JournalStatus {
    private final JournalDirectory journal;
    private final Path directory;
    private final long headroomBytes;
    private final boolean waitsForDisk;
    private volatile long maxSyncNs;
    private volatile boolean isDiskLow;

    /**
     * @param directory     of the journal.
     * @param headroomBytes free room on its disk below which {@link #isDiskLow()} is true.
     */
    JournalWatch(JournalDirectory journal, Durability durability, Path directory, long headroomBytes) {
        this.journal = journal;
        this.directory = directory;
        this.headroomBytes = headroomBytes;
        this.waitsForDisk = durability == Durability.DISK;
    }

    /** Reads the free room of the disk and the length of the last sync. */
    void look() {
        maxSyncNs = Math.max(maxSyncNs, journal.lastSyncNs());
        isDiskLow = usableBytes() < headroomBytes;
    }

    /** Free room on the disk in bytes; 0 when the disk does not say, so that nothing new is taken on then. */
    private long usableBytes() {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException unknown) {
            return 0;
        }
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
        return isDiskLow;
    }
}

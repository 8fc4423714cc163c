package io.ringfence.gateway;

import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.server.GatewayAgent.JournalStatus;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.journal.fault.FileRefusal;
import io.ringfence.journal.recovery.OlderRecords;
import io.ringfence.schemas.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** State of the journal and of its disk. One thread calls {@link #look}; any thread reads. */
final class JournalWatch implements JournalStatus {
    private final JournalDirectory journal;
    private final Path directory;
    private final long headroomBytes;
    private final boolean waitsForDisk;
    private final ErrorLine lines;
    private volatile long maxSyncNs;
    private volatile boolean isRoomLow;
    private boolean isNextFileFailed;
    private boolean isDamageSaid;

    /**
     * @param directory     of the journal.
     * @param headroomBytes free room on its disk below which {@link #isDiskLow()} is true.
     * @param lines         take what an operator must know.
     */
    JournalWatch(JournalDirectory journal, Durability durability, Path directory, long headroomBytes, ErrorLine lines) {
        this.journal = journal;
        this.directory = directory;
        this.headroomBytes = headroomBytes;
        this.waitsForDisk = durability == Durability.DISK;
        this.lines = lines;
    }

    /** Reads the free room of the disk, the last sync, whether the next roll file can be made, and what of older records is proved. */
    void look(CountersFile counters) {
        maxSyncNs = Math.max(maxSyncNs, journal.lastSyncNs());
        isRoomLow = usableBytes() < headroomBytes;
        Throwable failure = journal.prepareFailure();
        counters.set(EngineCounter.NEXT_FILE_FAILED, failure == null ? 0 : 1);
        sayOnce(failure);
        lookAtOlderRecords(counters);
    }

    private void lookAtOlderRecords(CountersFile counters) {
        OlderRecords older = journal.older();
        counters.set(EngineCounter.OLDER_RECORDS, older.count());
        counters.set(EngineCounter.OLDER_PROVED, older.provedCount());
        counters.set(EngineCounter.DAMAGED_SEQUENCE, older.badSequence());
        if (!isDamageSaid && older.badSequence() != 0) {
            isDamageSaid = true;
            String failure = older.failure() == null ? "" : ": " + FileRefusal.text(older.failure());
            lines.print(
                    older.fault() == null
                            ? "sequence " + older.badSequence() + " of the journal cannot be proved" + failure
                                    + "; new risk is refused, reports are booked"
                            : "the journal is damaged at " + older.fault().text()
                                    + "; new risk is refused, reports are booked; the next start will refuse"
                                    + (failure.isEmpty() ? "" : " only if it finds this again" + failure));
        }
    }

    /** One line when the next roll file cannot be made, and one when it can be made again. */
    private void sayOnce(Throwable failure) {
        if (failure != null && !isNextFileFailed) {
            lines.print("the next roll file cannot be made: " + FileRefusal.text(failure)
                    + "; new risk is refused until it can; the engine stops when the file in use is full");
        } else if (failure == null && isNextFileFailed) {
            lines.print("the next roll file could be made: new risk is taken again");
        }
        isNextFileFailed = failure != null;
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
            throw new IllegalStateException(
                    "the journal has failed: " + FileRefusal.text(journal.failure()), journal.failure());
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

    /** The failure is read from the journal itself: until the next look the file in use could fill. */
    @Override
    public boolean isDiskLow() {
        return isRoomLow || journal.prepareFailure() != null;
    }

    @Override
    public boolean isDamaged() {
        return journal.older().badSequence() != 0;
    }
}

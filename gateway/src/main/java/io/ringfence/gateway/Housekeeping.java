package io.ringfence.gateway;

import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.server.AdminPort;
import io.ringfence.gateway.server.JournalStatus;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.schemas.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Does what must not cost the duty cycle a moment: watches the disk, asks for snapshots, writes them; and tells the duty cycle
 * how the journal stands.
 */
final class Housekeeping implements JournalStatus, AutoCloseable {
    private static final long WATCH_EVERY_MS = 200;
    private static final long CLOSE_TIMEOUT_S = 60;

    private final ScheduledExecutorService watcher =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "ringfence-housekeeping"));
    private final ExecutorService snapshots =
            Executors.newSingleThreadExecutor(task -> daemon(task, "ringfence-snapshots"));
    private final ErrorLine errors = new ErrorLine(System.err, "housekeeping");
    private final ServerConfig config;
    private final JournalDirectory journal;
    private final boolean waitsForDisk;
    private final AtomicLong snapshotId = new AtomicLong();

    private AdminPort admin;
    private long snapshotSequence;
    private volatile long maxSyncNs;
    private volatile boolean isDiskLow;
    private volatile long watchFailures;

    Housekeeping(ServerConfig config, JournalDirectory journal) {
        this.config = config;
        this.journal = journal;
        this.waitsForDisk = config.durability() == Durability.DISK;
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Writes snapshots, on a thread of its own so that the disk is watched meanwhile. */
    Executor executor() {
        return snapshots;
    }

    /** Begins to watch. */
    void begin(AdminPort admin, long lastSnapshotId, long headSequence) {
        this.admin = admin;
        this.snapshotId.set(lastSnapshotId);
        this.snapshotSequence = headSequence;
        watcher.scheduleWithFixedDelay(this::watchOn, 0, WATCH_EVERY_MS, TimeUnit.MILLISECONDS);
    }

    /** A throw would end the schedule without a word. */
    private void watchOn() {
        try {
            watch();
        } catch (RuntimeException | Error failed) {
            watchFailures = watchFailures + 1; // One thread writes it.
            errors.onError(failed);
        }
    }

    /** How many turns of the watch failed. Any thread. */
    long watchFailures() {
        return watchFailures;
    }

    private void watch() {
        maxSyncNs = Math.max(maxSyncNs, journal.lastSyncNs());
        isDiskLow = usableBytes() < config.diskHeadroom();
        long appended = journal.writer().sequence();
        if (config.snapshotInterval() > 0 && appended - snapshotSequence >= config.snapshotInterval()) {
            snapshotSequence = appended;
            admin.requestSnapshot(snapshotId.incrementAndGet());
        }
    }

    /** Room on the journal's disk; none when the disk does not say, for then nothing new may be taken on. */
    private long usableBytes() {
        try {
            return Files.getFileStore(config.dataDir()).getUsableSpace();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Number of the next snapshot; for the owner of the process after the duty cycle has ended. */
    long nextSnapshotId() {
        return snapshotId.incrementAndGet();
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

    /** Ends the watch once what is to be written is written. */
    @Override
    public void close() {
        end(watcher);
        end(snapshots);
    }

    private static void end(ExecutorService executor) {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(CLOSE_TIMEOUT_S, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}

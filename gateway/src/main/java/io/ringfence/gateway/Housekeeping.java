package io.ringfence.gateway;

import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.server.GatewayAgent.JournalStatus;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.journal.snapshot.SnapshotFiles;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Watches the journal and its disk, asks for snapshots and writes them, on two threads of its own.
 *
 * <p>The watch runs every 200 ms: a disk that fills at 1 GB/s is noticed within 200 MB, which the headroom of 256 MiB covers.
 */
final class Housekeeping implements AutoCloseable {
    private static final long WATCH_EVERY_MS = 200;
    private static final long CLOSE_TIMEOUT_S = 60;

    private final ScheduledExecutorService watcher =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "ringfence-housekeeping"));
    private final ExecutorService snapshots =
            Executors.newSingleThreadExecutor(task -> daemon(task, "ringfence-snapshots"));
    private final ErrorLine errors = new ErrorLine(System.err, "housekeeping");
    private final ServerConfig config;
    private final JournalDirectory journal;
    private final JournalWatch journalWatch;
    private final SnapshotWriter writer;

    private final AtomicLong snapshotId = new AtomicLong();

    private LongConsumer snapshotRequests;
    private long requestedSequence;
    private CountersFile counters;

    Housekeeping(ServerConfig config, JournalDirectory journal) {
        this.config = config;
        this.journal = journal;
        this.journalWatch =
                new JournalWatch(journal, config.durability(), config.dataDir(), config.diskHeadroom(), errors);
        this.writer = new SnapshotWriter(new SnapshotFiles(config.dataDir()), snapshots, journalWatch);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Writes snapshots, on a thread of its own so that the disk is watched meanwhile. */
    SnapshotSink snapshots() {
        return writer;
    }

    /** State of the journal at the last look. */
    JournalStatus journalStatus() {
        return journalWatch;
    }

    /**
     * Begins to watch.
     *
     * @param snapshotRequests takes the number of each snapshot that is to be made.
     * @param lastSnapshotId   number of the last snapshot of the journal; 0 for none.
     * @param headSequence     last sequence of the journal as it was opened.
     * @param counters         that show failures; closed after this.
     */
    void begin(LongConsumer snapshotRequests, long lastSnapshotId, long headSequence, CountersFile counters) {
        this.counters = counters;
        this.snapshotRequests = snapshotRequests;
        this.requestedSequence = headSequence;
        snapshotId.set(lastSnapshotId);
        watcher.scheduleWithFixedDelay(this::watchOn, 0, WATCH_EVERY_MS, TimeUnit.MILLISECONDS);
    }

    /** Counts and reports a failure: one that is thrown would end the schedule without a line. */
    private void watchOn() {
        try {
            journalWatch.look(counters);
            counters.set(EngineCounter.SNAPSHOT_FAILURES, writer.failures());
            requestSnapshot(journal.writer().sequence());
        } catch (RuntimeException | Error failed) {
            counters.increment(EngineCounter.WATCH_FAILURES);
            errors.onError(failed);
        }
    }

    /** Asks for a snapshot when as many records as configured were appended since the last request; 0: never. */
    private void requestSnapshot(long appendedSequence) {
        long interval = config.snapshotInterval();
        if (interval > 0 && appendedSequence - requestedSequence >= interval) {
            requestedSequence = appendedSequence;
            snapshotRequests.accept(nextSnapshotId());
        }
    }

    /** Number of the next snapshot. Any thread. */
    long nextSnapshotId() {
        return snapshotId.incrementAndGet();
    }

    /** Ends both threads after their pending work; waits up to 60 s for each. */
    @Override
    public void close() {
        end(watcher);
        end(snapshots);
        if (counters != null) {
            counters.set(EngineCounter.SNAPSHOT_FAILURES, writer.failures());
        }
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

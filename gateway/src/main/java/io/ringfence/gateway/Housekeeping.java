package io.ringfence.gateway;

import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.gateway.answers.FactsIndex;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.server.JournalStatus;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.journal.snapshot.SnapshotFiles;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** Runs what must not cost the duty cycle a moment on threads of its own. */
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

    private SnapshotRequests requests;
    private FactsIndex facts;
    private CountersFile counters;

    Housekeeping(ServerConfig config, JournalDirectory journal) {
        this.config = config;
        this.journal = journal;
        this.journalWatch =
                new JournalWatch(journal, config.durability(), new DiskWatch(config.dataDir(), config.diskHeadroom()));
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

    /** How the journal stands, as far as it was looked at. */
    JournalStatus journalStatus() {
        return journalWatch;
    }

    /**
     * Begins to watch.
     *
     * @param snapshotRequests takes the number of each snapshot that is to be made.
     * @param facts            have their pages touched ahead; closed after this.
     * @param counters         show what fails; closed after this.
     */
    void begin(
            LongConsumer snapshotRequests,
            long lastSnapshotId,
            long headSequence,
            FactsIndex facts,
            CountersFile counters) {
        this.facts = facts;
        this.counters = counters;
        requests = new SnapshotRequests(snapshotRequests, config.snapshotInterval(), lastSnapshotId, headSequence);
        watcher.scheduleWithFixedDelay(this::watchOn, 0, WATCH_EVERY_MS, TimeUnit.MILLISECONDS);
    }

    /** A throw would end the schedule without a word. */
    private void watchOn() {
        try {
            journalWatch.look();
            counters.set(EngineCounter.SNAPSHOT_FAILURES, writer.failures());
            requests.look(journal.writer().sequence());
            facts.touchAhead(); // Last: it waits where the disk does.
        } catch (RuntimeException | Error failed) {
            counters.increment(EngineCounter.WATCH_FAILURES);
            errors.onError(failed);
        }
    }

    /** Number of the next snapshot; for the owner of the process after the duty cycle has ended. */
    long nextSnapshotId() {
        return requests.nextId();
    }

    /** Ends the watch once what is to be written is written. */
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

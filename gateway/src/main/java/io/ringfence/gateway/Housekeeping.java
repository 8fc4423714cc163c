package io.ringfence.gateway;

import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.server.GatewayAgent.JournalStatus;
import io.ringfence.journal.JournalDirectory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Watches the journal and its disk, and asks for snapshots, on a thread of its own.
 *
 * <p>The watch runs every 200 ms: a disk that fills at 1 GB/s is noticed within 200 MB, which the headroom of 256 MiB covers.
 */
final class Housekeeping implements AutoCloseable {
    private static final long WATCH_EVERY_MS = 200;
    private static final long CLOSE_TIMEOUT_S = 60;
    private static final long INTERRUPT_TIMEOUT_S = 1;

    private final ScheduledExecutorService watcher = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "ringfence-housekeeping");
        thread.setDaemon(true);
        return thread;
    });
    private final ErrorLine errors = new ErrorLine(System.err, "housekeeping");
    private final ErrorLine learning = new ErrorLine(System.err, "learning");
    private final JournalDirectory journal;
    private final JournalWatch journalWatch;
    private final Snapshots snapshots;

    private CountersFile counters;
    private long toldAlarmSequence;

    Housekeeping(ServerConfig config, JournalDirectory journal) {
        this.journal = journal;
        this.journalWatch =
                new JournalWatch(journal, config.durability(), config.dataDir(), config.keptBytes(), errors);
        this.snapshots = new Snapshots(
                config.dataDir(),
                config.snapshotInterval(),
                new SnapshotWriter(config.dataDir(), config.keptBytes()),
                journalWatch,
                journal::answerableSequence,
                Snapshots.STAGES_LENGTH_MAX,
                new ErrorLine(System.err, "snapshots"));
    }

    /** Makes snapshots. */
    Snapshots snapshots() {
        return snapshots;
    }

    /** State of the journal at the last look. */
    JournalStatus journalStatus() {
        return journalWatch;
    }

    /**
     * Begins to watch.
     *
     * @param counters that show failures; closed after this.
     */
    void begin(CountersFile counters) {
        this.counters = counters;
        watcher.scheduleWithFixedDelay(this::watchOn, 0, WATCH_EVERY_MS, TimeUnit.MILLISECONDS);
    }

    /** Counts and reports a failure: one that is thrown would end the schedule without a line. */
    private void watchOn() {
        try {
            journalWatch.look(counters);
            tellAlarm();
            snapshots.show(counters);
            snapshots.request(journal.writer().sequence());
        } catch (RuntimeException | Error failed) {
            counters.increment(EngineCounter.WATCH_FAILURES);
            errors.onError(failed);
        }
    }

    /** One line for an alarm that froze learning; of several within one turn, for the last. */
    private void tellAlarm() {
        long sequence = counters.get(EngineCounter.ALARM_SEQUENCE);
        if (sequence != toldAlarmSequence) {
            toldAlarmSequence = sequence;
            learning.print("ALARM at sequence " + sequence + ": learning of use case "
                    + counters.get(EngineCounter.ALARM_USE_CASE)
                    + " is frozen and stands at its fallback: see inspect --sequence " + sequence
                    + "; thaw it by ringfence learning thaw");
        }
    }

    /** Ends the watch and the snapshots' thread after their pending work; waits up to 60 s for each. */
    @Override
    public void close() {
        end(watcher, CLOSE_TIMEOUT_S);
        snapshots.close();
        if (counters != null) {
            snapshots.show(counters);
        }
    }

    /** Ends after the pending work; interrupts what takes longer than the time-out, and gives that a second more. */
    static void end(ExecutorService executor, long timeoutS) {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(timeoutS, TimeUnit.SECONDS)) {
                executor.shutdownNow();
                executor.awaitTermination(INTERRUPT_TIMEOUT_S, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}

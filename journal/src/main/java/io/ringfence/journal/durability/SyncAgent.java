package io.ringfence.journal.durability;

import io.ringfence.journal.chain.Head;
import io.ringfence.journal.durability.WatermarkFile.Watermark;
import io.ringfence.journal.fault.FileRefusal;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.store.RecordStore;
import io.ringfence.schemas.Durability;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes records safe against loss of power, on the thread {@code ringfence-sync}.
 *
 * <p>With {@code DISK} it forces what was appended, writes the watermark file, publishes the watermark, and begins again. Before
 * it begins, it gathers: the clients that were just answered send their next requests a moment later, and these should join the
 * next sync instead of waiting for all of it. It gathers until as many records are pending as were unanswered when the last
 * sync ended, or until no record came for a quarter of the last sync's duration, but at most for half of that duration and
 * never longer than 1 ms. With nothing pending it sleeps. The writer wakes it for the first record, and when a group is
 * complete: that is one wake-up a group, not one a record. The writer never waits.
 *
 * <p>With {@code MEMORY} it only forces files that have rolled, which bounds the work of a clean stop; the watermark moves to
 * the end of each.
 *
 * <p>The watermark file is forced too: with {@code MEMORY} each time it was written, with {@code DISK} a second later at most.
 * So a loss of power brings back a promise that is not much older, and the next start knows where torn pages may be.
 *
 * <p>The watermark also names the roll file that was begun last, so that the next start misses it when somebody takes it away. With
 * {@code DISK} this thread names it, once its name in the directory is forced and before a record of it is answered. With {@code MEMORY} the
 * writer writes it, after the file has its name and its first record, and before that record is shown: a process that is killed in between
 * leaves a file that is not named yet, and never a name without a file. That is one write of less than a page a file, and no force: within
 * one run of the machine what was written is in memory, and after a restart the name does not count.
 *
 * <p>Period: 250 ms when nothing happens, in both durabilities; with {@code DISK} as short as syncs need, while records come.
 *
 * <p>The first failure ends the thread, and the writer is told of it: the kernel may mark a page clean after a failed write, so nothing is tried
 * again. The thread is never interrupted, because that would close its channels.
 */
public final class SyncAgent implements Runnable {
    /** What this thread asks of the writer, and tells it. All methods: this thread, beside the writer's own. */
    public interface Writer {
        /** Sequence of the last record appended; 0 before the first. */
        long sequence();

        /** Last record appended; allocates. */
        Head head();

        /** Name of the journal, 32 bytes; zeros before its first record. Not a copy. */
        byte[] journalId();

        /** Takes note of what ended this thread: nothing may be appended any more. */
        void fail(Throwable cause);
    }

    private static final long SLEEP_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long LONGEST_GATHER_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SHORTEST_PARK_NS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long NEVER = Long.MAX_VALUE;
    private static final long FORCE_PERIOD_NS = TimeUnit.SECONDS.toNanos(1);
    private static final VarHandle WAKE_SEQUENCE;

    static {
        try {
            WAKE_SEQUENCE = MethodHandles.lookup().findVarHandle(SyncAgent.class, "wakeSequence", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final RecordStore store;
    private final WatermarkFile file;
    private final boolean isDisk;
    private final Writer writer;
    private final Thread thread;
    private volatile long wakeSequence = NEVER;
    private final byte[] bootId = BootId.current();
    private volatile long watermark;
    private volatile long syncs;
    private volatile long lastSyncNs;
    private volatile boolean isStopped;
    private volatile long begunSequence;
    private Head promised; // As it stands in the file. With begunSequence, guarded by this.
    private long unanswered;
    private boolean isFileForced = true;
    private long fileForcedAtNs;

    /**
     * @param store      keeps the records.
     * @param file       takes the watermark.
     * @param durability what replies wait for.
     * @param writer     appends to the store; what it has appended so far is safe.
     */
    public SyncAgent(RecordStore store, WatermarkFile file, Durability durability, Writer writer) {
        this.store = store;
        this.file = file;
        this.isDisk = durability == Durability.DISK;
        this.writer = writer;
        this.watermark = writer.sequence();
        this.promised = writer.head();
        this.fileForcedAtNs = System.nanoTime();
        this.thread = new Thread(this, "ringfence-sync");
        thread.setDaemon(true);
    }

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    /** Last sequence that is safe against loss of power. Any thread. */
    public long watermark() {
        return watermark;
    }

    /** Number of syncs since the start; 0 with {@code MEMORY}. Any thread. */
    public long syncs() {
        return syncs;
    }

    /** Duration of the last sync in ns, without gathering; 0 before the first. Any thread. */
    public long lastSyncNs() {
        return lastSyncNs;
    }

    /**
     * Names a roll file that was begun. The writer only, before it shows the first record of the file. With {@code MEMORY} it writes the
     * watermark file, and waits while this agent's thread does so.
     *
     * @param firstSequence of the file, which has its name and this record.
     * @throws JournalException {@code DISK_FAILED} if it cannot be written.
     */
    public void begun(long firstSequence) {
        if (isDisk) {
            begunSequence = firstSequence;
            return;
        }
        synchronized (this) {
            begunSequence = firstSequence;
            try {
                file.write(new Watermark(promised, writer.journalId(), bootId, firstSequence));
            } catch (IOException e) {
                throw new JournalException(
                        JournalException.Reason.DISK_FAILED,
                        "cannot name the roll file of sequence " + firstSequence + " in the watermark: "
                                + FileRefusal.text(e),
                        e);
            }
        }
    }

    /**
     * Wakes this agent's thread if it waits for a record. Needed with {@code DISK} only. The writer only; it never waits.
     *
     * @param sequence of the last record, which {@link Writer#sequence} shows already.
     */
    public void appended(long sequence) {
        long wanted = (long) WAKE_SEQUENCE.getOpaque(this);
        // If the thread has changed it meanwhile, it is awake and looks at the sequence itself.
        if (sequence >= wanted && WAKE_SEQUENCE.compareAndSet(this, wanted, NEVER)) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void run() {
        try {
            while (!isStopped) {
                if (!isDisk) {
                    promise(store.retire());
                    forceFile(0);
                    LockSupport.parkNanos(SLEEP_NS);
                } else {
                    forceFile(FORCE_PERIOD_NS);
                    if (writer.sequence() == watermark) {
                        sleep();
                    } else {
                        gather();
                        sync();
                    }
                }
            }
        } catch (Throwable e) { // An Error too: replies wait for this thread, so its end must not go unseen.
            writer.fail(e);
        }
    }

    /** Ends the thread. Nothing is forced on the way. */
    public void stop() throws IOException {
        isStopped = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the sync thread ended", e);
        }
    }

    /**
     * Writes and forces a promise of all records, which must have been forced; of none, it still names this run of the machine. Only while the
     * thread is not at work.
     */
    public void seal() throws IOException {
        Head last = writer.head();
        write(last);
        forceFile(0);
        watermark = last.sequence();
    }

    /** Moves the watermark to the end of the files that were forced for the last time. */
    private void promise(Head retired) throws IOException {
        if (retired.sequence() > watermark) {
            write(retired);
            watermark = retired.sequence();
        }
    }

    /** Reads the name under the lock, so that no older one is written over that of the writer. */
    private synchronized void write(Head promise) throws IOException {
        write(promise, begunSequence);
    }

    private synchronized void write(Head promise, long begun) throws IOException {
        promised = promise;
        file.write(new Watermark(promise, writer.journalId(), bootId, begun));
        isFileForced = false;
    }

    /** Forces the watermark file if it was written since, and was not forced for this time. */
    private void forceFile(long periodNs) throws IOException {
        if (!isFileForced && System.nanoTime() - fileForcedAtNs >= periodNs) {
            file.force();
            isFileForced = true;
            fileForcedAtNs = System.nanoTime();
        }
    }

    /** Waits for the first pending record. */
    private void sleep() {
        wakeSequence = watermark + 1;
        // The writer publishes and then reads wakeSequence without a fence, so it may read the old value although its
        // record shows here only a moment later. A short first park outlasts that moment by far.
        if (writer.sequence() == watermark) {
            LockSupport.parkNanos(SHORTEST_PARK_NS);
        }
        if (writer.sequence() == watermark && !isStopped) {
            LockSupport.parkNanos(SLEEP_NS);
        }
        wakeSequence = NEVER;
    }

    /** Waits for the records that are likely to join the pending ones soon. */
    private void gather() {
        long wanted = watermark + unanswered;
        long nowNs = System.nanoTime();
        long endNs = nowNs + Math.min(lastSyncNs / 2, LONGEST_GATHER_NS);
        long pauseNs = Math.max(Math.min(lastSyncNs / 4, LONGEST_GATHER_NS / 2), SHORTEST_PARK_NS);
        long seen = writer.sequence();
        boolean hasPaused = false;
        wakeSequence = wanted;
        while (seen < wanted && !hasPaused && endNs - nowNs > 0) {
            LockSupport.parkNanos(Math.min(pauseNs, endNs - nowNs));
            long sequence = writer.sequence();
            hasPaused = sequence == seen;
            seen = sequence;
            nowNs = System.nanoTime();
        }
        wakeSequence = NEVER;
    }

    private void sync() throws IOException {
        long beginNs = System.nanoTime();
        Head pending = writer.head();
        long begun = begunSequence; // Read first: the force covers the name of this file.
        store.force();
        write(pending, begun);
        unanswered = writer.sequence() - watermark;
        watermark = pending.sequence();
        lastSyncNs = System.nanoTime() - beginNs;
        syncs++;
    }
}

package io.ringfence.journal.durability;

import io.ringfence.journal.chain.Head;
import io.ringfence.journal.store.RecordStore;
import io.ringfence.schemas.Durability;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes records safe against loss of power, on a thread of its own.
 *
 * <p>With {@code DISK} it starts anew whenever it ended and something is pending: it reads the head, forces what was appended
 * up to then, writes the watermark file and publishes the sequence. With {@code MEMORY} it only forces files that have
 * rolled, which bounds what a clean stop has to write; the watermark then moves to the end of each. The first failure ends it
 * and is kept: a page that failed once may be marked clean, so nothing is tried again. It is never interrupted, for that would
 * close its channels.
 */
public final class SyncAgent implements Runnable {
    private static final long DISK_IDLE_NS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long MEMORY_IDLE_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final RecordStore store;
    private final PublishedHead head;
    private final WatermarkFile file;
    private final boolean isDisk;
    private final Thread thread;
    private volatile byte[] journalId;
    private volatile long watermark;
    private volatile long syncs;
    private volatile long lastSyncNs;
    private volatile Throwable failure;
    private volatile boolean isStopped;

    /**
     * @param store      whose records.
     * @param head       published by the writer after each append.
     * @param file       to keep the watermark in.
     * @param durability what replies wait for.
     * @param watermark  sequence known to be safe at the start.
     */
    public SyncAgent(RecordStore store, PublishedHead head, WatermarkFile file, Durability durability, long watermark) {
        this.store = store;
        this.head = head;
        this.file = file;
        this.isDisk = durability == Durability.DISK;
        this.watermark = watermark;
        this.thread = new Thread(this, "ringfence-sync");
        thread.setDaemon(true);
    }

    /** Begins. */
    public void start() {
        thread.start();
    }

    /** Names the journal, once its first record is there. */
    public void journalId(byte[] journalId) {
        this.journalId = journalId;
    }

    /** Last sequence that is safe against loss of power. Any thread. */
    public long watermark() {
        return watermark;
    }

    /** How many syncs there were. Any thread. */
    public long syncs() {
        return syncs;
    }

    /** How long the last sync took. Any thread. */
    public long lastSyncNs() {
        return lastSyncNs;
    }

    /** What ended the syncing, or null. Any thread. */
    public Throwable failure() {
        return failure;
    }

    @Override
    public void run() {
        try {
            while (!isStopped) {
                if (!isDisk) {
                    promise(store.retire());
                    LockSupport.parkNanos(MEMORY_IDLE_NS);
                } else if (!sync()) {
                    LockSupport.parkNanos(DISK_IDLE_NS);
                }
            }
        } catch (Throwable e) { // An Error too: replies wait for this thread, so its end must not go unseen.
            failure = e;
        }
    }

    /** Ends the thread. Nothing is forced on the way. */
    public void stop() throws IOException {
        isStopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the sync thread ended", e);
        }
    }

    /** Writes and forces the last promise of a clean stop; all records must have been forced. After {@link #stop} only. */
    public void seal() throws IOException {
        Head last = head.head();
        if (last.sequence() > 0) {
            file.write(new Watermark(last, journalId));
            file.force();
            watermark = last.sequence();
        }
    }

    /** Vouches for the end of the files that were forced for the last time. */
    private void promise(Head retired) throws IOException {
        if (retired.sequence() > watermark) {
            file.write(new Watermark(retired, journalId));
            watermark = retired.sequence();
        }
    }

    private boolean sync() throws IOException {
        if (head.sequence() == watermark) {
            return false;
        }
        long beginNs = System.nanoTime();
        Head pending = head.head();
        store.force();
        file.write(new Watermark(pending, journalId));
        watermark = pending.sequence();
        lastSyncNs = System.nanoTime() - beginNs;
        syncs++;
        return true;
    }
}

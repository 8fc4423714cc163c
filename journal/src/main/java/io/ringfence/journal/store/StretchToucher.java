package io.ringfence.journal.store;

import io.ringfence.journal.fault.JournalException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes the next roll file ready, every page of it, while the writer is still in the one before.
 *
 * <p>A stretch to be written is thus a whole file that nobody writes yet. That is what lets it be touched through the
 * appender's own map, which spares the appender even the small fault of a page that is in memory but not in its map, and lets
 * zeros be written through a channel without racing.
 */
final class StretchToucher implements Runnable {
    private static final long PARK_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Path directory;
    private final Preparation preparation;
    private final long segmentLength;
    private final Thread thread;
    private long nextNumber;
    private volatile Segment ready;
    private volatile Throwable failure;
    private volatile boolean isStopped;

    StretchToucher(Path directory, Preparation preparation, long segmentLength, long firstNumber) {
        this.directory = directory;
        this.preparation = preparation;
        this.segmentLength = segmentLength;
        this.nextNumber = firstNumber;
        this.thread = new Thread(this, "ringfence-toucher");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Hands the next file to the writer and begins the one after it; waits if it is not ready yet. Writer only. */
    Segment take() {
        while (ready == null) {
            if (failure != null || isStopped) {
                throw new JournalException(
                        JournalException.Reason.DISK_FAILED,
                        "cannot make the next roll file ready in " + directory + ": " + failure,
                        failure);
            }
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
        }
        Segment segment = ready;
        ready = null;
        LockSupport.unpark(thread);
        return segment;
    }

    /** Is a file ready? */
    boolean hasReady() {
        return ready != null;
    }

    /** What ended the thread, or null. */
    Throwable failure() {
        return failure;
    }

    @Override
    public void run() {
        try {
            while (!isStopped) {
                if (ready == null) {
                    ready = prepare();
                } else {
                    LockSupport.parkNanos(PARK_NS);
                }
            }
        } catch (Throwable t) { // A full disk shows as an InternalError of the touching.
            failure = t;
        }
    }

    /** Ends the thread and deletes the file that was not used. */
    void close() throws IOException {
        isStopped = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the toucher ended", e);
        }
        if (ready != null) {
            ready.discard();
        }
    }

    private Segment prepare() throws IOException {
        Segment segment =
                Segment.create(directory, directory.resolve(SegmentStore.SCRATCH), nextNumber++, segmentLength);
        if (preparation == Preparation.WRITTEN_BLOCKS) {
            segment.writeZeros();
            RollFiles.forceDirectory(directory);
        } else if (preparation == Preparation.TOUCHED_PAGES) {
            segment.touchForWriting();
        }
        return segment;
    }
}

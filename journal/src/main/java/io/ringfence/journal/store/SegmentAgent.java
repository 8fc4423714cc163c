package io.ringfence.journal.store;

import io.ringfence.journal.fault.FileCall;
import io.ringfence.journal.fault.FileRefusal;
import io.ringfence.journal.fault.JournalException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;

/**
 * Prepares every page before the writer needs it, on the thread {@code ringfence-pages}.
 *
 * <p>It has two duties:
 * <ol>
 *   <li>It makes the next roll file ready while the writer is still in the one before. If it cannot, it tries again after 250 ms,
 *       then after pauses that double up to 4 s, and at once when the writer needs the file; only then has the journal
 *       failed. It writes nothing where the disk has less room than the file needs: the rest is for records. Nobody writes
 *       that file yet, so it can be touched through the appender's own map, and zeros can be written to it through a channel
 *       without a race.
 *   <li>With {@link SegmentStore.Preparation#TOUCHED_PAGES} it keeps the pages ahead of the writer writable. The kernel writes
 *       a dirty page back after some 30 s, or earlier when much memory is dirty, and then protects the page: the next append
 *       to it takes a page fault. So the pages that the writer will meet within the next periods are touched once more in each period.
 * </ol>
 *
 * <p>Period: 20 ms while the writer moves, because the writer may pass some MiB in that time; it doubles up to 250 ms while
 * the writer stands still. A roll wakes the thread at once. How far ahead it touches is four times what the writer passed in the
 * last period, 256 KiB to 16 MiB: a touched page is dirty, and a slow writer must not make the disk write much.
 */
final class SegmentAgent implements Runnable {
    private static final long SHORTEST_PARK_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long LONGEST_PARK_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long FIRST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long LONGEST_PAUSE_NS = TimeUnit.SECONDS.toNanos(4);
    private static final long LEAST_AHEAD = 256 * 1024;
    private static final long MOST_AHEAD = 16 * 1024 * 1024;
    private static final int PERIODS_AHEAD = 4;
    private static final long SHORTEST_REST_NS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long LONGEST_REST_NS = TimeUnit.MILLISECONDS.toNanos(2);

    /** Tells how much the disk can still take. */
    interface Room {
        /** Free room on the disk of the journal, in bytes. */
        long usableBytes() throws IOException;
    }

    private final Path directory;
    private final Disk disk;
    private final SegmentStore.Preparation preparation;
    private final long segmentLength;
    private final Room room;
    private final Thread thread;
    private long number;
    private volatile Segment ready;
    private volatile Segment taken;
    private volatile Throwable failure;
    private volatile Throwable prepareFailure;
    private volatile long attempts;
    private volatile boolean isAwaited;
    private volatile boolean isStopped;

    private Segment written;
    private long seenPosition;
    private long pauseNs;
    private long failedAtNs;
    private long partBeginNs;

    /**
     * @param directory     of the journal.
     * @param disk          forces files and names.
     * @param preparation   of each file.
     * @param segmentLength of each file, in bytes.
     * @param room          of the disk, asked before each attempt.
     */
    SegmentAgent(Path directory, Disk disk, SegmentStore.Preparation preparation, long segmentLength, Room room) {
        this.directory = directory;
        this.disk = disk;
        this.preparation = preparation;
        this.segmentLength = segmentLength;
        this.room = room;
        this.thread = new Thread(this, "ringfence-pages");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /**
     * Hands the next file to the writer and begins to make the one after it. Waits if it is not ready yet. Writer only, once
     * the file in use is full.
     *
     * @throws JournalException {@code DISK_FAILED} if no file can be made: one attempt that began after this call failed too.
     */
    Segment take() {
        isAwaited = true;
        try {
            awaitReady();
        } finally {
            isAwaited = false;
        }
        Segment segment = ready;
        ready = null;
        taken = segment;
        LockSupport.unpark(thread);
        return segment;
    }

    private void awaitReady() {
        long attemptsBefore = attempts;
        while (ready == null) {
            Throwable cause = failure != null ? failure : attempts - attemptsBefore > 1 ? prepareFailure : null;
            if (cause != null || isStopped) {
                throw new JournalException(
                        JournalException.Reason.DISK_FAILED,
                        "cannot make the next roll file ready in " + directory + ": "
                                + (cause == null ? "the journal is closed" : FileRefusal.text(cause)),
                        cause);
            }
            LockSupport.unpark(thread); // It may rest between two attempts.
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
        }
    }

    /** Is the next file ready? */
    boolean hasReady() {
        return ready != null;
    }

    /** What ended the thread; null while nothing did. Any thread. */
    Throwable failure() {
        return failure;
    }

    /** Why the next file could not be made at the last attempt; null if it could, or was not tried. Any thread. */
    Throwable prepareFailure() {
        return prepareFailure;
    }

    @Override
    public void run() {
        try {
            long parkNs = SHORTEST_PARK_NS;
            while (!isStopped) {
                boolean hasMoved = keepWritable();
                if (isAttemptDue() && tryPrepare()) {
                    continue;
                }
                parkNs = hasMoved ? SHORTEST_PARK_NS : Math.min(2 * parkNs, LONGEST_PARK_NS);
                LockSupport.parkNanos(parkNs);
            }
        } catch (Throwable t) { // A disk that fails shows as an InternalError when a page is touched.
            failure = t;
        }
    }

    private boolean isAttemptDue() {
        return ready == null && (pauseNs == 0 || isAwaited || System.nanoTime() - failedAtNs >= pauseNs);
    }

    /** Makes the next file. A failure is kept and ends nothing: the writer still has room. */
    private boolean tryPrepare() {
        try {
            Segment prepared = prepare();
            pauseNs = 0;
            prepareFailure = null;
            ready = prepared;
        } catch (IOException | RuntimeException | Error e) {
            pauseNs = pauseNs == 0 ? FIRST_PAUSE_NS : Math.min(2 * pauseNs, LONGEST_PAUSE_NS);
            failedAtNs = System.nanoTime();
            prepareFailure = e;
        }
        attempts++;
        return ready != null;
    }

    /** Ends the thread and deletes the file that was not used. */
    void close() throws IOException {
        isStopped = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the thread that prepares pages ended", e);
        }
        if (ready != null) {
            ready.discard();
        }
    }

    /** Touches the pages that the writer meets next; false if it has not moved since the last call. */
    private boolean keepWritable() {
        Segment segment = taken;
        if (segment == null || preparation != SegmentStore.Preparation.TOUCHED_PAGES) {
            return false;
        }
        long position = segment.position();
        if (segment != written) {
            written = segment;
            seenPosition = 0;
        } else if (position == seenPosition) {
            return false;
        }
        long ahead = Math.max(LEAST_AHEAD, Math.min(MOST_AHEAD, PERIODS_AHEAD * (position - seenPosition)));
        long end = position + ahead;
        seenPosition = position;
        segment.touch(position, end);
        Segment next = ready;
        if (next != null && end > segmentLength) {
            next.touch(0, end - segmentLength);
        }
        return true;
    }

    private Segment prepare() throws IOException {
        requireRoom();
        Path scratch = directory.resolve(SegmentStore.SCRATCH);
        partBeginNs = System.nanoTime();
        Segment segment = EmptySegment.make(directory, disk, scratch, ++number, segmentLength, preparation, this::rest);
        try {
            if (preparation == SegmentStore.Preparation.WRITTEN_BLOCKS) {
                segment.forceWhole();
                FileCall.run("force of the names", directory, () -> disk.forceDirectory(directory));
            } else if (preparation == SegmentStore.Preparation.TOUCHED_PAGES) {
                touchWhole(segment);
            }
            return segment;
        } catch (IOException | RuntimeException | Error e) {
            CloseHelper.close(e::addSuppressed, segment::discard); // It may have taken the last room of the disk.
            throw e;
        }
    }

    private void touchWhole(Segment segment) {
        for (long from = 0; from < segmentLength; from += EmptySegment.PART_LENGTH) {
            segment.touch(from, from + EmptySegment.PART_LENGTH);
            rest();
        }
    }

    /**
     * Rests as long as the last part took, unless the writer waits for the file. Where there are as many spinning threads as processors, this
     * thread takes the processor of one of them: for less than the requests that are in flight last, and not for some time slices of the
     * scheduler.
     */
    private void rest() {
        if (!isAwaited && !isStopped) {
            long partNs = System.nanoTime() - partBeginNs;
            LockSupport.parkNanos(Math.max(SHORTEST_REST_NS, Math.min(LONGEST_REST_NS, partNs)));
        }
        partBeginNs = System.nanoTime();
    }

    private void requireRoom() throws IOException {
        long usableBytes = room.usableBytes();
        long requiredBytes = segmentLength + EmptySegment.BESIDE_LENGTH;
        if (usableBytes < requiredBytes) {
            throw new JournalException(
                    JournalException.Reason.NO_ROOM,
                    "too little room for a roll file in " + directory + ": " + requiredBytes + " bytes needed, "
                            + usableBytes + " free");
        }
    }
}

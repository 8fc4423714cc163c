package io.ringfence.journal.recovery;

import io.ringfence.journal.durability.WatermarkFile.Watermark;
import io.ringfence.journal.fault.JournalException.Fault;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.store.RollFileReader;
import io.ringfence.journal.store.RollFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Proves the records that the opening of a journal left out, from the first one on, while the journal is written.
 *
 * <p>It ends with the first record that the opening has proved: that file's header must say the hash and the policy that the records
 * before it come to. At a fault it ends too, and writes {@link DamageFile}, so that no later opening succeeds. It writes nothing else.
 *
 * <p>The thread {@code ringfence-older-records} works for about 1 ms and then sleeps four times as long as it has worked: a fifth of a
 * processor at most. The accessors are safe from any thread.
 */
public final class OlderRecords implements AutoCloseable {
    private static final int PAUSES_A_SLICE = 4;
    private static final long SLICE_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int RECORDS_A_LOOK = 64;
    private static final int WINDOW = 256 * 1024;

    private final Path directory;
    private final long endSequence;
    private final Watermark watermark;
    private final Thread thread = new Thread(this::run, "ringfence-older-records");
    private volatile boolean isStopped;
    private volatile long provedSequence;
    private volatile boolean isProved;
    private volatile Fault fault;
    private volatile Throwable failure;

    /**
     * Proves nothing before {@link #start}.
     *
     * @param directory   of the journal.
     * @param endSequence first record that the opening has proved, the first of a roll file; 1 and above.
     * @param watermark   that the journal had when it was opened.
     */
    public OlderRecords(Path directory, long endSequence, Watermark watermark) {
        this.directory = directory;
        this.endSequence = endSequence;
        this.watermark = watermark;
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
    }

    /** Starts the thread, if there is anything to prove. Once only. */
    public void start() {
        if (count() == 0) {
            isProved = true;
        } else {
            thread.start();
        }
    }

    /** Number of records to prove. */
    public long count() {
        return endSequence - 1;
    }

    /** Number of records that are proved. */
    public long provedCount() {
        return Math.min(provedSequence, count());
    }

    /** Are all of them proved, and do they lead to the first record that the opening has proved? */
    public boolean isProved() {
        return isProved;
    }

    /** First fault; null while there is none. */
    public Fault fault() {
        return fault;
    }

    /** What kept it from reading on, or from writing {@link DamageFile}; null while nothing did. */
    public Throwable failure() {
        return failure;
    }

    /** First sequence that cannot be trusted or read; 0 while there is none. */
    public long badSequence() {
        Fault found = fault;
        if (found != null) {
            return found.sequence();
        }
        return failure == null ? 0 : provedSequence + 1;
    }

    private void run() {
        try (JournalReader reader = reader()) {
            long beganNs = System.nanoTime();
            while (!isStopped && reader.head().sequence() < endSequence && prove(reader)) {
                long workedNs = System.nanoTime() - beganNs;
                if (workedNs >= SLICE_NS) {
                    pause(workedNs * PAUSES_A_SLICE);
                    beganNs = System.nanoTime();
                }
            }
            end(reader);
        } catch (IOException
                | RuntimeException
                | Error broken) { // New risk ends with it, so its end must not go unseen.
            failure = broken;
        }
    }

    private void end(JournalReader reader) throws IOException {
        Fault found = reader.fault();
        if (found != null) {
            try {
                DamageFile.write(directory, found);
            } catch (IOException cannot) {
                failure = cannot;
            }
            fault = found; // Last: who sees it sees also whether the next start will know.
        } else if (reader.head().sequence() >= endSequence) {
            isProved = true;
        } else if (!isStopped) {
            throw new IllegalStateException("the records end before sequence " + endSequence);
        }
    }

    private JournalReader reader() throws IOException {
        List<Path> files = RollFiles.list(directory).stream()
                .filter(file -> RollFiles.firstSequence(file.getFileName().toString()) <= endSequence)
                .toList();
        return JournalReader.over(
                directory.toString(), RollFiles.bytes(files), 1, watermark, new RollFileReader(WINDOW));
    }

    /** Proves a few records; false at the end and at a fault. */
    private boolean prove(JournalReader reader) {
        int count = 0;
        while (count < RECORDS_A_LOOK && provedSequence < endSequence && reader.next()) {
            provedSequence = reader.record().sequence();
            count++;
        }
        return count > 0;
    }

    private void pause(long durationNs) {
        long endNs = System.nanoTime() + durationNs;
        for (long leftNs = durationNs; !isStopped && leftNs > 0; leftNs = endNs - System.nanoTime()) {
            LockSupport.parkNanos(leftNs);
        }
    }

    /** Ends the thread, also before it has proved all: the next opening begins again. Returns within the time of one read. */
    @Override
    public void close() {
        isStopped = true;
        LockSupport.unpark(thread);
        boolean isInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

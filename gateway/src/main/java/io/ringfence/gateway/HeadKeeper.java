package io.ringfence.gateway;

import io.ringfence.gateway.config.ServerConfig.HeadConfig;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.fault.FileRefusal;
import io.ringfence.journal.fault.RegularFile;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Gives the journal's head, {@code SEQUENCE:HASH}, to a file, a command or both, in each interval and at a clean stop, on the thread
 * {@code ringfence-head}. With a head that is kept elsewhere, {@code verify
 * --expect} tells later whether a record up to it was rewritten.
 *
 * <p>A head is given once its record may be answered: with {@code DISK} after its sync. A failure is told in one line, counted, and tried
 * again in the next interval; it stops nothing.
 */
final class HeadKeeper implements AutoCloseable {
    /** How long a command may run. */
    static final long COMMAND_LIMIT_S = 10;

    private static final long CLOSE_LIMIT_S = 2;
    private static final long SYNC_LIMIT_NS = TimeUnit.SECONDS.toNanos(1);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "ringfence-head");
        made.setDaemon(true);
        return made;
    });
    private final HeadConfig config;
    private final JournalDirectory journal;
    private final CountersFile counters;
    private final ErrorLine lines;
    private Head kept = Head.none();
    private long failures;
    private boolean isFailing;
    private Future<?> turns;
    private boolean isLast; // The turn of a clean stop: none comes after it.
    private volatile boolean isLastDone;
    private boolean isClosed; // Guarded by this: the counters are closed then.

    /**
     * Begins at once, if the configuration names a file or a command.
     *
     * @param journal  whose heads are kept; closed after this.
     * @param counters that show what was kept, and failures; closed after this.
     */
    HeadKeeper(HeadConfig config, JournalDirectory journal, CountersFile counters, ErrorLine lines) {
        this.config = config;
        this.journal = journal;
        this.counters = counters;
        this.lines = lines;
        if (config.isWanted()) {
            turns = thread.scheduleWithFixedDelay(this::keep, 0, config.intervalNs(), TimeUnit.NANOSECONDS);
        }
    }

    /** Keeps the head of now, unless it is kept already. Throws nothing: that would end the schedule. */
    private void keep() {
        try {
            Head head = journal.writer().head();
            if (head.sequence() == 0 || head.equals(kept)) {
                return;
            }
            awaitAnswerable(head);
            try {
                if (config.file().isPresent()) {
                    write(config.file().get(), head);
                }
            } finally {
                if (config.command().isPresent()) {
                    run(config.command().get(), head); // Also where the file cannot be written.
                }
            }
            kept = head;
            show(EngineCounter.HEAD_KEPT, head.sequence());
            if (isFailing) {
                lines.print("the head is kept again: " + head);
            }
            isFailing = false;
        } catch (IOException | RuntimeException | Error failed) {
            if (!isLast && Thread.currentThread().isInterrupted()) {
                return; // By the stop, which has one more turn for the last head.
            }
            show(EngineCounter.HEAD_FAILURES, ++failures);
            if (isLast) {
                lines.print("the journal's last head was not kept: " + FileRefusal.text(failed));
            } else if (!isFailing) {
                lines.print("the journal's head cannot be kept: " + FileRefusal.text(failed)
                        + "; the engine goes on, and it is tried again every " + config.intervalNs() / 1_000_000
                        + " ms");
            }
            isFailing = true;
        }
    }

    private synchronized void show(EngineCounter counter, long value) {
        if (!isClosed) {
            counters.set(counter, value);
        }
    }

    /** Waits a second at most for the sync of its record. */
    private void awaitAnswerable(Head head) throws IOException {
        long endNs = System.nanoTime() + SYNC_LIMIT_NS;
        while (journal.answerableSequence() < head.sequence()) {
            if (System.nanoTime() - endNs > 0) {
                throw new IOException("record " + head.sequence() + " was not synced within 1 s");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(1);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted by the stop", stopped);
            }
        }
    }

    /** Whole or not at all, also after a loss of power. */
    private static void write(Path file, Head head) throws IOException {
        Path made = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                RegularFile.require(made, "a file of the head"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer text = ByteBuffer.wrap((head + "\n").getBytes(StandardCharsets.US_ASCII));
            while (text.hasRemaining()) {
                channel.write(text);
            }
            channel.force(true);
        }
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Runs the command with the head as its one argument, without input; what it prints is dropped. */
    private static void run(Path command, Head head) throws IOException {
        Process process = new ProcessBuilder(command.toString(), head.toString())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(COMMAND_LIMIT_S, TimeUnit.SECONDS)) {
                throw new IOException(command + " has not ended within " + COMMAND_LIMIT_S + " s, and was killed");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(command + " was interrupted by the stop", stopped);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new IOException(command + " ended with exit code " + process.exitValue());
        }
    }

    /** Ends a turn that runs, has one more for the last head, 2 s at most, and ends the thread. */
    @Override
    public void close() {
        if (turns != null && !thread.isShutdown()) {
            turns.cancel(true);
            thread.execute(() -> {
                isLast = true;
                keep();
                isLastDone = true;
            });
            Housekeeping.end(thread, CLOSE_LIMIT_S);
            if (!isLastDone) {
                lines.print("the journal's last head was not kept: a turn had not ended " + CLOSE_LIMIT_S
                        + " s after the stop");
            }
        } else {
            Housekeeping.end(thread, CLOSE_LIMIT_S);
        }
        synchronized (this) {
            isClosed = true;
        }
    }
}

package io.ringfence.journal.read;

import io.ringfence.journal.chain.Head;
import io.ringfence.journal.durability.WatermarkFile;
import io.ringfence.journal.durability.WatermarkFile.Watermark;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.fault.JournalException.Fault;
import io.ringfence.journal.record.RecordView;
import io.ringfence.journal.store.RollFileReader;
import io.ringfence.journal.store.RollFiles;
import io.ringfence.journal.store.RollFiles.RollBytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Reads a journal as {@link JournalReader} does, with threads of its own that read and prove batches of records ahead of the
 * caller. Each byte is read and proved once.
 *
 * <p>Each record carries the hash that the next one is chained to, so batches are proved in parallel: the threads take turns
 * to read the next batch, and prove their own while the others read. They are handed out in order, so of several faults
 * the first ends the reading. One thread calls it and closes it. The threads {@code ringfence-prover-1} and so on wait without a
 * period when all batches are full.
 */
public final class JournalProver implements AutoCloseable {
    private static final int BATCHES_A_THREAD = 8; // So that one that has to wait for a processor holds up no other.
    private static final int MOST_THREADS = 4;
    private static final ProvedBatch CLOSED = new ProvedBatch(0, 0);

    private final JournalReader reader;
    private final RecordWalk walk;
    private final BlockingQueue<ProvedBatch> filled;
    private final BlockingDeque<ProvedBatch> empty; // The one used last is in the cache, so it is filled next.
    private final Thread[] threads;
    private final RecordView record = new RecordView();
    private boolean isWalked;
    private ProvedBatch batch;
    private int next;
    private long policySequence;
    private long waitedNs;
    private final byte[] journalId = new byte[32];
    private int fileIndex = -1;
    private long position;

    /**
     * Starts reading.
     *
     * @param reader      before its first record; from now on only this object uses and closes it.
     * @param threadCount number of threads that prove beside the caller; 0 only for {@link #verify}.
     */
    public JournalProver(JournalReader reader, int threadCount) {
        this.reader = reader;
        this.walk = reader.walk();
        int batches = BATCHES_A_THREAD * (threadCount + 1);
        filled = new ArrayBlockingQueue<>(batches);
        empty = new LinkedBlockingDeque<>();
        for (int i = 0; i < batches; i++) {
            empty.add(new ProvedBatch());
        }
        threads = new Thread[threadCount];
        for (int i = 0; i < threadCount; i++) {
            threads[i] = new Thread(this::run, "ringfence-prover-" + (i + 1));
            threads[i].setDaemon(true);
            threads[i].start();
        }
    }

    /** Starts reading beside a caller that works on each record: with one processor left to it. */
    public static JournalProver beside(JournalReader reader) {
        return new JournalProver(reader, threads(Runtime.getRuntime().availableProcessors() - 1));
    }

    private static int threads(int wanted) {
        return Math.max(1, Math.min(wanted, MOST_THREADS));
    }

    private void run() {
        try {
            ProvedBatch taken = empty.take();
            while (taken != CLOSED && fill(taken)) {
                taken.prove();
                taken = empty.take();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("a thread that proves must not be interrupted", e);
        }
    }

    /** Fills a batch and queues it in the order of the journal; false if the walk has ended before. */
    private synchronized boolean fill(ProvedBatch taken) {
        if (isWalked) {
            return false;
        }
        isWalked = taken.fill(walk);
        return filled.add(taken); // There is room for all.
    }

    /**
     * Moves to the next proved record; false at the end and at the first fault.
     *
     * @throws JournalException when the disk fails.
     */
    public boolean next() {
        boolean isMoved = step();
        while (isMoved && record.sequence() < reader.from()) {
            isMoved = step();
        }
        return isMoved;
    }

    private boolean step() {
        while (batch == null || next == batch.count()) {
            if (batch != null && batch.isLast()) {
                rethrow(batch.failure());
                return false;
            }
            takeBatch();
        }
        batch.wrap(next, record);
        fileIndex = batch.fileIndex(next);
        position = batch.position(next);
        if (record.isPolicyActivation()) {
            policySequence = record.sequence();
        }
        if (record.sequence() == 1) {
            record.copyJournalId(journalId, 0);
        }
        next++;
        return true;
    }

    private void takeBatch() {
        if (threads.length == 0) {
            throw new IllegalStateException("a prover without threads hands out nothing: it can only verify");
        }
        boolean isFirst = batch == null;
        if (!isFirst) {
            empty.addFirst(batch);
        }
        long askedNs = System.nanoTime();
        boolean isInterrupted = false;
        batch = null;
        while (batch == null) {
            try {
                batch = filled.take();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
        batch.awaitProved();
        waitedNs += System.nanoTime() - askedNs;
        next = 0;
        if (isFirst) {
            policySequence = batch.policySequence();
        }
    }

    private void rethrow(Throwable failure) {
        if (failure instanceof IOException broken) {
            throw JournalReader.cannot("read", reader.place(), broken);
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        if (failure instanceof Error error) {
            throw error;
        }
    }

    /** The record that {@link #next} moved to; valid until the next call. */
    public RecordView record() {
        return record;
    }

    /** Last record that was handed out or passed; allocates. */
    public Head head() {
        return batch == null ? Head.none() : batch.head(next);
    }

    /** After {@link #next} returned false: the first fault; null if there was none. */
    public Fault fault() {
        return batch == null ? null : batch.fault();
    }

    /** After the end: are there bytes of an unfinished record behind it? */
    public boolean isTorn() {
        return fault() == null && walk.tornPlace() != null;
    }

    /** File and byte of the unfinished record, if {@link #isTorn}. */
    public String tornPlace() {
        return walk.tornPlace();
    }

    /** Name of the journal, 32 bytes; zeros before the first record. */
    public byte[] journalId() {
        return journalId.clone();
    }

    /** Sequence of the last PolicyActivate or PolicyChange up to {@link #head()}, applied or refused; 0: none. */
    public long policySequence() {
        return policySequence;
    }

    /** Index of the file that holds {@link #head()}, among all files of the journal; -1 before the first. */
    public int fileIndex() {
        return fileIndex;
    }

    /** Position behind {@link #head()} in its file, in bytes. */
    public long position() {
        return position;
    }

    /** How long the caller has waited for records to be proved, in ns. */
    public long waitedNs() {
        return waitedNs;
    }

    /** Ends the threads and closes the reader, also before the end of the journal. */
    @Override
    public void close() {
        empty.clear();
        for (int i = 0; i < threads.length; i++) {
            empty.add(CLOSED);
        }
        for (Thread thread : threads) {
            awaitEnd(thread);
        }
        reader.close();
    }

    /** Waits until a thread has ended, also when interrupted. The interrupt is kept. */
    private static void awaitEnd(Thread ending) {
        boolean isInterrupted = false;
        while (ending.isAlive()) {
            try {
                ending.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Result of a verification.
     *
     * @param records          number of proved records.
     * @param recordsPerSecond proved records a second.
     * @param isAuthenticated  was every record also checked with a key? Always false in this version: then those who can write in the
     *                         journal's directory can rewrite it so that this verification finds no fault.
     * @param isAnchored       does the watermark promise exactly this end, as after a clean stop?
     * @param hasWatermark     does the watermark file promise anything? Not if it is missing or empty.
     * @param isTorn           do bytes of an unfinished record stand behind the last one?
     * @param head             last proved record.
     * @param kept             head that was kept from before, which the journal must hold; null if none was given.
     * @param found            the proved record of that sequence; null if there is none.
     * @param fault            first fault; null if there is none.
     */
    public record Report(
            long records,
            double recordsPerSecond,
            boolean isAuthenticated,
            boolean isAnchored,
            boolean hasWatermark,
            boolean isTorn,
            Head head,
            Head kept,
            Head found,
            Fault fault) {
        /** Is there no fault, and is a head that was kept in the journal? */
        public boolean isOk() {
            return fault == null && isKeptFound();
        }

        /** Is the head that was kept in the journal? True where none was given. */
        public boolean isKeptFound() {
            return kept == null || kept.equals(found);
        }

        /** First sequence that cannot be trusted; 0 if all can. */
        public long firstBadSequence() {
            return fault == null ? 0 : fault.sequence();
        }

        /** The fault in one line; null if there is none. */
        public String faultText() {
            return fault == null ? null : fault.text();
        }
    }

    /**
     * Verifies the journal of a directory: every byte of every record, the chain through all of them, and that the promised end is
     * there. Needs no engine, lock or key, and writes nothing; a journal may be verified while it is written.
     *
     * @throws JournalException {@code MISSING} if there is none, {@code DISK_FAILED} if it cannot be read. A damaged journal
     *     gives a report with a fault.
     */
    public static Report verify(Path directory) {
        return verify(directory, null, records -> {});
    }

    /**
     * The same.
     *
     * @param progress takes the number of records proved so far, now and then, on the caller's thread.
     */
    public static Report verify(Path directory, LongConsumer progress) {
        return verify(directory, null, progress);
    }

    /**
     * The same.
     *
     * @param kept     head that was taken from this journal before, at any of its records, and kept elsewhere; null for none.
     * @param progress takes the number of records proved so far, now and then, on the caller's thread.
     */
    public static Report verify(Path directory, Head kept, LongConsumer progress) {
        try {
            Watermark watermark = WatermarkFile.read(directory); // First: a file that begins after it is no loss.
            List<Path> files = RollFiles.list(directory);
            if (files.isEmpty() && !WatermarkFile.exists(directory)) {
                throw new JournalException(JournalException.Reason.MISSING, "no journal in " + directory);
            }
            int threadCount = threads(Runtime.getRuntime().availableProcessors());
            Report report = verify(
                    RollFiles.bytes(files),
                    watermark == null ? Watermark.none() : watermark,
                    kept,
                    threadCount,
                    progress);
            return watermark == null && report.fault() == null ? withoutPromise(report) : report;
        } catch (IOException e) {
            throw JournalReader.cannot("read", directory.toString(), e);
        }
    }

    /**
     * Verifies a journal that is given as roll files.
     *
     * @param files       oldest first.
     * @param watermark   that they must reach.
     * @param kept        head that they must hold; null for none.
     * @param threadCount number of threads that prove, the caller's included; 1 and above.
     * @param progress    takes the number of records proved so far.
     */
    public static Report verify(
            List<? extends RollBytes> files, Watermark watermark, Head kept, int threadCount, LongConsumer progress) {
        long beginNs = System.nanoTime();
        JournalReader reader = JournalReader.over("the journal", files, 1, watermark, new RollFileReader());
        try (JournalProver prover = new JournalProver(reader, threadCount - 1)) {
            Head found = null;
            while (prover.pass()) {
                progress.accept(prover.head().sequence());
                found = kept == null || found != null ? found : prover.batch.headAt(kept.sequence());
            }
            double seconds = Math.max(1, System.nanoTime() - beginNs) / (double) TimeUnit.SECONDS.toNanos(1);
            Head head = prover.head();
            boolean isAnchored = prover.fault() == null
                    && watermark.isPresent()
                    && head.sequence() == watermark.head().sequence();
            return new Report(
                    head.sequence(),
                    head.sequence() / seconds,
                    false,
                    isAnchored,
                    watermark.isPresent(),
                    prover.isTorn(),
                    head,
                    kept,
                    found,
                    prover.fault());
        }
    }

    /** Passes over the next batch; false at the end and at the first fault. Fills and proves others until it is proved. */
    private boolean pass() {
        if (batch != null && batch.isLast()) {
            return false;
        }
        while (!isNextProved() && help()) {
            // Each turn proves a batch.
        }
        takeBatch();
        next = batch.count();
        if (batch.isLast()) {
            rethrow(batch.failure());
        }
        return true;
    }

    private boolean isNextProved() {
        ProvedBatch first = filled.peek();
        return first != null && first.isProved();
    }

    private boolean help() {
        ProvedBatch taken = empty.poll();
        if (taken == null || !fill(taken)) {
            return false;
        }
        taken.prove();
        return true;
    }

    private static Report withoutPromise(Report report) {
        Fault unreadable = new Fault(
                report.head().sequence() + 1, WatermarkFile.NAME, "no promise in the watermark file can be read");
        return new Report(
                report.records(),
                report.recordsPerSecond(),
                false,
                false,
                false,
                report.isTorn(),
                report.head(),
                report.kept(),
                report.found(),
                unreadable);
    }
}

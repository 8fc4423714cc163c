package io.ringfence.journal.read;

import io.ringfence.journal.chain.Head;
import io.ringfence.journal.durability.WatermarkFile;
import io.ringfence.journal.durability.WatermarkFile.Watermark;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.fault.JournalException.Fault;
import io.ringfence.journal.store.RollFileReader;
import io.ringfence.journal.store.RollFiles;
import io.ringfence.journal.store.RollFiles.RollBytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Checks a whole journal: every byte of every record, the chain through all records, and that the promised end is there.
 *
 * <p>Each record carries the hash that the next one is chained to, so batches can be checked in parallel: two threads take
 * turns; one reads a batch while the other checks the hashes of its own. Of several faults the one with the least sequence
 * counts. It needs no engine, lock or key, and writes nothing; a journal may be verified while it is written.
 */
public final class Verifier {
    /**
     * Result of a verification.
     *
     * @param records          number of proved records.
     * @param recordsPerSecond proved records a second.
     * @param isAuthenticated  was every record also checked with a key? Always false in this version.
     * @param isAnchored       does the watermark promise exactly this end, as after a clean stop?
     * @param hasWatermark     does the watermark file promise anything? Not if it is missing or empty.
     * @param isTorn           do bytes of an unfinished record stand behind the last one?
     * @param head             last proved record.
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
            Fault fault) {
        /** Is there no fault? */
        public boolean isOk() {
            return fault == null;
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

    private final RecordScan scan;
    private final LongConsumer progress;
    private Fault fault;
    private Head headBeforeFault;
    private Throwable failure;
    private long checked;

    private Verifier(RecordScan scan, LongConsumer progress) {
        this.scan = scan;
        this.progress = progress;
    }

    /**
     * Verifies the journal of a directory.
     *
     * @throws JournalException {@code MISSING} if there is none, {@code DISK_FAILED} if it cannot be read. A damaged journal
     *     gives a report with a fault.
     */
    public static Report verify(Path directory) {
        return verify(directory, records -> {});
    }

    /**
     * Verifies the journal of a directory.
     *
     * @param directory of the journal.
     * @param progress  takes the number of records checked so far, for each batch; two threads call it, one at a time.
     */
    public static Report verify(Path directory, LongConsumer progress) {
        try {
            Watermark watermark = WatermarkFile.read(directory); // First: a file that begins after it is no loss.
            List<Path> files = RollFiles.list(directory);
            if (files.isEmpty() && !WatermarkFile.exists(directory)) {
                throw new JournalException(JournalException.Reason.MISSING, "no journal in " + directory);
            }
            if (watermark == null) {
                Report report = verify(RollFiles.bytes(files), Watermark.none(), 2, progress);
                Fault unreadable = new Fault(
                        report.head().sequence() + 1,
                        WatermarkFile.NAME,
                        "no promise in the watermark file can be read");
                return report.isOk() ? withFault(report, unreadable) : report;
            }
            return verify(RollFiles.bytes(files), watermark, 2, progress);
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.Reason.DISK_FAILED, "cannot read " + directory + ": " + e.getMessage(), e);
        }
    }

    /**
     * Verifies a journal that is given as roll files.
     *
     * @param files       oldest first.
     * @param watermark   that they must reach.
     * @param threadCount number of threads that check, the caller's included; 1 and above.
     * @param progress    takes the number of records checked so far.
     */
    public static Report verify(
            List<? extends RollBytes> files, Watermark watermark, int threadCount, LongConsumer progress)
            throws IOException {
        long beginNs = System.nanoTime();
        try (RecordScan scan = new RecordScan(files, watermark, new RollFileReader())) {
            Verifier verifier = new Verifier(scan, progress);
            verifier.run(threadCount);
            if (verifier.failure != null) {
                throw new IOException("verification broke off: " + verifier.failure, verifier.failure);
            }
            double seconds = Math.max(1, System.nanoTime() - beginNs) / (double) TimeUnit.SECONDS.toNanos(1);
            Fault fault = verifier.fault != null ? verifier.fault : scan.fault();
            Head head = verifier.fault != null ? verifier.headBeforeFault : scan.head();
            boolean isAnchored = fault == null
                    && watermark.isPresent()
                    && head.sequence() == watermark.head().sequence();
            boolean isTorn = fault == null && scan.tornPlace() != null;
            return new Report(
                    head.sequence(),
                    head.sequence() / seconds,
                    false,
                    isAnchored,
                    watermark.isPresent(),
                    isTorn,
                    head,
                    fault);
        }
    }

    private void run(int threadCount) {
        Thread[] others = new Thread[threadCount - 1];
        for (int i = 0; i < others.length; i++) {
            others[i] = new Thread(this::checkBatches, "ringfence-verify-" + (i + 1));
            others[i].start();
        }
        checkBatches();
        for (Thread other : others) {
            ReadAhead.awaitEnd(other);
        }
    }

    private void checkBatches() {
        try {
            RecordBatch batch = new RecordBatch();
            while (fill(batch)) {
                Fault found = batch.prove();
                if (found != null) {
                    report(found, batch.headBefore(found.sequence()));
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            breakOff(e); // A thread that ended early must not look like a journal without a fault.
        }
    }

    private synchronized boolean fill(RecordBatch batch) throws IOException {
        if (fault != null || failure != null || !batch.fill(scan)) {
            return false;
        }
        checked += batch.count();
        progress.accept(checked);
        return true;
    }

    private synchronized void report(Fault found, Head before) {
        if (fault == null || found.sequence() < fault.sequence()) {
            fault = found;
            headBeforeFault = before;
        }
    }

    private synchronized void breakOff(Throwable cause) {
        failure = cause;
    }

    private static Report withFault(Report report, Fault fault) {
        return new Report(
                report.records(),
                report.recordsPerSecond(),
                false,
                false,
                false,
                report.isTorn(),
                report.head(),
                fault);
    }
}

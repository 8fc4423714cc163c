package io.ringfence.journal;

import io.ringfence.journal.read.JournalProver;
import io.ringfence.journal.record.RecordView;
import io.ringfence.journal.store.Disk;
import io.ringfence.journal.store.RecordStore;
import io.ringfence.journal.store.SegmentStore;
import io.ringfence.journal.store.SegmentStore.Preparation;
import io.ringfence.schemas.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Prints how long appends take with and without files made ready ahead, how many bytes reach the device for a record, and how
 * fast a journal is written and verified. Not a test: run it on an idle machine.
 */
public final class JournalMeasurement {
    private static final int RECORD_LENGTH = 448;
    private static final int SEQUENCE_OFFSET = JournalWriter.ROOM_BEFORE + RecordView.BLOCK_OFFSET;
    private static final long SEGMENT_LENGTH = 64L * 1024 * 1024;

    private JournalMeasurement() {}

    /** Arguments: scratch directory, records per second, seconds, block device to count sectors of (or -). */
    public static void main(String[] args) throws Exception {
        Path scratch = Path.of(args[0]);
        int rate = Integer.parseInt(args[1]);
        int seconds = Integer.parseInt(args[2]);
        String device = args[3];
        System.out.printf(
                Locale.ROOT, "%d B records, %,d/s for %d s, %d MiB files%n", RECORD_LENGTH, rate, seconds, 64);
        for (int round = 0; round < 2; round++) {
            appends(scratch, Preparation.NONE, false, rate, seconds, device);
            appends(scratch, Preparation.TOUCHED_PAGES, false, rate, seconds, device);
        }
        for (int round = 0; round < 2; round++) {
            for (Preparation preparation : Preparation.values()) {
                appends(scratch, preparation, true, rate, seconds, device);
            }
        }
        for (Durability durability : new Durability[] {Durability.MEMORY, Durability.DISK}) {
            writeAndVerify(scratch, durability, 3_000_000);
        }
    }

    private static void appends(
            Path scratch, Preparation preparation, boolean isSynced, int rate, int seconds, String device)
            throws Exception {
        Path directory = fresh(scratch);
        UnsafeBuffer record = new UnsafeBuffer(new byte[JournalWriter.ROOM_BEFORE + RECORD_LENGTH]);
        RecordStore store = SegmentStore.open(directory, Disk.REAL, preparation, SEGMENT_LENGTH, 0);
        boolean[] isStopped = new boolean[1];
        long[] syncs = new long[2];
        Thread sync = new Thread(() -> sync(store, isSynced, isStopped, syncs));
        Thread.sleep(500);
        sync.start();
        long[] latenciesNs = new long[rate * seconds];
        long gapNs = TimeUnit.SECONDS.toNanos(1) / rate;
        long deviceBefore = deviceBytes(device);
        long processBefore = processBytes();
        long beginNs = System.nanoTime();
        for (int i = 0; i < latenciesNs.length; i++) {
            long intendedNs = beginNs + i * gapNs;
            long nowNs = System.nanoTime();
            while (nowNs < intendedNs) {
                Thread.onSpinWait();
                nowNs = System.nanoTime();
            }
            record.putLong(SEQUENCE_OFFSET, i + 1L);
            store.append(record.byteArray(), JournalWriter.ROOM_BEFORE, RECORD_LENGTH);
            latenciesNs[i] = System.nanoTime() - nowNs;
        }
        long process = processBytes() - processBefore;
        long onDevice = deviceBytes(device) - deviceBefore;
        synchronized (isStopped) {
            isStopped[0] = true;
        }
        sync.join(TimeUnit.SECONDS.toMillis(60));
        store.close();
        Arrays.sort(latenciesNs);
        System.out.printf(
                Locale.ROOT,
                "%-6s %-14s append p50 %6.2f us  p99 %7.2f  p99.9 %8.2f  p99.99 %9.2f  max %9.2f  "
                        + "dirtied %,7d B/record  device %,7d B/record  syncs %,d of %.0f us%n",
                isSynced ? "DISK" : "MEMORY",
                preparation,
                at(latenciesNs, 0.5),
                at(latenciesNs, 0.99),
                at(latenciesNs, 0.999),
                at(latenciesNs, 0.9999),
                at(latenciesNs, 1),
                process / latenciesNs.length,
                onDevice / latenciesNs.length,
                syncs[0],
                syncs[0] == 0 ? 0.0 : syncs[1] / 1e3 / syncs[0]);
    }

    private static void sync(RecordStore store, boolean isSynced, boolean[] isStopped, long[] syncs) {
        try {
            while (true) {
                synchronized (isStopped) {
                    if (isStopped[0]) {
                        return;
                    }
                }
                if (isSynced) {
                    long beginNs = System.nanoTime();
                    store.force();
                    syncs[1] += System.nanoTime() - beginNs;
                    syncs[0]++;
                } else {
                    store.retire();
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void writeAndVerify(Path scratch, Durability durability, int count) throws IOException {
        Path directory = fresh(scratch);
        RecordFactory factory = new RecordFactory(1);
        long beginNs = System.nanoTime();
        try (JournalDirectory journal = JournalDirectory.open(directory, JournalDirectory.Options.of(durability))) {
            JournalWriter writer = journal.writer();
            factory.settings((byte) 1).appendTo(writer);
            RecordFactory record = factory.ofLength(2, RECORD_LENGTH);
            UnsafeBuffer buffer = new UnsafeBuffer(record.bytes());
            for (long sequence = 2; sequence <= count; sequence++) {
                buffer.putLong(RecordFactory.OFFSET + 8, sequence);
                writer.append(sequence, record.bytes(), RecordFactory.OFFSET, record.length());
                while (durability == Durability.DISK && sequence - journal.watermark() >= 1024) {
                    Thread.onSpinWait();
                }
            }
            double seconds = (System.nanoTime() - beginNs) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "%s: sealed and appended %,d records of %d B at %,.0f/s%n",
                    durability,
                    count,
                    RECORD_LENGTH,
                    count / seconds);
        }
        for (int i = 0; i < 3; i++) {
            JournalProver.Report report = JournalProver.verify(directory);
            System.out.printf(
                    Locale.ROOT,
                    "   verified %,d records at %,.0f/s, fault %s%n",
                    report.records(),
                    report.recordsPerSecond(),
                    report.faultText());
        }
    }

    private static double at(long[] sorted, double quantile) {
        return sorted[(int) Math.min(sorted.length - 1L, (long) (quantile * sorted.length))] / 1e3;
    }

    private static long processBytes() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/io"))) {
            return lines.filter(line -> line.startsWith("write_bytes"))
                    .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                    .sum();
        }
    }

    private static long deviceBytes(String device) throws IOException {
        if ("-".equals(device)) {
            return 0;
        }
        String[] fields =
                Files.readString(Path.of("/sys/block", device, "stat")).trim().split("\\s+");
        return Long.parseLong(fields[6]) * 512;
    }

    private static Path fresh(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> entries = Files.walk(directory)) {
                for (Path entry : (Iterable<Path>) entries.sorted(Comparator.reverseOrder())::iterator) {
                    Files.delete(entry);
                }
            }
        }
        return Files.createDirectories(directory);
    }
}

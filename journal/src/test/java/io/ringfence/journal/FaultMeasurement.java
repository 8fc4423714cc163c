package io.ringfence.journal;

import io.ringfence.schemas.Durability;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Prints how many page faults the appending thread takes, from the kernel's own count, and how often each thread of the
 * journal wakes. Not a test: run it on an idle machine. Rolled files are deleted as it goes on.
 */
public final class FaultMeasurement {
    private static final int RECORD_LENGTH = 350;

    private FaultMeasurement() {}

    /**
     * Arguments: new or empty scratch directory, {@code MEMORY} or {@code DISK}, records per second (0: as fast as it goes),
     * seconds.
     */
    public static void main(String[] args) throws Exception {
        Path directory = Files.createDirectories(Path.of(args[0]));
        Durability durability = Durability.valueOf(args[1]);
        int rate = Integer.parseInt(args[2]);
        int seconds = Integer.parseInt(args[3]);
        try (JournalDirectory journal = JournalDirectory.open(directory, JournalDirectory.Options.of(durability))) {
            idle();
            append(journal, directory, rate, seconds);
        }
        deleteBut(directory, 0);
        Files.delete(directory.resolve("lock"));
        Files.delete(directory.resolve("watermark"));
    }

    private static void idle() throws Exception {
        Thread.sleep(1000);
        Map<String, Long> before = ThreadWakes.counts();
        Thread.sleep(2000);
        System.out.println("idle, switches in 2 s: " + ThreadWakes.since(before));
    }

    private static void append(JournalDirectory journal, Path directory, int rate, int seconds) throws Exception {
        JournalWriter writer = journal.writer();
        RecordFactory factory = new RecordFactory(1);
        factory.settings((byte) 1).appendTo(writer);
        RecordFactory record = factory.ofLength(2, RECORD_LENGTH);
        byte[] bytes = record.bytes();
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        Path stat = Path.of("/proc/thread-self/stat");
        Map<String, Long> wakes = ThreadWakes.counts();
        long sequence = 2;
        long firstSequence = 2;
        long faults = faults(stat);
        long beginNs = System.nanoTime();
        long nextReportNs = beginNs;
        long endNs = beginNs + TimeUnit.SECONDS.toNanos(seconds);
        long slowestNs = 0;
        long lastNs = beginNs;
        while (true) {
            for (int i = 0; i < 16; i++) {
                buffer.putLong(RecordFactory.OFFSET + 8, sequence);
                writer.append(sequence++, bytes, RecordFactory.OFFSET, record.length());
            }
            long nowNs = System.nanoTime();
            slowestNs = Math.max(slowestNs, nowNs - lastNs);
            while (rate > 0 && nowNs - beginNs < (sequence * 1_000_000_000L) / rate) {
                pause(rate);
                nowNs = System.nanoTime();
            }
            if (nowNs - nextReportNs >= 5_000_000_000L) {
                long count = sequence - firstSequence;
                System.out.printf(
                        Locale.ROOT,
                        "%4d s %,11d appends %,9d/s  faults %,7d = %,7.0f per million  slowest 16: %,d us  switches %s%n",
                        TimeUnit.NANOSECONDS.toSeconds(nowNs - beginNs),
                        count,
                        count * 1_000_000_000L / (nowNs - nextReportNs),
                        faults(stat) - faults,
                        (faults(stat) - faults) * 1e6 / count,
                        slowestNs / 1000,
                        ThreadWakes.since(wakes));
                if (nowNs >= endNs) {
                    return;
                }
                deleteBut(directory, 4);
                wakes = ThreadWakes.counts();
                firstSequence = sequence;
                faults = faults(stat);
                slowestNs = 0;
                nowNs = System.nanoTime();
                nextReportNs = nowNs;
                beginNs = rate > 0 ? nowNs - (sequence * 1_000_000_000L) / rate : beginNs;
            }
            lastNs = System.nanoTime();
        }
    }

    private static void pause(int rate) {
        if (rate < 50_000) {
            LockSupport.parkNanos(50_000);
        } else {
            Thread.onSpinWait();
        }
    }

    private static long faults(Path stat) throws IOException {
        String line = Files.readString(stat);
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[7]);
    }

    private static void deleteBut(Path directory, int kept) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*.cq4")) {
            all.forEach(files::add);
        }
        Collections.sort(files);
        for (Path file : files.subList(0, Math.max(0, files.size() - kept))) {
            Files.delete(file);
        }
    }
}

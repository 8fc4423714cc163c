package io.ringfence.journal;

import io.ringfence.journal.record.RecordView;
import io.ringfence.journal.store.Disk;
import io.ringfence.journal.store.RecordStore;
import io.ringfence.journal.store.SegmentStore;
import io.ringfence.journal.store.SegmentStore.Preparation;
import io.ringfence.schemas.Durability;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Prints how many records a second {@code DISK} answers in a closed loop, beside the floor: one thread that appends a group of
 * the same size and forces it. Not a test: run it on an idle machine.
 */
public final class GroupMeasurement {
    private static final int RECORD_LENGTH = 350;
    private static final long SEGMENT_LENGTH = 64L * 1024 * 1024;

    private GroupMeasurement() {}

    /** Arguments: new or empty scratch directory, rounds, seconds a measurement, numbers of records in flight. */
    public static void main(String[] args) throws Exception {
        Path scratch = Files.createDirectories(Path.of(args[0]));
        int rounds = Integer.parseInt(args[1]);
        int seconds = Integer.parseInt(args[2]);
        for (int round = 0; round < rounds; round++) {
            for (String inFlight : Arrays.asList(args).subList(3, args.length)) {
                double floor = floor(scratch, Integer.parseInt(inFlight), seconds);
                double loop = closedLoop(scratch, Integer.parseInt(inFlight), seconds);
                System.out.printf(Locale.ROOT, "%5s in flight: ratio %.2f%n", inFlight, loop / floor);
            }
        }
    }

    private static double floor(Path scratch, int group, int seconds) throws Exception {
        UnsafeBuffer record = new UnsafeBuffer(new byte[JournalWriter.ROOM_BEFORE + RECORD_LENGTH]);
        RecordStore store = SegmentStore.open(scratch, Disk.REAL, Preparation.WRITTEN_BLOCKS, SEGMENT_LENGTH, 0);
        long count = 0;
        long forces = 0;
        long forcedNs = 0;
        long beginNs = System.nanoTime();
        long endNs = beginNs + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < endNs) {
            for (int i = 0; i < group; i++) {
                record.putLong(JournalWriter.ROOM_BEFORE + RecordView.BLOCK_OFFSET, count + i + 1);
                store.append(record.byteArray(), JournalWriter.ROOM_BEFORE, RECORD_LENGTH);
            }
            long forceNs = System.nanoTime();
            store.force();
            forcedNs += System.nanoTime() - forceNs;
            forces++;
            count += group;
        }
        double perSecond = count * 1e9 / (System.nanoTime() - beginNs);
        store.close();
        delete(scratch);
        System.out.printf(
                Locale.ROOT,
                "%5d a group, floor:       %,9.0f records/s, a force %,6d us%n",
                group,
                perSecond,
                forcedNs / forces / 1000);
        return perSecond;
    }

    private static double closedLoop(Path scratch, int inFlight, int seconds) throws Exception {
        RecordFactory factory = new RecordFactory(1);
        double perSecond;
        try (JournalDirectory journal = JournalDirectory.open(scratch, JournalDirectory.Options.of(Durability.DISK))) {
            JournalWriter writer = journal.writer();
            factory.settings((byte) 1).appendTo(writer);
            RecordFactory record = factory.ofLength(2, RECORD_LENGTH);
            UnsafeBuffer buffer = new UnsafeBuffer(record.bytes());
            Map<String, Long> wakes = ThreadWakes.counts();
            long sequence = 2;
            long[] appendedNs = new long[Integer.highestOneBit(inFlight) * 4];
            long[] waitsNs = new long[20_000_000];
            int waits = 0;
            long answered = 1;
            long syncs = journal.syncs();
            long beginNs = System.nanoTime();
            long endNs = beginNs + TimeUnit.SECONDS.toNanos(seconds);
            long nowNs = beginNs;
            while (nowNs < endNs) {
                long watermark = journal.answerableSequence();
                nowNs = System.nanoTime();
                while (answered < watermark) {
                    waitsNs[waits++] = nowNs - appendedNs[(int) (++answered & (appendedNs.length - 1))];
                }
                boolean isIdle = sequence - answered > inFlight;
                while (sequence - answered <= inFlight) {
                    buffer.putLong(RecordFactory.OFFSET + 8, sequence);
                    appendedNs[(int) (sequence & (appendedNs.length - 1))] = System.nanoTime();
                    writer.append(sequence++, record.bytes(), RecordFactory.OFFSET, record.length());
                }
                if (isIdle) {
                    Thread.onSpinWait();
                }
            }
            perSecond = answered * 1e9 / (System.nanoTime() - beginNs);
            syncs = journal.syncs() - syncs;
            Arrays.sort(waitsNs, 0, waits);
            System.out.printf(
                    Locale.ROOT,
                    "%5d in flight, closed loop: %,9.0f records/s, %,.0f syncs/s of %.0f records, p50 %,d us p99 %,d us, %s%n",
                    inFlight,
                    perSecond,
                    syncs / (double) seconds,
                    waits / (double) syncs,
                    waitsNs[waits / 2] / 1000,
                    waitsNs[(int) (waits * 0.99)] / 1000,
                    ThreadWakes.since(wakes));
        }
        delete(scratch);
        return perSecond;
    }

    private static void delete(Path scratch) throws Exception {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(scratch)) {
            for (Path file : all) {
                Files.delete(file);
            }
        }
    }
}

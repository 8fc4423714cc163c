package io.ringfence.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.SettingsEncoder;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class JournalWriterTest {
    private static final long MEBIBYTE = 1024 * 1024;

    @TempDir
    Path directory;

    private final RecordFactory factory = new RecordFactory(3);

    @Test
    void shouldChainEachRecordToTheOneBeforeIt() throws Exception {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        try (JournalDirectory journal = open(MEBIBYTE)) {
            RecordFactory settings = factory.settings((byte) 1);
            byte[] command = Arrays.copyOfRange(settings.copy(), 37, 37 + 8 + SettingsEncoder.BLOCK_LENGTH);
            sha256.update("ringgen1\0".getBytes(StandardCharsets.US_ASCII));
            byte[] previous = sha256.digest(command);
            for (long sequence = 1; sequence <= 5; sequence++) {
                RecordFactory record = sequence == 1 ? settings : factory.record(sequence);
                sha256.update("ringjrn1\0".getBytes(StandardCharsets.US_ASCII));
                sha256.update(previous);
                sha256.update(record.copy());
                previous = sha256.digest();

                record.appendTo(journal.writer());

                int sealOffset = RecordFactory.OFFSET + record.length();
                assertArrayEquals(previous, journal.writer().head().entryHash());
                assertArrayEquals(previous, Arrays.copyOfRange(record.bytes(), sealOffset, sealOffset + 32));
                assertEquals(sequence, journal.writer().sequence());
            }
        }
    }

    @Test
    void shouldAllocateNothingOnceWarm() {
        try (JournalDirectory journal = open(128 * MEBIBYTE)) {
            long least = Long.MAX_VALUE; // Warm is when the compilers are done, which on a busy machine takes rounds.
            for (int round = 0; round < 12; round++) {
                least = Math.min(least, appendMany(journal, 1 + round * 20_000L, (round + 1) * 20_000L));
            }

            assertTrue(least < 1024, "allocated=" + least); // Asking allocates a little itself.
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldLetGoOfFilesThatHaveRolled() throws Exception {
        try (JournalDirectory journal = open(MEBIBYTE / 4)) {
            appendMany(journal, 1, 1);
            for (int i = 0; i < 40; i++) {
                appendMany(journal, i + 2, i + 2);
                journal.writer().roll();
            }
            // The next file is being made meanwhile, so a moment when little is open is what counts.
            awaitAtMost(6, 8);
        }
        awaitAtMost(0, 0); // What the store's own thread has in hand, it lets go a moment later.
    }

    private void awaitAtMost(long files, long maps) throws Exception {
        long open = openFiles();
        long mapped = mappedFiles();
        for (int i = 0; i < 500 && (open > files || mapped > maps); i++) {
            Thread.sleep(20);
            open = openFiles();
            mapped = mappedFiles();
        }
        assertTrue(open <= files, "open=" + open);
        assertTrue(mapped <= maps, "mapped=" + mapped);
    }

    @Test
    void shouldTakeTheLongestRecord() {
        try (JournalDirectory journal = open(MEBIBYTE / 4)) {
            appendMany(journal, 1, 1);
            for (long sequence = 2; sequence <= 6; sequence++) {
                factory.ofLength(sequence, 65_000).appendTo(journal.writer());
            }
        }

        try (JournalReader reader = JournalReader.open(directory)) {
            int[] count = {0};
            reader.forEach(record -> count[0]++);
            assertEquals(6, count[0]);
        }
    }

    @Test
    void shouldRefuseWhatCannotBeTheNextRecord() {
        try (JournalDirectory journal = open(MEBIBYTE)) {
            RecordFactory settings = factory.settings((byte) 1);
            byte[] bytes = settings.bytes();
            int length = settings.length();
            assertRefused(journal, 2, bytes, RecordFactory.OFFSET, length);
            assertRefused(journal, 1, bytes, RecordFactory.OFFSET - 1, length);
            assertRefused(journal, 1, bytes, bytes.length - 33 - length, length);
            assertRefused(journal, 1, bytes, RecordFactory.OFFSET, -1);

            RecordFactory notSettings = factory.record(1);
            assertRefused(journal, 1, notSettings.bytes(), RecordFactory.OFFSET, notSettings.length());
            assertEquals(0, journal.writer().sequence());
        }
    }

    private static void assertRefused(JournalDirectory journal, long sequence, byte[] bytes, int offset, int length) {
        assertThrows(IllegalArgumentException.class, () -> journal.writer().append(sequence, bytes, offset, length));
    }

    /** Returns how many bytes the appending allocated. */
    private long appendMany(JournalDirectory journal, long first, long last) {
        byte[] bytes = factory.settings((byte) 1).bytes();
        int length = factory.length();
        long sequence = first;
        if (first == 1) {
            journal.writer().append(1, bytes, RecordFactory.OFFSET, length);
            sequence++;
        }
        length = factory.ofLength(sequence, 448).length();
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long threadId = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(threadId);
        for (; sequence <= last; sequence++) {
            buffer.putLong(RecordFactory.OFFSET + 8, sequence);
            journal.writer().append(sequence, bytes, RecordFactory.OFFSET, length);
        }
        return threads.getThreadAllocatedBytes(threadId) - before;
    }

    private long openFiles() throws Exception {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(this::isRollFile).count();
        }
    }

    private boolean isRollFile(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith(directory.toString()) && target.contains(".cq4");
        } catch (java.io.IOException e) {
            return false; // Closed meanwhile.
        }
    }

    private long mappedFiles() throws Exception {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.filter(line -> line.contains(directory.toString())).count();
        }
    }

    private JournalDirectory open(long segmentLength) {
        return JournalDirectory.open(
                directory, JournalDirectory.Options.of(Durability.MEMORY).withSegmentLength(segmentLength));
    }
}

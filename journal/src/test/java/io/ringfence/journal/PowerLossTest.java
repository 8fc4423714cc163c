package io.ringfence.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.journal.chain.Head;
import io.ringfence.journal.durability.WatermarkFile;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.schemas.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is promised is on the disk before: {@link ModelDisk} takes away what is not. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class PowerLossTest {
    private static final int LOSSES = 24;
    private static final long SEGMENT_LENGTH = 256 * 1024;
    private static final int MOST_A_FILE = 450;

    @TempDir
    Path scratch;

    private final ModelDisk disk = new ModelDisk();
    private final RecordFactory factory = new RecordFactory(1);
    private int inFile;

    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"MEMORY", "DISK"})
    void shouldKeepWhatIsPromisedWhateverElseIsLost(Durability durability) throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed=" + seed);
        Random random = new Random(seed);
        Path directory = scratch.resolve("journal");
        try (JournalDirectory journal = open(directory, durability)) {
            for (int loss = 0; loss < LOSSES; loss++) {
                append(journal, 1 + random.nextInt(400));
                if (random.nextInt(3) == 0) {
                    roll(journal);
                    append(journal, random.nextInt(20));
                }
                long promised = journal.watermark();
                Path left = scratch.resolve("left-" + loss);
                disk.loseAndRestart(directory, left, loss % 4 == 0 ? null : random);
                assertKeeps(left, promised);
            }
        }
        assertEquals(0, JournalProver.verify(directory).firstBadSequence());
    }

    private void assertKeeps(Path left, long promised) {
        Head head;
        try (JournalDirectory again = open(left, Durability.MEMORY)) {
            head = again.recovery().head();
        } catch (JournalException refused) {
            assertEquals(0, promised, refused.getMessage());
            assertTrue(refused.getMessage().contains("no new journal begins"), refused::getMessage);
            return;
        }
        assertTrue(head.sequence() >= promised, () -> "promised=" + promised + ", left=" + head);
        JournalProver.Report report = JournalProver.verify(left);
        assertNull(report.faultText());
        assertEquals(head, report.head());
    }

    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"MEMORY", "DISK"})
    void shouldPromiseNothingThatAFailedSyncLeftInMemory(Durability durability) throws Exception {
        Path directory = scratch.resolve("journal");
        JournalDirectory failing = open(directory, durability);
        append(failing, 50);
        roll(failing);
        Await.until("the first file is promised", () -> failing.watermark() == 50);
        Await.until("the next file is ready", () -> failing.writer().bytesAhead() > SEGMENT_LENGTH);
        disk.failing(true);
        append(failing, 30);
        if (durability == Durability.MEMORY) { // Forces a file once it is full.
            roll(failing);
            append(failing, 10);
        }
        Await.until("the sync fails", () -> failing.failure() != null);
        long appended = failing.writer().sequence();
        try {
            failing.close();
        } catch (JournalException cannotForce) {
            assertEquals(JournalException.Reason.DISK_FAILED, cannotForce.reason());
        }
        assertEquals(50, WatermarkFile.read(directory).head().sequence());

        disk.failing(false);
        Path left = scratch.resolve("left");
        try (JournalDirectory next = open(directory, durability)) { // In the memory of the system it is still whole.
            assertEquals(appended, next.watermark());
            disk.loseAndRestart(directory, left, null);
        }
        assertKeeps(left, appended);
    }

    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"MEMORY", "DISK"})
    void shouldForceTheWatermarkWhileItRuns(Durability durability) throws Exception {
        Path directory = scratch.resolve("journal");
        try (JournalDirectory journal = open(directory, durability)) {
            assertTrue(forcedWatermark(directory, "begun").isWritten()); // Before the first record.
            for (int i = 1; i <= 2; i++) {
                append(journal, 20);
                roll(journal);
                long promised = 20L * i;
                int round = i;
                int[] look = new int[1];
                Await.until(
                        "the promise of " + promised + " is on the disk",
                        () -> forcedWatermark(directory, round + "-" + look[0]++)
                                        .head()
                                        .sequence()
                                == promised);
            }
        }
    }

    private WatermarkFile.Watermark forcedWatermark(Path directory, String look) throws IOException {
        Path left = scratch.resolve("look-" + look);
        disk.loseAndRestart(directory, left, null);
        return WatermarkFile.read(left);
    }

    @Test
    void shouldForceEachDirectoryAboveBeforeItPromisesAnything() throws IOException {
        Path a = scratch.resolve("a");
        Path b = a.resolve("b");
        Path c = Files.createDirectories(b).resolve("c"); // Two of them by a start that was cut short.

        open(c, Durability.MEMORY).close();

        assertTrue(disk.hasName(scratch, "a"));
        assertTrue(disk.hasName(a, "b"));
        assertTrue(disk.hasName(b, "c"));
        assertTrue(disk.hasName(c, WatermarkFile.NAME));
    }

    private JournalDirectory open(Path directory, Durability durability) {
        return JournalDirectory.open(
                directory,
                JournalDirectory.Options.of(durability)
                        .withSegmentLength(SEGMENT_LENGTH)
                        .withDisk(disk));
    }

    private void append(JournalDirectory journal, int count) {
        for (int i = 0; i < count; i++) {
            if (++inFile > MOST_A_FILE) {
                roll(journal); // Not within the lock, which the making of a file needs.
            }
            long sequence = journal.writer().sequence() + 1;
            RecordFactory record = sequence == 1 ? factory.settings((byte) 5) : factory.record(sequence);
            synchronized (disk) {
                if (journal.failure() != null) {
                    return;
                }
                record.appendTo(journal.writer());
            }
        }
    }

    private void roll(JournalDirectory journal) {
        journal.writer().roll();
        inFile = 0;
    }
}

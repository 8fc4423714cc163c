package io.ringfence.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.journal.chain.Head;
import io.ringfence.journal.durability.WatermarkFile;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.store.RollFiles;
import io.ringfence.schemas.Durability;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JournalDirectoryTest {
    static final long SMALL = 256 * 1024;

    @TempDir
    Path directory;

    private final RecordFactory factory = new RecordFactory(1);

    @ParameterizedTest
    @EnumSource(names = {"MEMORY", "DISK"})
    void shouldReadBackWhatWasAppendedAcrossRolls(Durability durability) {
        Head head;
        try (JournalDirectory journal = open(durability)) {
            append(journal, 1, 3000);
            head = journal.writer().head();
        }

        JournalProver.Report report = JournalProver.verify(directory);

        assertNull(report.faultText());
        assertEquals(head, report.head());
        assertEquals(3000, report.records());
        assertTrue(report.isAnchored());
    }

    @Test
    void shouldGoOnAfterACleanStop() {
        try (JournalDirectory journal = open(Durability.MEMORY)) {
            append(journal, 1, 10);
        }
        try (JournalDirectory journal = open(Durability.DISK)) {
            assertTrue(journal.recovery().wasStoppedCleanly());
            assertEquals(10, journal.recovery().head().sequence());
            append(journal, 11, 20);
        }

        JournalProver.Report report = JournalProver.verify(directory);

        assertNull(report.faultText());
        assertEquals(20, report.records());
    }

    @Test
    void shouldVouchForTheEndOfEachRolledFileWithMemory() throws Exception {
        try (JournalDirectory journal = open(Durability.MEMORY)) {
            append(journal, 1, 10);
            Head rolled = journal.writer().head();
            journal.writer().roll();
            append(journal, 11, 12);
            Await.until("the watermark moves", () -> journal.watermark() >= 10);

            assertEquals(10, journal.watermark());
            assertEquals(rolled, WatermarkFile.read(directory).head());
        }
    }

    @Test
    void shouldHandOutRecordsAsTheyWereAppended() {
        try (JournalDirectory journal = open(Durability.MEMORY)) {
            append(journal, 1, 50);
        }
        RecordFactory twin = new RecordFactory(1);

        try (JournalReader reader = JournalReader.open(directory)) {
            long[] sequence = {0};
            reader.forEach(record -> {
                RecordFactory expected = ++sequence[0] == 1 ? twin.settings((byte) 5) : twin.record(sequence[0]);
                byte[] bytes = new byte[record.lengthBeforeSeal()];
                record.buffer().getBytes(0, bytes);
                assertArrayEquals(expected.copy(), bytes);
                assertEquals(sequence[0], record.sequence());
                assertEquals(1_000_000_000L + sequence[0], record.timestampNs());
            });

            assertNull(reader.fault());
            assertEquals(50, sequence[0]);
        }
    }

    @Test
    void shouldLeaveNothingButRecordsBehindACleanStop() throws Exception {
        try (JournalDirectory journal = open(Durability.MEMORY)) {
            append(journal, 1, 3);
        }

        assertEquals(1, RollFiles.list(directory).size());
        assertTrue(Files.size(RollFiles.list(directory).get(0)) < 20_000);
        assertFalse(Files.exists(directory.resolve("making")));
    }

    @Test
    void shouldNameEachFileByItsFirstSequence() throws Exception {
        try (JournalDirectory journal = open(Durability.MEMORY)) {
            journal.writer().roll(); // Nothing to roll yet.
            append(journal, 1, 10);
            journal.writer().roll();
            journal.writer().roll();
            append(journal, 11, 17);
            journal.writer().roll();
        }
        try (JournalDirectory journal = open(Durability.MEMORY)) {
            append(journal, 18, 20);
        }

        assertEquals(
                List.of(RollFiles.path(directory, 1), RollFiles.path(directory, 11), RollFiles.path(directory, 18)),
                RollFiles.list(directory));
        assertTrue(JournalProver.verify(directory).isAnchored());
    }

    @Test
    void shouldGoOnInTheFileInUseWhileTheNextCannotBeMade() throws Exception {
        try (JournalDirectory journal = open(Durability.MEMORY)) {
            append(journal, 1, 10);
            Path obstacle = directory.resolve("making");
            Await.until("the second file is ready", () -> isBlocked(obstacle));
            journal.writer().roll(); // Takes the file that was ready.
            Await.until("the third file cannot be made", () -> journal.prepareFailure() != null);
            append(journal, 11, 30);
            assertNull(journal.failure());

            Files.delete(obstacle);
            Await.until("the third file is made", () -> journal.prepareFailure() == null);
            journal.writer().roll();
            append(journal, 31, 40);
        }

        assertEquals(40, JournalProver.verify(directory).records());
    }

    @Test
    void shouldFailOnceTheFileInUseIsFullAndTheNextCannotBeMade() throws Exception {
        try (JournalDirectory journal = open(Durability.MEMORY)) {
            append(journal, 1, 10);
            Await.until("the second file is ready", () -> isBlocked(directory.resolve("making")));
            journal.writer().roll();
            append(journal, 11, 30);

            JournalException failure = assertThrows(JournalException.class, () -> append(journal, 31, Long.MAX_VALUE));

            assertEquals(JournalException.Reason.DISK_FAILED, failure.reason());
            assertTrue(journal.writer().sequence() > 500, "the file in use was filled first");
            assertSame(failure, journal.failure());
            Files.delete(directory.resolve("making"));
        }
        assertTrue(JournalProver.verify(directory).isOk());
    }

    /** Puts a file in the way of the next roll file, once one is ready. */
    private boolean isBlocked(Path obstacle) throws Exception {
        try (Stream<Path> entries = Files.list(directory)) {
            if (entries.noneMatch(path -> path.getFileName().toString().startsWith("next-"))
                    || Files.exists(obstacle)) {
                return false;
            }
        }
        Files.createFile(obstacle);
        return true;
    }

    @Test
    void shouldRefuseASecondWriter() {
        try (JournalDirectory journal = open(Durability.MEMORY)) {
            JournalException refusal = assertThrows(JournalException.class, () -> open(Durability.MEMORY));

            assertEquals(JournalException.Reason.IN_USE, refusal.reason());
            assertTrue(refusal.getMessage().contains(directory.toString()));
            append(journal, 1, 2);
        }
    }

    @Test
    void shouldRefuseADiskWithTooLittleRoom() {
        JournalDirectory.Options options =
                JournalDirectory.Options.of(Durability.MEMORY).withRequiredBytes(Long.MAX_VALUE);

        JournalException refusal =
                assertThrows(JournalException.class, () -> JournalDirectory.open(directory, options));

        assertEquals(JournalException.Reason.NO_ROOM, refusal.reason());
        open(Durability.MEMORY).close(); // The lock was given back.
    }

    @Test
    void shouldRefuseRecordsOutOfOrder() {
        try (JournalDirectory journal = open(Durability.MEMORY)) {
            JournalWriter writer = journal.writer();
            RecordFactory second = factory.record(2);

            assertThrows(IllegalArgumentException.class, () -> second.appendTo(writer));

            append(journal, 1, 2);
            RecordFactory fourth = factory.record(4);
            assertThrows(IllegalArgumentException.class, () -> fourth.appendTo(writer));
        }

        assertTrue(JournalProver.verify(directory).isOk());
    }

    @Test
    void shouldAnswerOnlyWhatIsSyncedWithDisk() throws Exception {
        try (JournalDirectory journal = open(Durability.DISK)) {
            append(journal, 1, 100);

            Await.until("all is synced", () -> journal.answerableSequence() >= 100);

            assertEquals(100, journal.watermark());
            assertEquals(100, journal.answerableSequence());
            assertTrue(journal.syncs() > 0);
        }
    }

    @Test
    void shouldVerifyAJournalThatIsBeingWritten() {
        try (JournalDirectory journal = open(Durability.MEMORY)) {
            append(journal, 1, 2000);

            JournalProver.Report report = JournalProver.verify(directory);

            assertNull(report.faultText());
            assertEquals(2000, report.records());
            assertFalse(report.isAnchored());
        }
    }

    @Test
    void shouldSayThatThereIsNoJournal() {
        JournalException missing = assertThrows(JournalException.class, () -> JournalProver.verify(directory));

        assertEquals(JournalException.Reason.MISSING, missing.reason());
    }

    private JournalDirectory open(Durability durability) {
        return JournalDirectory.open(
                directory, JournalDirectory.Options.of(durability).withSegmentLength(SMALL));
    }

    private void append(JournalDirectory journal, long first, long last) {
        for (long sequence = first; sequence <= last; sequence++) {
            RecordFactory record = sequence == 1 ? factory.settings((byte) 5) : factory.record(sequence);
            record.appendTo(journal.writer());
        }
    }
}

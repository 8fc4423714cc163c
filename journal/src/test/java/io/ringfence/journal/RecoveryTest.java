package io.ringfence.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.journal.WrittenJournal.Place;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.durability.WatermarkFile;
import io.ringfence.journal.durability.WatermarkFile.Watermark;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.journal.recovery.Recovery;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.RollHeaderDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryTest {
    @TempDir
    Path directory;

    private WrittenJournal journal;

    @BeforeEach
    void write() throws IOException {
        journal = WrittenJournal.write(directory, (byte) 1, 3, 10);
    }

    @Test
    void shouldRefuseAFaultAtOrBelowTheWatermark() throws IOException {
        for (long sequence : new long[] {1, 7, 15, 30}) {
            damage(place(sequence), 40);

            JournalException refusal = assertThrows(JournalException.class, this::recover);

            assertEquals(JournalException.Reason.DAMAGED, refusal.reason());
            assertTrue(refusal.getMessage().contains("sequence " + sequence + ","), refusal.getMessage());
            assertTrue(refusal.getMessage()
                    .contains(".cq4 at byte " + place(sequence).position() + ":"));
            damage(place(sequence), 40);
        }
        assertNull(recover().cause());
    }

    @Test
    void shouldRefuseAJournalShorterThanTheWatermark() throws IOException {
        Files.delete(file(2));

        JournalException refusal = assertThrows(JournalException.class, this::recover);

        assertEquals(JournalException.Reason.DAMAGED, refusal.reason());
        assertTrue(refusal.getMessage().contains("sequence 21,"), refusal.getMessage());
    }

    @Test
    void shouldRefuseAWatermarkThatCannotBeRead() throws IOException {
        Files.write(directory.resolve(WatermarkFile.NAME), new byte[] {1, 2, 3});

        assertEquals(
                JournalException.Reason.DAMAGED,
                assertThrows(JournalException.class, this::recover).reason());
        assertFalse(JournalProver.verify(directory).isOk());
    }

    @Test
    void shouldFallBackOnTheOlderPromiseWhenTheNewerOneIsTorn() throws IOException {
        recover(); // Its start and its stop wrote one slot each.
        byte[] slots = Files.readAllBytes(directory.resolve(WatermarkFile.NAME));
        slots[20] ^= 1;
        Files.write(directory.resolve(WatermarkFile.NAME), slots);

        Watermark watermark = WatermarkFile.read(directory);

        assertEquals(30, watermark.head().sequence());
        assertNull(recover().cause());
    }

    @Test
    void shouldEndAboveTheWatermarkAtTheFirstFault() throws IOException {
        long last = 30;
        for (long sequence : new long[] {30, 21, 17, 11, 6}) {
            promise(sequence - 1);
            damage(place(sequence), 50);

            Recovery.Report report = recover();

            assertEquals(sequence - 1, report.head().sequence());
            assertEquals(last - sequence + 1, report.discardedRecords());
            last = sequence - 1;
            assertTrue(report.discardedBytes() > 0);
            assertNotNull(report.cause());
            assertFalse(report.setAside().isEmpty());
            assertTrue(JournalProver.verify(directory).isOk());
            assertEquals(sequence - 1, JournalProver.verify(directory).records());
        }
    }

    @Test
    void shouldAppendBehindWhatWasProved() throws IOException {
        promise(12);
        byte[] original = Files.readAllBytes(file(1));
        damage(place(15), 50);
        byte[] damaged = Files.readAllBytes(file(1));

        Path aside;
        try (JournalDirectory opened = open()) {
            aside = opened.recovery().setAside().get(1);
            RecordFactory factory = new RecordFactory(99);
            for (long sequence = 15; sequence <= 40; sequence++) {
                RecordFactory record = factory.record(sequence);
                record.appendTo(opened.writer());
            }
        }

        JournalProver.Report report = JournalProver.verify(directory);
        assertNull(report.faultText());
        assertEquals(40, report.records());
        assertTrue(report.isAnchored());
        assertFalse(Arrays.equals(original, damaged));
        assertEquals(-1, Arrays.mismatch(damaged, Files.readAllBytes(aside)));
        int kept = place(14).end();
        assertEquals(-1, Arrays.mismatch(Arrays.copyOf(original, kept), Files.readAllBytes(file(1))));
    }

    @Test
    void shouldEndAtATornRecordOfAnyLength() throws IOException {
        promise(28);
        Place last = place(30);
        byte[] whole = Files.readAllBytes(file(2));
        for (int written = 0; written <= last.length(); written += 13) {
            byte[] torn = new byte[whole.length + 4096]; // Its length word was never written.
            System.arraycopy(whole, 0, torn, 0, last.position());
            System.arraycopy(whole, last.position() + 4, torn, last.position() + 4, written);
            Files.write(file(2), torn);
            assertTrue(JournalProver.verify(directory).isOk());

            Recovery.Report report = recover();

            assertEquals(29, report.head().sequence());
            assertEquals(0, report.discardedRecords());
            assertEquals(written == 0, report.setAside().isEmpty());
            promise(28);
        }
    }

    @Test
    void shouldDiscardRecordsBehindAHole() throws IOException {
        promise(21);
        byte[] bytes = Files.readAllBytes(file(2));
        Arrays.fill(bytes, place(23).position(), place(25).end(), (byte) 0); // As a page that was not written back.
        Files.write(file(2), bytes);
        assertEquals(23, JournalProver.verify(directory).firstBadSequence());

        Recovery.Report report = recover();

        assertEquals(22, report.head().sequence());
        assertTrue(report.discardedBytes() > 0);
        assertEquals(22, JournalProver.verify(directory).records());
    }

    @Test
    void shouldDiscardFilesBehindAMissingOne() throws IOException {
        promise(8);
        Files.delete(file(1));

        Recovery.Report report = recover();

        assertEquals(10, report.head().sequence());
        assertEquals(10, report.discardedRecords());
        assertEquals(1, report.setAside().size());
        assertTrue(JournalProver.verify(directory).isOk());
    }

    @Test
    void shouldBeginAnewWhenNoRecordWasEverSafe() throws IOException {
        Files.delete(directory.resolve(WatermarkFile.NAME));
        damage(place(1), 60);

        Recovery.Report report = recover();

        assertTrue(report.isNew());
        assertEquals(30, report.discardedRecords());
        assertEquals(3, report.setAside().size());
    }

    @Test
    void shouldTreatADamagedHeaderAsItsFirstRecord() throws IOException {
        promise(20);
        damageHeader(2);

        Recovery.Report report = recover();

        assertEquals(20, report.head().sequence());
        assertEquals(1, report.setAside().size());
        damageHeader(1);
        JournalException refusal = assertThrows(JournalException.class, this::recover);
        assertEquals(JournalException.Reason.DAMAGED, refusal.reason());
        assertTrue(refusal.getMessage().contains("sequence 11,"), refusal.getMessage());
    }

    @Test
    void shouldNameAgainAFileWhoseNameALossOfPowerTookAway() throws IOException {
        Files.move(file(2), directory.resolve("next-3.cq4"));

        assertNull(recover().cause());
        assertEquals(30, JournalProver.verify(directory).records());
    }

    @Test
    void shouldRefuseOtherVersionsAndLeaveThemAlone() throws IOException {
        Path older = Files.createFile(directory.resolve("000001.cq4"));
        JournalException ofName = assertThrows(JournalException.class, this::recover);
        Files.delete(older);
        byte[] bytes = Files.readAllBytes(file(0));
        int version = journal.headers.get(0).position() + 4 + 8 + RollHeaderDecoder.formatVersionEncodingOffset();
        bytes[version]++;
        WrittenJournal.putChecksum(bytes, journal.headers.get(0));
        Files.write(file(0), bytes);
        Files.delete(directory.resolve(WatermarkFile.NAME));
        JournalException ofHeader = assertThrows(JournalException.class, this::recover);

        assertEquals(JournalException.Reason.OTHER_VERSION, ofName.reason());
        assertTrue(ofName.getMessage().contains("000001.cq4: has format version 1"), ofName.getMessage());
        assertEquals(JournalException.Reason.OTHER_VERSION, ofHeader.reason());
        assertTrue(ofHeader.getMessage().contains("has format version 3"), ofHeader.getMessage());
        assertEquals(-1, Arrays.mismatch(bytes, Files.readAllBytes(file(0))));
    }

    @Test
    void shouldSayInOneLineWhatIsNoRollFile() throws IOException {
        for (String name : List.of("9999999999999999999.cq4", "9223372036854775808.cq4", "0000000000000000000.cq4")) {
            Path file = Files.createFile(directory.resolve(name));
            JournalException refused = assertThrows(JournalException.class, this::recover);
            assertTrue(refused.getMessage().startsWith(file + ": its name says no sequence"), refused::getMessage);
            assertThrows(JournalException.class, () -> JournalProver.verify(directory));
            Files.delete(file);
        }
        for (String name : List.of("next-4.cq4", "0000000000000000031.cq4")) {
            Path file = Files.createDirectory(directory.resolve(name));
            JournalException refused = assertThrows(JournalException.class, this::recover);
            assertTrue(refused.getMessage().contains(file + ": is a directory"), refused::getMessage);
            assertFalse(refused.getMessage().contains("\n"), refused::getMessage);
            Files.delete(file);
        }
        assertNull(recover().cause());
    }

    @Test
    void shouldRemoveWhatACrashLeftHalfMade() throws IOException {
        Files.createDirectories(directory.resolve("making"));
        Files.write(directory.resolve("making").resolve("metadata.cq4t"), new byte[100]);
        Files.copy(file(0), directory.resolve("0000000000000000021.cq4.copying"));
        Files.createFile(directory.resolve("next-4.cq4"));

        assertNull(recover().cause());
        assertFalse(Files.exists(directory.resolve("next-4.cq4")));
        assertFalse(Files.exists(directory.resolve("making")));
        assertFalse(Files.exists(directory.resolve("0000000000000000021.cq4.copying")));
        assertTrue(JournalProver.verify(directory).isAnchored());
    }

    private Recovery.Report recover() {
        try (JournalDirectory opened = open()) {
            return opened.recovery();
        }
    }

    private JournalDirectory open() {
        return JournalDirectory.open(
                directory, JournalDirectory.Options.of(Durability.MEMORY).withSegmentLength(256 * 1024));
    }

    private Place place(long sequence) {
        return journal.places.get((int) sequence - 1);
    }

    private Path file(int index) {
        return directory.resolve(journal.files.get(index).name());
    }

    private void damage(Place place, int offset) throws IOException {
        Path file = file(place.fileIndex());
        byte[] bytes = Files.readAllBytes(file);
        bytes[place.position() + offset] ^= 4;
        Files.write(file, bytes);
    }

    private void damageHeader(int fileIndex) throws IOException {
        damage(journal.headers.get(fileIndex), 30);
    }

    /** Makes the watermark promise only the records up to this one. */
    private void promise(long sequence) throws IOException {
        Place place = place(sequence);
        byte[] bytes = journal.files.get(place.fileIndex()).bytes();
        int hashOffset = place.position() + 4 + place.length() - 34;
        Head head = new Head(sequence, Arrays.copyOfRange(bytes, hashOffset, hashOffset + 32));
        Files.delete(directory.resolve(WatermarkFile.NAME));
        try (WatermarkFile file = WatermarkFile.open(directory)) {
            file.write(new Watermark(head, journal.watermark.journalId()));
        }
    }
}

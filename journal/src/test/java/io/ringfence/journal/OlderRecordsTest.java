package io.ringfence.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.journal.WrittenJournal.Place;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.durability.BootId;
import io.ringfence.journal.durability.WatermarkFile;
import io.ringfence.journal.durability.WatermarkFile.Watermark;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.record.RecordView;
import io.ringfence.journal.recovery.DamageFile;
import io.ringfence.journal.recovery.OlderRecords;
import io.ringfence.journal.recovery.Rebuild;
import io.ringfence.schemas.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Opening begins at the file of a built state; what is older is proved behind it. Three files of ten records. */
class OlderRecordsTest {
    @TempDir
    Path directory;

    private WrittenJournal journal;

    @BeforeEach
    void write() throws IOException {
        journal = WrittenJournal.write(directory, (byte) 1, 3, 10);
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 30", "1, 1, 30", "10, 1, 30", "11, 11, 20", "25, 21, 10", "30, 21, 10"})
    void shouldHandOutWhatFollowsTheStateAndProveItsFileFirst(long begun, long first, long proved) throws Exception {
        Taker taker = new Taker(begun);

        try (JournalDirectory opened = open(taker)) {
            assertEquals(first, opened.recovery().work().firstSequence());
            assertEquals(proved, opened.recovery().work().records());
            assertEquals(30, opened.recovery().head().sequence());
            assertEquals(range(Math.max(1, begun), 30), taker.taken);
            assertEquals(first - 1, proveOlder(opened).provedCount());
            assertTrue(opened.older().isProved());
        }
        assertFalse(Files.exists(directory.resolve(DamageFile.NAME)));
    }

    @Test
    void shouldFindDamageBehindTheOpeningAndRefuseEachLaterOne() throws Exception {
        damage(place(7), 40);

        for (int start = 0; start < 2; start++) { // The second without the file, as if it could not be written.
            try (JournalDirectory opened = open(new Taker(25))) {
                OlderRecords older = proveOlder(opened);
                assertEquals(7, older.badSequence());
                assertEquals(6, older.provedCount());
                RecordFactory next =
                        new RecordFactory(99).record(opened.writer().sequence() + 1);
                next.appendTo(opened.writer());
            }
            JournalException refused = assertThrows(JournalException.class, () -> open(new Taker(25)));
            assertEquals(JournalException.Reason.DAMAGED, refused.reason());
            assertNames(place(7), refused);
            assertTrue(refused.getMessage().contains("delete " + directory.resolve(DamageFile.NAME)));
            assertFalse(refused.getMessage().contains("\n"));
            Files.delete(directory.resolve(DamageFile.NAME));
        }
        damage(place(7), 40);
        try (JournalDirectory opened = open(new Taker(25))) {
            assertEquals(0, proveOlder(opened).badSequence());
        }
    }

    @Test
    void shouldFindOlderFilesThatDoNotLeadToTheProvedOnes() throws Exception {
        Path other = Files.createDirectories(directory.resolve("other"));
        WrittenJournal.write(other, (byte) 1, 2, 3, 10); // The same settings, other records.
        for (int i = 0; i < 2; i++) {
            Files.copy(other.resolve(file(i).getFileName()), file(i), StandardCopyOption.REPLACE_EXISTING);
        }

        try (JournalDirectory opened = open(new Taker(25))) {
            assertEquals(21, proveOlder(opened).badSequence());
            assertTrue(
                    opened.older().fault().detail().contains("another hash"),
                    opened.older().fault()::text);
        }
    }

    @Test
    void shouldSayThatOlderRecordsCannotBeRead() throws Exception {
        Files.delete(file(1));
        Files.createDirectory(file(1));

        try (JournalDirectory opened = open(new Taker(25))) {
            assertEquals(11, proveOlder(opened).badSequence());
            assertTrue(opened.older().failure().getMessage().contains("is a directory"));
        }
        assertFalse(Files.exists(directory.resolve(DamageFile.NAME)));
    }

    @Test
    void shouldRefuseAFaultInWhatFollowsTheStateAndNameItsByte() throws IOException {
        damage(place(27), 40);

        Taker taker = new Taker(25);
        assertNames(place(27), assertThrows(JournalException.class, () -> open(taker)));
        assertEquals(range(25, 26), taker.taken);
    }

    @Test
    void shouldProveAllThatTheWatermarkDoesNotPromise() throws IOException {
        promise(12);
        tear(place(16));

        Taker taker = new Taker(25, 14, 0);
        try (JournalDirectory opened = open(taker)) {
            assertEquals(15, opened.recovery().head().sequence());
            assertEquals(11, opened.recovery().work().firstSequence());
            assertEquals(List.of(Long.MAX_VALUE, 15L), taker.asked); // Its state was one of a record that is lost.
            assertEquals(range(14, 15), taker.taken);
        }
    }

    @Test
    void shouldBeginAgainWithAnOlderStateWhereOneIsNotTheJournals() {
        Taker taker = new Taker(25, 14, 0);
        taker.refused.addAll(List.of(25L, 14L));

        try (JournalDirectory opened = open(taker)) {
            assertEquals(List.of(Long.MAX_VALUE, 24L, 13L), taker.asked);
            assertEquals(range(1, 30), taker.taken);
            assertEquals(1, opened.recovery().work().firstSequence());
        }
    }

    @Test
    void shouldCutNothingWhenTheStateCannotBeBuilt() throws IOException {
        promise(22);
        tear(place(28));
        byte[] before = Files.readAllBytes(file(2));
        Taker taker = new Taker(25);
        taker.throwsAt = 27;

        assertThrows(IllegalStateException.class, () -> open(taker));

        assertEquals(-1, Arrays.mismatch(before, Files.readAllBytes(file(2))));
        assertFalse(Files.exists(directory.resolve("damaged")));
        try (JournalDirectory opened = open(new Taker(25))) {
            assertEquals(27, opened.recovery().head().sequence());
        }
    }

    @Test
    void shouldReadTheNameOfTheJournalFromItsFirstRecord() throws IOException {
        Watermark before = WatermarkFile.read(directory);
        try (JournalDirectory opened = open(new Taker(30))) {
            assertEquals(
                    -1, Arrays.mismatch(before.journalId(), opened.recovery().journalId()));
        }
        damage(place(1), 40);

        assertNames(place(1), assertThrows(JournalException.class, () -> open(new Taker(30))));
    }

    private static void assertNames(Place place, JournalException refused) {
        String where = "sequence " + place.sequence() + ", ";
        assertTrue(refused.getMessage().contains(where), refused::getMessage);
        assertTrue(refused.getMessage().contains(".cq4 at byte " + place.position() + ":"), refused::getMessage);
    }

    private static OlderRecords proveOlder(JournalDirectory opened) throws Exception {
        OlderRecords older = opened.older();
        older.start();
        Await.until("older records are proved", () -> older.isProved() || older.badSequence() != 0);
        return older;
    }

    private JournalDirectory open(Rebuild rebuild) {
        return JournalDirectory.open(
                directory, JournalDirectory.Options.of(Durability.MEMORY).withSegmentLength(256 * 1024), rebuild);
    }

    private static List<Long> range(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
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

    /** Leaves the journal as if the process had been killed while it appended a record. */
    private void tear(Place place) throws IOException {
        byte[] bytes = Arrays.copyOf(Files.readAllBytes(file(place.fileIndex())), place.end() - 30);
        Arrays.fill(bytes, place.position(), place.position() + 4, (byte) 0);
        Files.write(file(place.fileIndex()), Arrays.copyOf(bytes, 64 * 1024));
        for (int i = place.fileIndex() + 1; i < journal.files.size(); i++) {
            Files.delete(file(i));
        }
    }

    private void promise(long sequence) throws IOException {
        Place place = place(sequence);
        byte[] bytes = journal.files.get(place.fileIndex()).bytes();
        int hashOffset = place.position() + 4 + place.length() - 34;
        Head head = new Head(sequence, Arrays.copyOfRange(bytes, hashOffset, hashOffset + 32));
        Files.delete(directory.resolve(WatermarkFile.NAME));
        try (WatermarkFile file = WatermarkFile.open(directory)) {
            file.write(new Watermark(head, journal.watermark.journalId(), BootId.current(), 0));
        }
    }

    /** Has states of some sequences, newest first. */
    private static final class Taker implements Rebuild {
        final List<Long> asked = new ArrayList<>();
        final List<Long> taken = new ArrayList<>();
        final List<Long> refused = new ArrayList<>();
        final long[] states;
        long throwsAt;

        Taker(long... states) {
            this.states = states;
        }

        @Override
        public long begin(long maxSequence) {
            asked.add(maxSequence);
            taken.clear();
            return LongStream.of(states)
                    .filter(state -> state <= maxSequence)
                    .findFirst()
                    .orElse(0);
        }

        @Override
        public boolean accept(RecordView record) {
            if (record.sequence() == throwsAt) {
                throw new IllegalStateException("cannot be built");
            }
            taken.add(record.sequence());
            return taken.size() > 1 || !refused.contains(record.sequence());
        }
    }
}

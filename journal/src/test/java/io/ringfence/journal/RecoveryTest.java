package io.ringfence.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.journal.WrittenJournal.Place;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.durability.BootId;
import io.ringfence.journal.durability.WatermarkFile;
import io.ringfence.journal.durability.WatermarkFile.Watermark;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.journal.recovery.Recovery;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.RollHeaderDecoder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryTest {
    private static final int PAGE = 4096;
    private static final byte[] UNKNOWN_BOOT = new byte[16];
    private static final byte[] OTHER_BOOT = "another boot id.".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory;

    private WrittenJournal journal;

    @BeforeEach
    void write() throws IOException {
        journal = WrittenJournal.write(directory, (byte) 1, 3, 10);
    }

    /** Writes another journal in its place, whose files have records in several pages. */
    private void writeLong() throws IOException {
        for (String name : contents().keySet()) {
            Files.delete(directory.resolve(name));
        }
        journal = WrittenJournal.write(directory, (byte) 1, 3, 60);
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
    void shouldRefuseAFaultAboveTheWatermarkAndNameWhatStandsBehindIt() throws IOException {
        for (byte[] bootId : List.of(BootId.current(), OTHER_BOOT, UNKNOWN_BOOT)) {
            for (long sequence : new long[] {1, 6, 11, 17, 21, 29}) {
                promise(sequence - 1, bootId);
                damage(place(sequence), 50);

                JournalException refusal = assertRefusedUnchanged();

                assertTrue(
                        refusal.getMessage().contains("damaged at sequence " + sequence + ", "), refusal::getMessage);
                assertNamesBehind(refusal, sequence + 1);
                assertTrue(refusal.getMessage().contains("promises sequence " + (sequence - 1)), refusal::getMessage);
                damage(place(sequence), 50);
            }
        }
        promise(29, OTHER_BOOT);
        assertEquals(30, recover().head().sequence());
    }

    @Test
    void shouldRefuseALastRecordThatWasChangedUnlessTheMachineHasRestarted() throws IOException {
        promise(12, BootId.current());
        damage(place(30), 50);

        assertNames(assertRefusedUnchanged(), 30);

        promise(12, OTHER_BOOT); // A disk writes sectors, so half a page may have been written.
        Recovery.Report report = recover();
        assertEquals(29, report.head().sequence());
        assertEquals(1, report.discardedRecords());
        assertEquals(1, report.setAside().size());
    }

    @Test
    void shouldEndAtLostPagesOnlyIfTheMachineHasRestarted() throws IOException {
        writeLong();
        for (long sequence : new long[] {170, 150, 121, 80, 61, 59, 30, 2}) {
            Place lost = place(sequence);
            losePage(lost);
            boolean hasBehind = hasRecordsBehind(lost);
            for (byte[] bootId : List.of(BootId.current(), UNKNOWN_BOOT)) {
                promise(1, bootId);
                if (hasBehind) {
                    assertTrue(assertRefusedUnchanged().getMessage().contains("damaged at sequence " + sequence + ","));
                }
            }
            promise(1, OTHER_BOOT);

            Recovery.Report report = recover();

            assertEquals(sequence - 1, report.head().sequence());
            assertEquals(hasBehind, report.cause() != null);
            assertEquals(hasBehind, !report.setAside().isEmpty());
            assertEquals(hasBehind, report.discardedRecords() > 0);
            assertTrue(JournalProver.verify(directory).isOk());
            assertEquals(sequence - 1, JournalProver.verify(directory).records());
        }
    }

    @Test
    void shouldEndBeforeARecordOfWhichAWholePageIsLost() throws IOException {
        writeLong();
        Place crossing = journal.places.stream()
                .filter(place -> place.sequence() > 75 && pageOf(place.position()) != pageOf(place.end() - 3))
                .findFirst()
                .orElseThrow();
        promise(63, OTHER_BOOT);
        byte[] bytes = Files.readAllBytes(file(1));
        int page = pageOf(crossing.position()) + 1;
        Arrays.fill(bytes, page * PAGE, Math.min(bytes.length, (page + 1) * PAGE), (byte) 0);
        Files.write(file(1), Arrays.copyOf(bytes, 64 * 1024)); // As long as it was when the process ended.
        assertTrue(JournalProver.verify(directory).fault().text().contains(" at byte " + crossing.position() + ":"));

        Recovery.Report report = recover();

        assertEquals(crossing.sequence() - 1, report.head().sequence());
        assertTrue(report.discardedRecords() >= 60, "a whole file lay behind");
    }

    @Test
    void shouldAppendBehindWhatWasProved() throws IOException {
        writeLong();
        promise(62, OTHER_BOOT);
        byte[] original = Files.readAllBytes(file(1));
        losePage(place(65));
        byte[] damaged = Files.readAllBytes(file(1));

        Path aside;
        try (JournalDirectory opened = open()) {
            aside = opened.recovery().setAside().get(1);
            RecordFactory factory = new RecordFactory(99);
            for (long sequence = 65; sequence <= 90; sequence++) {
                RecordFactory record = factory.record(sequence);
                record.appendTo(opened.writer());
            }
        }

        JournalProver.Report report = JournalProver.verify(directory);
        assertNull(report.faultText());
        assertEquals(90, report.records());
        assertTrue(report.isAnchored());
        assertFalse(Arrays.equals(original, damaged));
        assertEquals(-1, Arrays.mismatch(damaged, Files.readAllBytes(aside)));
        int kept = place(64).end();
        assertEquals(-1, Arrays.mismatch(Arrays.copyOf(original, kept), Files.readAllBytes(file(1))));
    }

    @Test
    void shouldEndAtATornRecordOfAnyLength() throws IOException {
        promise(28, BootId.current());
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
            promise(28, BootId.current());
        }
    }

    @Test
    void shouldRefuseWhereAFileIsMissing() throws IOException {
        byte[] second = Files.readAllBytes(file(1));
        for (byte[] bootId : List.of(BootId.current(), OTHER_BOOT)) {
            promise(8, bootId);
            Files.delete(file(1));

            JournalException refusal = assertRefusedUnchanged();

            assertTrue(refusal.getMessage().contains("sequence 11,"), refusal::getMessage);
            assertNamesBehind(refusal, 21);
            Files.write(file(1), second);
        }
    }

    @Test
    void shouldRefuseWhereTheFileThatWasBegunLastIsMissing() throws IOException {
        for (byte[] bootId : List.of(BootId.current(), UNKNOWN_BOOT)) {
            promise(12, bootId, 21);
            byte[] last = Files.readAllBytes(file(2));
            Files.delete(file(2));

            JournalException refusal = assertRefusedUnchanged();

            String missing = "damaged at sequence 21, " + file(2).getFileName()
                    + ": this roll file was begun, and it is missing";
            assertTrue(refusal.getMessage().contains(missing), refusal::getMessage);
            assertTrue(refusal.getMessage().contains("promises sequence 12; nothing was changed"), refusal::getMessage);
            Files.write(file(2), last);
        }
        promise(12, BootId.current(), 21);
        assertEquals(30, recover().head().sequence());
    }

    @Test
    void shouldNameTheFirstMissingSequenceWhereSeveralFilesAreGone() throws IOException {
        promise(8, BootId.current(), 21);
        Files.delete(file(1));
        Files.delete(file(2));
        String last = file(2).getFileName().toString();
        assertTrue(assertRefusedUnchanged().getMessage().contains("damaged at sequence 11, " + last + ": "));

        Files.delete(file(0));
        promise(0, BootId.current(), 1);
        String first = file(0).getFileName().toString();
        assertTrue(assertRefusedUnchanged().getMessage().contains("damaged at sequence 1, " + first + ": "));
    }

    @Test
    void shouldGoOnWithoutAFileThatARestartOfTheMachineMayHaveLost() throws IOException {
        promise(12, OTHER_BOOT, 21);
        Files.delete(file(2));

        assertEquals(20, recover().head().sequence());
    }

    @Test
    void shouldGoOnAfterAKillBeforeABegunFileWasNamedInTheWatermark() throws IOException {
        byte[] whole = Files.readAllBytes(file(2));
        int header = journal.headers.get(2).position();
        for (int written : new int[] {header, place(21).position(), place(21).end(), 0}) { // Of a file of whole pages.
            promise(12, BootId.current(), 11);
            Files.write(file(2), Arrays.copyOf(Arrays.copyOf(whole, written), 64 * 1024));
            if (written == 0) {
                Files.delete(file(2)); // Its rename is what the kill came before.
            }

            assertEquals(written == place(21).end() ? 21 : 20, recover().head().sequence());
        }
    }

    @Test
    void shouldGoOnWithoutABegunFileOnceAPersonHasTakenItOutAndMissTheNextOfThatName() throws IOException {
        Path damaged = Files.createDirectories(directory.resolve("damaged"));
        promise(12, BootId.current(), 21); // Cut in the second file, as OPERATING says.
        Files.move(file(2), damaged.resolve(file(2).getFileName()));
        try (FileChannel channel = FileChannel.open(file(1), StandardOpenOption.WRITE)) {
            channel.truncate(place(17).position());
        }
        assertEquals(16, recover().head().sequence());

        promise(12, BootId.current(), 21);
        assertTrue(assertRefusedUnchanged().getMessage().contains("it is missing"));
        Files.createFile(damaged.resolve(file(2).getFileName())); // The file is gone for good.
        assertEquals(16, recover().head().sequence());

        String name = file(2).getFileName().toString();
        assertTrue(Files.exists(damaged.resolve(name + ".1")));
        assertTrue(Files.exists(damaged.resolve(name + ".2")));
        promise(12, BootId.current(), 21);
        assertTrue(assertRefusedUnchanged().getMessage().contains("it is missing"));
    }

    @Test
    void shouldBeginNoNewJournalWhereThereAreRecords() throws IOException {
        Files.delete(directory.resolve(WatermarkFile.NAME));
        damage(place(1), 60);
        assertNamesBehind(assertRefusedUnchanged(), 2);
        damage(place(1), 60);
        Path first = Files.move(file(0), directory.resolve("elsewhere"));
        assertTrue(assertRefusedUnchanged().getMessage().contains("begins with sequence 11"));
        Files.move(first, file(0));
        promise(1, OTHER_BOOT);
        assertEquals(30, recover().head().sequence());
    }

    @Test
    void shouldBeginNoNewJournalWhereATraceOfRecordsIsLeft() throws IOException {
        byte[] file = Files.readAllBytes(file(2));
        for (int i = 0; i < 3; i++) {
            Files.delete(file(i));
        }
        Files.delete(directory.resolve(WatermarkFile.NAME));
        for (String trace : List.of("snapshots/00000000000000000030.snap", "damaged/0000000000000000021.cq4.1")) {
            Path path = directory.resolve(trace);
            Files.createDirectories(path.getParent());
            Files.write(path, file);

            assertTrue(assertRefusedUnchanged().getMessage().contains(path + " is there"));
            Files.delete(path);
        }
        Files.write(file(0), new byte[64 * 1024]); // All that it held was lost.
        try (WatermarkFile watermark = WatermarkFile.open(directory)) {
            watermark.write(new Watermark(Head.none(), new byte[32], OTHER_BOOT, 1));
        }
        assertTrue(assertRefusedUnchanged().getMessage().contains(file(0) + " is there"));
        Files.delete(file(0));
        assertTrue(recover().isNew());
    }

    @Test
    void shouldBeginAnewWhereTheFirstRecordWasNeverFinished() throws IOException {
        Place first = place(1);
        byte[] torn = Arrays.copyOf(Files.readAllBytes(file(0)), first.end() - 40);
        Arrays.fill(torn, first.position(), first.position() + 4, (byte) 0);
        Files.write(file(0), Arrays.copyOf(torn, 64 * 1024));
        Files.delete(file(1));
        Files.delete(file(2));
        promise(0, BootId.current());

        Recovery.Report report = recover();

        assertTrue(report.isNew());
        assertEquals(0, report.discardedRecords());
        assertEquals(1, report.setAside().size());
        assertTrue(recover().isNew());
    }

    @Test
    void shouldTreatADamagedHeaderAsItsFirstRecord() throws IOException {
        for (byte[] bootId : List.of(BootId.current(), OTHER_BOOT)) {
            promise(20, bootId);
            damageHeader(2);
            assertTrue(assertRefusedUnchanged().getMessage().contains("sequence 21,"));
            damageHeader(2);
            damageHeader(1);
            assertTrue(assertRefusedUnchanged().getMessage().contains("sequence 11,"));
            damageHeader(1);
        }
        assertEquals(30, recover().head().sequence());
    }

    @Test
    void shouldNotPassOverRecordsByTheLengthOfTheStoresOwnPages() throws IOException {
        promise(20, BootId.current());
        Watermark promised = WatermarkFile.read(directory);
        byte[] whole = Files.readAllBytes(file(2));
        int header = journal.headers.get(2).position();
        for (int at = 0; at < header; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] bytes = Arrays.copyOf(whole, 256 * 1024); // As long as it was when the process ended.
                bytes[at] ^= (byte) (1 << bit);
                List<MemoryRoll> changed = journal.with(2, bytes);
                assertTrue(
                        journal.faultOf(changed, promised) != null || journal.provedIn(changed, promised) == 30,
                        "byte " + at + ", bit " + bit);
            }
        }
    }

    @Test
    void shouldSetAFileAsideOnlyIfItsNameAndHeaderWereLost() throws IOException {
        writeLong();
        promise(120, OTHER_BOOT);
        damageHeader(2);
        Path next = Files.move(file(2), directory.resolve("next-3.cq4"));

        assertTrue(assertRefusedUnchanged().getMessage().contains("next-3.cq4 has records but no header"));

        byte[] bytes = Files.readAllBytes(next);
        Arrays.fill(bytes, PAGE, 5 * PAGE, (byte) 0);
        Files.write(next, bytes);
        Recovery.Report report = recover();
        assertEquals(120, report.head().sequence());
        assertEquals(1, report.setAside().size());
        assertTrue(report.discardedRecords() > 0);
    }

    @Test
    void shouldGoOnWhereAPersonHasCutTheJournal() throws IOException { // As OPERATING says.
        promise(12, BootId.current());
        damage(place(25), 50);
        assertNames(assertRefusedUnchanged(), 25);

        try (FileChannel channel = FileChannel.open(file(2), StandardOpenOption.WRITE)) {
            channel.truncate(place(25).position());
        }

        assertEquals(24, recover().head().sequence());
        assertTrue(JournalProver.verify(directory).isAnchored());
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

    /** Makes the watermark promise only the records up to this one, in a run of the machine. */
    private void promise(long sequence, byte[] bootId) throws IOException {
        promise(sequence, bootId, 0);
    }

    /** The same, and names a file that was begun. */
    private void promise(long sequence, byte[] bootId, long begunSequence) throws IOException {
        Head head = Head.none();
        if (sequence > 0) {
            Place place = place(sequence);
            byte[] bytes = journal.files.get(place.fileIndex()).bytes();
            int hashOffset = place.position() + 4 + place.length() - 34;
            head = new Head(sequence, Arrays.copyOfRange(bytes, hashOffset, hashOffset + 32));
        }
        Files.deleteIfExists(directory.resolve(WatermarkFile.NAME));
        try (WatermarkFile file = WatermarkFile.open(directory)) {
            file.write(new Watermark(head, journal.watermark.journalId(), bootId, begunSequence));
        }
    }

    /** Zeros from a record on up to the end of its page, as if the page was last written before the record began. */
    private void losePage(Place place) throws IOException {
        Path file = file(place.fileIndex());
        byte[] bytes = Files.readAllBytes(file);
        int end = (pageOf(place.position()) + 1) * PAGE;
        byte[] lost = Arrays.copyOf(bytes, Math.max(bytes.length, end));
        Arrays.fill(lost, place.position(), end, (byte) 0);
        Files.write(file, lost);
    }

    /** Does a record stand behind the page in which this one begins, on the disk now? */
    private boolean hasRecordsBehind(Place place) throws IOException {
        int end = (pageOf(place.position()) + 1) * PAGE;
        byte[] bytes = Files.readAllBytes(file(place.fileIndex()));
        return Files.exists(directory.resolve(nameBehind(place)))
                || bytes.length > end
                        && Arrays.mismatch(bytes, end, bytes.length, new byte[bytes.length], 0, bytes.length - end)
                                >= 0;
    }

    private String nameBehind(Place place) {
        return place.fileIndex() == 2
                ? "none"
                : journal.files.get(place.fileIndex() + 1).name();
    }

    private static int pageOf(int position) {
        return position / PAGE;
    }

    private JournalException assertRefusedUnchanged() throws IOException {
        Map<String, byte[]> before = contents();
        JournalException refusal = assertThrows(JournalException.class, this::recover);
        Map<String, byte[]> after = contents();

        assertEquals(JournalException.Reason.DAMAGED, refusal.reason());
        assertFalse(refusal.getMessage().contains("\n"), refusal::getMessage);
        assertEquals(before.keySet(), after.keySet());
        before.forEach((name, bytes) -> assertEquals(-1, Arrays.mismatch(bytes, after.get(name)), name));
        return refusal;
    }

    private Map<String, byte[]> contents() throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (Stream<Path> entries = Files.walk(directory)) {
            for (Path path : (Iterable<Path>) entries::iterator) {
                if (Files.isRegularFile(path) && !path.endsWith("lock")) {
                    contents.put(directory.relativize(path).toString(), Files.readAllBytes(path));
                }
            }
        }
        return contents;
    }

    private void assertNames(JournalException refusal, long sequence) {
        Place place = place(sequence);
        String named =
                "sequence " + sequence + ", " + file(place.fileIndex()).getFileName() + " at byte " + place.position();
        assertTrue(refusal.getMessage().contains(named), refusal::getMessage);
    }

    private void assertNamesBehind(JournalException refusal, long sequence) {
        Place place = place(sequence);
        String named = "behind it sequence " + sequence + " stands in "
                + file(place.fileIndex()).getFileName() + " at byte " + place.position();
        assertTrue(refusal.getMessage().contains(named), refusal::getMessage);
    }
}

package io.ringfence.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.journal.WrittenJournal.Place;
import io.ringfence.journal.durability.WatermarkFile.Watermark;
import io.ringfence.journal.fault.JournalException.Fault;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.store.RollFiles;
import io.ringfence.journal.store.RollFiles.RollBytes;
import io.ringfence.schemas.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 300, unit = TimeUnit.SECONDS)
class JournalReaderTest {
    private static final int SMALL = 256 * 1024;

    @TempDir
    Path directory;

    /** Notes the name of each file that is read from. */
    private record Counted(RollBytes file, Set<String> opened) implements RollBytes {
        @Override
        public String name() {
            return file.name();
        }

        @Override
        public long length() throws IOException {
            opened.add(name());
            return file.length();
        }

        @Override
        public int read(long position, byte[] destination, int offset, int length) throws IOException {
            opened.add(name());
            return file.read(position, destination, offset, length);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    @Test
    void shouldFindAnySequenceByOpeningOneFile() throws IOException {
        WrittenJournal written = WrittenJournal.write(directory, (byte) 1, 12, 7);
        for (long sequence = 1; sequence <= 12 * 7; sequence++) {
            Set<String> opened = new HashSet<>();
            List<Counted> files = written.files.stream()
                    .map(file -> new Counted(file, opened))
                    .toList();

            try (JournalReader reader = JournalReader.over("memory", files, sequence, written.watermark)) {
                assertTrue(reader.next());

                assertEquals(sequence, reader.record().sequence());
                assertEquals(Set.of(written.files.get((int) (sequence - 1) / 7).name()), opened);
            }
        }
    }

    @Test
    void shouldProveFromTheHeaderOn() throws IOException {
        WrittenJournal written = WrittenJournal.write(directory, (byte) 1, 3, 7);
        Place header = written.headers.get(1);
        for (int at = header.position(); at < written.places.get(10).end(); at++) {
            assertNotNull(faultWhenFlipped(written, at, false), "byte " + at);
        }
        int firstField = header.position() + 4 + 8;
        for (int at = firstField; at < firstField + 40; at++) { // First sequence and previous hash, by a forger.
            assertNotNull(faultWhenFlipped(written, at, true), "byte " + at);
        }
    }

    private static Fault faultWhenFlipped(WrittenJournal written, int at, boolean isForged) {
        byte[] bytes = written.files.get(1).bytes().clone();
        bytes[at] ^= 0x10;
        if (isForged) {
            WrittenJournal.putChecksum(bytes, written.headers.get(1));
        }
        try (JournalReader reader = JournalReader.over("memory", written.with(1, bytes), 12, Watermark.none())) {
            assertFalse(reader.next());
            return reader.fault();
        }
    }

    @Test
    void shouldNameTheSequenceWhoseFileIsMissingAtTheBeginning() throws IOException {
        WrittenJournal.write(directory, (byte) 1, 12, 7);
        Files.delete(RollFiles.list(directory).get(0));

        for (long from : new long[] {1, 5, 7}) {
            try (JournalReader opened = JournalReader.open(directory, from);
                    JournalReader following = JournalReader.follow(directory, from)) {
                assertFalse(opened.next());
                assertFalse(following.next());
                assertEquals(from, opened.fault().sequence());
                assertEquals(from, following.fault().sequence());
            }
        }
        try (JournalReader later = JournalReader.open(directory, 8)) {
            assertTrue(later.next());
        }
    }

    @Test
    void shouldSayThatTheJournalEndsBeforeTheSequence() throws IOException {
        WrittenJournal.write(directory, (byte) 1, 3, 7);

        try (JournalReader reader = JournalReader.open(directory, 22)) {
            assertFalse(reader.next());
            assertNull(reader.fault());
            assertEquals(21, reader.head().sequence());
        }
    }

    @ParameterizedTest
    @CsvSource({"1, MEMORY", "1, DISK", "700, MEMORY", "2500, MEMORY"})
    void shouldFollowALiveJournalAcrossRolls(long from, Durability durability) throws Exception {
        List<String> hashes = new ArrayList<>();
        FutureTask<Void> writer = new FutureTask<>(() -> write(durability, 2_000), null);
        try (JournalReader reader = JournalReader.follow(directory, from)) {
            assertFalse(reader.next(), "the directory is empty");
            new Thread(writer).start();
            for (long sequence = from; sequence <= 2_000; sequence++) {
                Await.until("record " + sequence, () -> hasNext(reader, writer));
                assertEquals(sequence, reader.record().sequence());
                hashes.add(reader.head().entryHashHex());
            }
            Await.end(writer);
            assertFalse(reader.next());
            write(durability, 2_600); // A later process goes on in files of its own.
            for (long sequence = Math.max(from, 2_001); sequence <= 2_600; sequence++) {
                assertTrue(reader.next());
                assertEquals(sequence, reader.record().sequence());
                hashes.add(reader.head().entryHashHex());
            }
            assertFalse(reader.next());
        }
        try (JournalReader whole = JournalReader.open(directory, from)) {
            for (String hash : hashes) {
                assertTrue(whole.next());
                assertEquals(whole.head().entryHashHex(), hash);
            }
            assertFalse(whole.next());
        }
    }

    private static boolean hasNext(JournalReader reader, FutureTask<Void> writer) throws Exception {
        if (writer.isDone()) {
            Await.end(writer); // Throws what stopped it.
        }
        boolean hasNext = reader.next();
        assertNull(reader.fault());
        return hasNext;
    }

    private void write(Durability durability, long last) {
        JournalDirectory.Options options =
                JournalDirectory.Options.of(durability).withSegmentLength(SMALL);
        try (JournalDirectory journal = JournalDirectory.open(directory, options)) {
            RecordFactory factory = new RecordFactory(3);
            for (long sequence = journal.writer().sequence() + 1; sequence <= last; sequence++) {
                RecordFactory record = sequence == 1 ? factory.settings((byte) 3) : factory.record(sequence);
                record.appendTo(journal.writer());
                if (sequence % 300 == 0) {
                    journal.writer().roll();
                    LockSupport.parkNanos(100_000);
                }
            }
        }
    }

    @Test
    void shouldNotSeeARecordBeforeItIsComplete() throws Exception {
        WrittenJournal written = WrittenJournal.write(directory, (byte) 1, 1, 5);
        byte[] whole = written.files.get(0).bytes();
        byte[] growing = new byte[whole.length + 100];
        MemoryRoll file = new MemoryRoll(written.files.get(0).name(), growing);
        Place last = written.places.get(4);
        System.arraycopy(whole, 0, growing, 0, last.position());
        Path live = directory.resolve(file.name());
        Files.write(live, growing);
        try (JournalReader reader = JournalReader.follow(directory, 1)) {
            for (int i = 0; i < 4; i++) {
                assertTrue(reader.next());
            }
            for (int taken = 4; taken <= last.length() + 4; taken += 9) { // The length word comes last.
                System.arraycopy(whole, last.position() + 4, growing, last.position() + 4, taken - 4);
                Files.write(live, growing);
                assertFalse(reader.next());
                assertNull(reader.fault());
            }
            Files.write(live, whole);
            assertTrue(reader.next());
            assertEquals(5, reader.record().sequence());
        }
    }

    @Test
    void shouldWaitForTheFirstRecordOfAFile() throws Exception {
        WrittenJournal written = WrittenJournal.write(directory, (byte) 1, 2, 7);
        Path second = directory.resolve(written.files.get(1).name());
        Files.write(second, new byte[written.files.get(1).bytes().length]);
        try (JournalReader reader = JournalReader.follow(directory, 7)) {
            assertTrue(reader.next());
            assertFalse(reader.next());
            assertFalse(reader.next());

            Files.write(second, written.files.get(1).bytes());
            assertTrue(reader.next());
            assertEquals(8, reader.record().sequence());
        }
    }

    @Test
    void shouldEndToFollowAtADamagedRecord() throws Exception {
        WrittenJournal written = WrittenJournal.write(directory, (byte) 1, 2, 7);
        Place bad = written.places.get(9);
        byte[] bytes = written.files.get(1).bytes().clone();
        bytes[bad.position() + 60] ^= 1;
        Files.write(directory.resolve(written.files.get(1).name()), bytes);

        try (JournalReader reader = JournalReader.follow(directory, 3)) {
            for (long sequence = 3; sequence < 10; sequence++) {
                assertTrue(reader.next());
            }
            assertFalse(reader.next());
            assertNotNull(reader.fault());
            assertEquals(10, reader.fault().sequence());
        }
    }

    @Test
    @Tag("system")
    void shouldFollowAnotherProcess() throws Exception {
        Process writer = EndlessWriter.process(directory, Durability.MEMORY)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (JournalReader reader = JournalReader.follow(directory, 1)) {
            long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(200);
            Set<Path> files = new HashSet<>();
            long sequence = 0;
            while (files.size() < 4) {
                assertTrue(System.nanoTime() < endNs, "no roll in time: sequence=" + sequence);
                if (reader.next()) {
                    assertEquals(++sequence, reader.record().sequence());
                    if (sequence % 4_096 == 0) {
                        files.addAll(RollFiles.list(directory));
                    }
                }
                assertNull(reader.fault(), () -> reader.fault().text());
            }
        } finally {
            writer.destroyForcibly();
            assertTrue(writer.waitFor(60, TimeUnit.SECONDS));
        }
    }
}

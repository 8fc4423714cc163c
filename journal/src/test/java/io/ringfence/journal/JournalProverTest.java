package io.ringfence.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.journal.durability.WatermarkFile.Watermark;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.record.RecordView;
import io.ringfence.journal.store.RollFiles;
import io.ringfence.journal.store.RollFiles.RollBytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 300, unit = TimeUnit.SECONDS)
class JournalProverTest {
    private static final int FILES = 3;
    private static final int RECORDS_PER_FILE = 3_000;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldHandOutTheSameRecordsInTheSameOrder(int threads) throws IOException {
        WrittenJournal.write(directory, (byte) 1, FILES, RECORDS_PER_FILE);
        try (JournalReader plain = JournalReader.open(directory);
                JournalProver ahead = new JournalProver(JournalReader.open(directory), threads)) {
            while (plain.next()) {
                assertTrue(ahead.next());
                assertArrayEquals(bytes(plain.record()), bytes(ahead.record()), "sequence=" + plain.head());
            }
            assertEquals(FILES * RECORDS_PER_FILE, plain.head().sequence());

            assertFalse(ahead.next());
            assertFalse(ahead.next(), "the end stays the end");
            assertEquals(plain.head(), ahead.head());
            assertNull(ahead.fault());
        }
    }

    /** Nobody would fill the batch that it waits for. */
    @Test
    void shouldRefuseToHandOutWithoutThreads() throws IOException {
        WrittenJournal.write(directory, (byte) 1, 1, 10);
        try (JournalProver alone = new JournalProver(JournalReader.open(directory), 0)) {
            assertThrows(IllegalStateException.class, alone::next);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldEndAtTheFirstFault(int threads) throws IOException {
        WrittenJournal written = WrittenJournal.write(directory, (byte) 1, FILES, RECORDS_PER_FILE);
        long badSequence = RECORDS_PER_FILE + 17;
        WrittenJournal.Place bad = written.places.get((int) badSequence - 1);
        byte[] damaged = written.files.get(bad.fileIndex()).bytes().clone();
        damaged[bad.position() + 100] ^= 1;

        List<? extends RollBytes> files = written.with(bad.fileIndex(), damaged);
        try (JournalProver ahead =
                new JournalProver(JournalReader.over("memory", files, 1, Watermark.none()), threads)) {
            long proved = 0;
            while (ahead.next()) {
                proved = ahead.record().sequence();
            }

            assertEquals(badSequence - 1, proved);
            assertEquals(badSequence - 1, ahead.head().sequence());
            assertEquals(bad.fileIndex(), ahead.fileIndex());
            assertEquals(bad.position(), ahead.position());
            assertEquals(badSequence, ahead.fault().sequence());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldBeginInTheMiddle(int threads) throws IOException {
        WrittenJournal written = WrittenJournal.write(directory, (byte) 1, FILES, RECORDS_PER_FILE);
        for (long from : new long[] {1, 2, RECORDS_PER_FILE, RECORDS_PER_FILE + 1, 2 * RECORDS_PER_FILE + 17}) {
            try (JournalProver ahead = new JournalProver(JournalReader.open(directory, from), threads)) {
                long expected = from;
                while (ahead.next()) {
                    assertEquals(expected++, ahead.record().sequence());
                }
                assertEquals(FILES * RECORDS_PER_FILE, expected - 1);
                assertEquals(written.files.size() - 1, ahead.fileIndex());
                assertNull(ahead.fault());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldHandOnWhatReadingThrows(int threads) {
        List<RollBytes> files = RollFiles.bytes(List.of(RollFiles.path(directory, 1))); // It is not there.
        try (JournalProver ahead =
                new JournalProver(JournalReader.over("memory", files, 1, Watermark.none()), threads)) {
            assertThrows(JournalException.class, ahead::next);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldLetGoInTheMiddle(int threads) throws IOException {
        WrittenJournal.write(directory, (byte) 1, FILES, RECORDS_PER_FILE);
        for (int taken = 0; taken < 40; taken++) {
            try (JournalProver ahead = new JournalProver(JournalReader.open(directory), threads)) {
                for (int i = 0; i < 100 * taken; i++) {
                    assertTrue(ahead.next());
                }
            }
        }
        assertEquals(
                0,
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("ringfence-prover"))
                        .count());
    }

    private static byte[] bytes(RecordView record) {
        return Arrays.copyOfRange(record.array(), record.arrayOffset(), record.arrayOffset() + record.length());
    }
}

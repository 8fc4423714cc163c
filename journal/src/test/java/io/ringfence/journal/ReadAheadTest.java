package io.ringfence.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.journal.durability.WatermarkFile.Watermark;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.read.ReadAhead;
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

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ReadAheadTest {
    private static final int FILES = 3;
    private static final int RECORDS_PER_FILE = 3_000;

    @TempDir
    private Path directory;

    @Test
    void shouldHandOutTheSameRecordsInTheSameOrder() throws IOException {
        WrittenJournal.write(directory, (byte) 1, FILES, RECORDS_PER_FILE);
        try (JournalReader plain = JournalReader.open(directory);
                ReadAhead ahead = ReadAhead.of(JournalReader.open(directory))) {
            while (plain.next()) {
                assertTrue(ahead.next());
                assertArrayEquals(bytes(plain.record()), bytes(ahead.record()), "sequence=" + plain.head());
            }
            assertEquals(FILES * RECORDS_PER_FILE, plain.head().sequence());

            assertFalse(ahead.next());
            assertFalse(ahead.next(), "the end stays the end");
            assertNull(ahead.fault());
        }
    }

    @Test
    void shouldEndAtTheFirstFault() throws IOException {
        WrittenJournal written = WrittenJournal.write(directory, (byte) 1, FILES, RECORDS_PER_FILE);
        long badSequence = RECORDS_PER_FILE + 17;
        WrittenJournal.Place bad = written.places.get((int) badSequence - 1);
        byte[] damaged = written.files.get(bad.fileIndex()).bytes().clone();
        damaged[bad.position() + 100] ^= 1;

        List<? extends RollBytes> files = written.with(bad.fileIndex(), damaged);
        try (ReadAhead ahead = ReadAhead.of(JournalReader.over("memory", files, Watermark.none()))) {
            long proved = 0;
            while (ahead.next()) {
                proved = ahead.record().sequence();
            }

            assertEquals(badSequence - 1, proved);
            assertEquals(badSequence, ahead.fault().sequence());
        }
    }

    @Test
    void shouldHandOnWhatReadingThrows() {
        List<RollBytes> files = RollFiles.bytes(List.of(RollFiles.path(directory, 1))); // It is not there.
        try (ReadAhead ahead = ReadAhead.of(JournalReader.over("memory", files, Watermark.none()))) {
            assertThrows(JournalException.class, ahead::next);
        }
    }

    @Test
    void shouldLetGoInTheMiddle() throws IOException {
        WrittenJournal.write(directory, (byte) 1, FILES, RECORDS_PER_FILE);
        for (int taken = 0; taken < 40; taken++) {
            try (ReadAhead ahead = ReadAhead.of(JournalReader.open(directory))) {
                for (int i = 0; i < 100 * taken; i++) {
                    assertTrue(ahead.next());
                }
            }
        }
        assertEquals(
                0,
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().equals("ringfence-read-ahead"))
                        .count());
    }

    private static byte[] bytes(RecordView record) {
        return Arrays.copyOfRange(record.array(), record.arrayOffset(), record.arrayOffset() + record.length());
    }
}

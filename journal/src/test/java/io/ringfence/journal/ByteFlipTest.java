package io.ringfence.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.journal.WrittenJournal.Place;
import io.ringfence.journal.durability.WatermarkFile.Watermark;
import io.ringfence.journal.fault.JournalException.Fault;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.journal.store.RollFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes a small journal in every way that a single fault, or a forger without the chain, can. */
@Tag("hostile")
class ByteFlipTest {
    private static WrittenJournal journal;
    private static WrittenJournal other;

    @BeforeAll
    static void write(@TempDir Path directory) throws IOException {
        journal = WrittenJournal.write(directory.resolve("one"), (byte) 1, 2, 13);
        other = WrittenJournal.write(directory.resolve("two"), (byte) 2, 2, 13);
    }

    @Test
    void shouldFindNothingWrongWithTheJournalItself() {
        assertNull(journal.faultOf(journal.files, journal.watermark));
        assertEquals(26, journal.places.size());
        assertEquals(2, journal.files.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {0x01, 0x10, 0x40, 0x80, 0xFF})
    void shouldNameTheRecordWhoseByteWasFlipped(int pattern) {
        for (Place place : journal.places) {
            byte[] bytes = journal.files.get(place.fileIndex()).bytes();
            for (int at = place.position(); at < place.end(); at++) {
                bytes[at] ^= (byte) pattern;

                Fault anchored = journal.faultOf(journal.files, journal.watermark);
                Fault unanchored = journal.faultOf(journal.files, Watermark.none());

                bytes[at] ^= (byte) pattern;
                assertNames(place, at, anchored);
                assertNames(place, at, unanchored);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0xFF})
    void shouldNameTheRecordWhoseByteWasOverwritten(int value) {
        for (Place place : journal.places) {
            byte[] bytes = journal.files.get(place.fileIndex()).bytes();
            for (int at = place.position(); at < place.position() + 4 + place.length(); at++) {
                byte original = bytes[at];
                bytes[at] = (byte) value;

                Fault fault = journal.faultOf(journal.files, journal.watermark);

                bytes[at] = original;
                if (original != (byte) value) {
                    assertNames(place, at, fault);
                }
            }
        }
    }

    @Test
    void shouldNameTheRecordWhoseLengthWordWasReplaced() {
        int[] words = {0, 1, 3, 69, 70, 71, 0x7FFF_FFFF, 0x8000_0000, 0xC000_0000, 0xFFFF_FFFF, 0x4000_0000, 0x3FFF_FFFF
        };
        for (Place place : journal.places) {
            for (int word : words) {
                byte[] bytes = journal.files.get(place.fileIndex()).bytes().clone();
                putWord(bytes, place.position(), word);

                Fault fault = journal.faultOf(journal.with(place.fileIndex(), bytes), journal.watermark);

                assertNames(place, place.position(), fault);
            }
        }
    }

    @Test
    void shouldSayTheSameWhenTwoThreadsVerify() throws IOException {
        for (Place place : journal.places) {
            byte[] bytes = journal.files.get(place.fileIndex()).bytes();
            for (int at = place.position(); at < place.position() + 4 + place.length(); at += 7) {
                bytes[at] ^= 0x10;

                JournalProver.Report report =
                        JournalProver.verify(journal.files, journal.watermark, null, 2, records -> {});

                bytes[at] ^= 0x10;
                assertEquals(place.sequence(), report.firstBadSequence(), report.faultText());
                assertEquals(place.sequence() - 1, report.head().sequence());
            }
        }
    }

    @Test
    void shouldNeverLoseARecordToAFlipInTheStoresOwnPages() {
        for (int fileIndex = 0; fileIndex < journal.files.size(); fileIndex++) {
            int index = fileIndex;
            Place first = journal.places.stream()
                    .filter(place -> place.fileIndex() == index)
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = journal.files.get(fileIndex).bytes();
            for (int at = 0; at < first.position(); at++) {
                bytes[at] ^= (byte) (at % 2 == 0 ? 0x41 : 0x80);

                Fault fault = journal.faultOf(journal.files, journal.watermark);
                long proved = journal.provedIn(journal.files, journal.watermark);

                bytes[at] ^= (byte) (at % 2 == 0 ? 0x41 : 0x80);
                assertEquals(fault == null ? 26 : first.sequence() - 1, proved, "byte " + at);
                assertTrue(fault == null || fault.sequence() == first.sequence(), "byte " + at);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x01, 0x10, 0x40, 0x80, 0xFF})
    void shouldNameTheFirstRecordOfTheFileWhoseHeaderWasFlipped(int pattern) {
        for (Place header : journal.headers) {
            byte[] bytes = journal.files.get(header.fileIndex()).bytes();
            for (int at = header.position(); at < header.end(); at++) {
                bytes[at] ^= (byte) pattern;

                Fault fault = journal.faultOf(journal.files, journal.watermark);

                bytes[at] ^= (byte) pattern;
                assertNames(header, at, fault);
            }
        }
    }

    @Test
    void shouldFindAHeaderThatSaysSomethingElse() {
        for (Place header : journal.headers) {
            for (int at = header.position() + 4 + 8; at < header.position() + 4 + 8 + 48; at++) {
                byte[] bytes = journal.files.get(header.fileIndex()).bytes().clone();
                bytes[at] ^= 0x10;
                WrittenJournal.putChecksum(bytes, header); // As a forger would.

                assertFirstBad(header.sequence(), header.fileIndex(), bytes);
            }
        }
    }

    @Test
    void shouldFindAFileUnderAnotherName() {
        MemoryRoll second = journal.files.get(1);
        MemoryRoll renamed = new MemoryRoll(RollFiles.path(Path.of(""), 15).toString(), second.bytes());

        Fault fault = journal.faultOf(List.of(journal.files.get(0), renamed), journal.watermark);

        assertEquals(14, fault.sequence());
    }

    @Test
    void shouldNameTheFirstRecordThatACutTookAway() {
        for (int fileIndex = 0; fileIndex < journal.files.size(); fileIndex++) {
            byte[] bytes = journal.files.get(fileIndex).bytes();
            for (int length = 0; length < bytes.length - 3; length += length < 16_000 ? 997 : 1) {
                byte[] cut = Arrays.copyOf(bytes, length);
                byte[] zeroed = Arrays.copyOf(cut, bytes.length);

                Fault ofCut = journal.faultOf(journal.with(fileIndex, cut), journal.watermark);
                Fault ofZeroed = journal.faultOf(journal.with(fileIndex, zeroed), journal.watermark);

                assertEquals(firstLost(fileIndex, length), ofCut.sequence(), "cut to " + length);
                int changed = Arrays.mismatch(bytes, zeroed); // A record may end in zeros of its own.
                if (changed >= 0) {
                    assertEquals(firstLost(fileIndex, changed), ofZeroed.sequence(), "zeroed from " + length);
                }
            }
        }
    }

    @Test
    void shouldFindRecordsThatWereSwappedRepeatedOrDeleted() {
        for (int i = 0; i + 1 < journal.places.size(); i++) {
            Place one = journal.places.get(i);
            Place two = journal.places.get(i + 1);
            if (one.fileIndex() != two.fileIndex()) {
                continue;
            }
            byte[] bytes = journal.files.get(one.fileIndex()).bytes();
            byte[] first = Arrays.copyOfRange(bytes, one.position(), one.end());
            byte[] second = Arrays.copyOfRange(bytes, two.position(), two.end());
            byte[] rest = Arrays.copyOfRange(bytes, two.end(), bytes.length);
            byte[] before = Arrays.copyOf(bytes, one.position());

            assertFirstBad(one.sequence(), one.fileIndex(), join(before, second, first, rest));
            assertFirstBad(one.sequence(), one.fileIndex(), join(before, second, rest));
            assertFirstBad(two.sequence(), one.fileIndex(), join(before, first, first, second, rest));
        }
    }

    @Test
    void shouldFindRecordsOfAnotherJournal() {
        for (int i = 0; i < journal.places.size(); i++) {
            Place place = journal.places.get(i);
            Place foreign = other.places.get(i);
            byte[] bytes = journal.files.get(place.fileIndex()).bytes();
            byte[] spliced = join(
                    Arrays.copyOf(bytes, place.position()),
                    Arrays.copyOfRange(other.files.get(foreign.fileIndex()).bytes(), foreign.position(), foreign.end()),
                    Arrays.copyOfRange(bytes, place.end(), bytes.length));

            assertFirstBad(place.sequence(), place.fileIndex(), spliced);
        }
    }

    @Test
    void shouldFindAnotherJournalsTailAndAnotherJournal() {
        Fault tail = journal.faultOf(List.of(journal.files.get(0), other.files.get(1)), Watermark.none());
        Fault whole = journal.faultOf(other.files, journal.watermark);
        Fault missing = journal.faultOf(List.of(journal.files.get(1)), Watermark.none());
        Fault shorter = journal.faultOf(List.of(journal.files.get(0)), journal.watermark);

        assertEquals(14, tail.sequence());
        assertEquals(1, whole.sequence());
        assertEquals(1, missing.sequence());
        assertEquals(14, shorter.sequence());
    }

    private static void assertFirstBad(long sequence, int fileIndex, byte[] bytes) {
        Fault fault = journal.faultOf(journal.with(fileIndex, bytes), journal.watermark);

        assertNotNull(fault);
        assertEquals(sequence, fault.sequence(), fault.text());
    }

    private static void assertNames(Place place, int at, Fault fault) {
        assertNotNull(fault, () -> "byte " + at + " of " + place);
        assertEquals(place.sequence(), fault.sequence(), () -> "byte " + at + " of " + place + ": " + fault.text());
    }

    private static long firstLost(int fileIndex, int length) {
        return journal.places.stream()
                .filter(place -> place.fileIndex() == fileIndex && place.position() + 4 + place.length() > length)
                .findFirst()
                .orElseThrow()
                .sequence();
    }

    private static void putWord(byte[] bytes, int position, int word) {
        for (int i = 0; i < 4; i++) {
            bytes[position + i] = (byte) (word >>> 8 * i);
        }
    }

    private static byte[] join(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        byte[] joined = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }
        return joined;
    }
}

package io.ringfence.gateway.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.engine.pipeline.Traffic;
import io.ringfence.engine.pipeline.Verdict.DecisionFacts;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.OutcomeFactsDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal is that of a real engine under random traffic, in several roll files; the twin is a map of all facts. */
class RecordSearchTest {
    private static final EngineSettings SETTINGS =
            new EngineSettings(7, 1_000_000, 32, 300, 100, 250, 100, 64, 100_000_000L, false, new byte[32]);

    @TempDir
    Path directory;

    private final TreeMap<Long, byte[]> twin = new TreeMap<>();
    private final DecisionFacts facts = new DecisionFacts();
    private long head;

    @BeforeEach
    void writeJournal() {
        JournalDirectory.Options options =
                JournalDirectory.Options.of(Durability.MEMORY).withSegmentLength(256 * 1024);
        try (JournalDirectory journal = JournalDirectory.open(directory, options)) {
            Engine engine = new Engine(SETTINGS, journal.writer()::append, SnapshotSink.NONE);
            new Traffic(8, engine, this::remember).run(SETTINGS, 4_000);
            head = engine.lastSequence();
        }
        assertTrue(firstOfLastFile() > 2_000, "several files");
    }

    private void remember(DecisionEvent event) {
        if (DecisionFacts.has(event)) {
            byte[] bytes = new byte[DecisionFacts.LENGTH];
            facts.write(event, new UnsafeBuffer(bytes), 0);
            twin.put(event.sequence(), bytes);
        }
    }

    @Test
    void shouldFindTheFactsOfEachDecisionAndOfNothingElse() {
        try (RecordSearch search = new RecordSearch(directory)) {
            for (long sequence = 1; sequence <= head; sequence++) {
                assertArrayEquals(twin.get(sequence), search.facts(sequence), "sequence " + sequence);
            }
        }
    }

    /** Parts of a policy may stand in one file and its activation in the next. */
    @Test
    void shouldFindThoseOfEachFileFromItsFirstRecordOn() {
        for (long first = 1; first <= head; first = firstOfNextFile(first)) {
            try (RecordSearch search = new RecordSearch(directory)) {
                for (Map.Entry<Long, byte[]> each :
                        twin.subMap(first, firstOfNextFile(first)).entrySet()) {
                    assertArrayEquals(each.getValue(), search.facts(each.getKey()), "sequence " + each.getKey());
                }
            }
        }
    }

    @Test
    void shouldFindThemInAnyOrder() {
        List<Long> sequences = new ArrayList<>(twin.keySet());
        Collections.shuffle(sequences, new Random(5));
        try (RecordSearch search = new RecordSearch(directory)) {
            for (long sequence : sequences.subList(0, 300)) {
                assertArrayEquals(twin.get(sequence), search.facts(sequence), "sequence " + sequence);
            }
        }
    }

    @Test
    void shouldFindThemAgainAfterItsFileWasClosed() {
        RecordSearch search = new RecordSearch(directory);
        try {
            for (int i = 0; i < 2; i++) {
                assertArrayEquals(twin.lastEntry().getValue(), search.facts(twin.lastKey()));
                search.close();
            }
        } finally {
            search.close();
        }
    }

    @Test
    void shouldOpenTheFileOfTheDecisionAndThatOfItsPolicyOnly() throws IOException {
        Map.Entry<Long, byte[]> last = twin.lastEntry();
        long firstOfLast = firstOfLastFile();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(path -> isBetweenFirstAndLast(path, firstOfLast))
                    .toList()) {
                Files.delete(file);
            }
        }

        try (RecordSearch search = new RecordSearch(directory)) {
            assertArrayEquals(last.getValue(), search.facts(last.getKey()));
        }
    }

    @Test
    void shouldFindNothingBehindDamageInItsFileAndEverythingInOthers() throws IOException {
        List<Long> ofFirstFile =
                new ArrayList<>(twin.headMap(firstOfNextFile(1)).keySet());
        long damaged = ofFirstFile.get(ofFirstFile.size() / 2);
        flipAByteOf(damaged);

        try (RecordSearch search = new RecordSearch(directory)) {
            for (long sequence : ofFirstFile) {
                if (sequence < damaged) {
                    assertArrayEquals(twin.get(sequence), search.facts(sequence), "sequence " + sequence);
                }
            }
            JournalException first = assertThrows(JournalException.class, () -> search.facts(damaged));
            JournalException again =
                    assertThrows(JournalException.class, () -> search.facts(ofFirstFile.get(ofFirstFile.size() - 1)));
            assertSame(first, again, "one place is told once");
            assertTrue(first.getMessage().contains("sequence " + damaged), first::getMessage);
            assertArrayEquals(twin.lastEntry().getValue(), search.facts(twin.lastKey()));
        }
    }

    @Test
    void shouldFindNothingWhereTheJournalEnds() {
        try (RecordSearch search = new RecordSearch(directory)) {
            JournalException beyond = assertThrows(JournalException.class, () -> search.facts(head + 1));

            assertEquals(JournalException.Reason.DAMAGED, beyond.reason());
            assertNull(search.facts(1), "the settings are no decision");
        }
    }

    private long firstOfLastFile() {
        return JournalReader.firstOfFile(directory, head);
    }

    /** Behind the head for the last file. */
    private long firstOfNextFile(long first) {
        long sequence = first;
        while (sequence <= head && JournalReader.firstOfFile(directory, sequence) == first) {
            sequence++;
        }
        return sequence;
    }

    private static boolean isBetweenFirstAndLast(Path file, long firstOfLast) {
        String name = file.getFileName().toString();
        if (!name.matches("\\d{19}\\.cq4")) {
            return false;
        }
        long first = Long.parseLong(name.substring(0, 19));
        return first > 1 && first != firstOfLast;
    }

    /** In the first file: the entry hash stands in the record and nowhere else. */
    private void flipAByteOf(long sequence) throws IOException {
        byte[] hash = new byte[32];
        new UnsafeBuffer(twin.get(sequence)).getBytes(OutcomeFactsDecoder.entryHashEncodingOffset(), hash);
        Path file = directory.resolve("0000000000000000001.cq4");
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < bytes.length - 32; i++) {
            if (Arrays.equals(bytes, i, i + 32, hash, 0, 32)) {
                bytes[i] ^= 1;
                Files.write(file, bytes);
                return;
            }
        }
        throw new AssertionError("no record has this hash: sequence=" + sequence);
    }
}

package io.ringfence.gateway.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.engine.pipeline.Traffic;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.Durability;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of an intact chain that nobody could have written: reading them says so and reads nothing beyond them. */
@Tag("hostile")
class RecordedDecisionTest {
    private static final EngineSettings SETTINGS =
            new EngineSettings(7, 1_000_000, 32, 300, 100, 250, 100, 64, 100_000_000L, false, new byte[32]);
    private static final int RECORDS = 400;
    private static final int CHANGES = 100;

    @TempDir
    Path directory;

    private final RecordView changed = new RecordView();
    private int written; // At least RECORDS.

    @BeforeEach
    void write() {
        try (JournalDirectory journal =
                JournalDirectory.open(directory, JournalDirectory.Options.of(Durability.MEMORY))) {
            Engine engine = new Engine(SETTINGS, journal.writer()::append, SnapshotSink.NONE);
            written = new Traffic(3, engine, event -> {}).run(SETTINGS, RECORDS).size();
        }
    }

    @Test
    void shouldFindEachWrittenRecordWhole() {
        int count = 0;
        try (JournalReader reader = JournalReader.open(directory)) {
            while (reader.next()) {
                assertNull(RecordShape.fault(reader.record()));
                count++;
            }
        }
        assertEquals(written, count);
    }

    @Test
    void shouldReadAnyBytesOfARecordWithoutAnException() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        int faults = 0;
        PolicyHistory history = new PolicyHistory();
        PolicyHistory misled = new PolicyHistory();
        RecordedDecision decision = new RecordedDecision();
        try (JournalReader reader = JournalReader.open(directory)) {
            while (reader.next()) {
                history.accept(reader.record());
                for (int i = 0; i < CHANGES; i++) {
                    if (wrapChanged(reader.record(), random)) {
                        misled.accept(changed);
                        decision.read(changed, history.policy());
                        faults += RecordShape.fault(changed) == null ? 0 : 1;
                    }
                }
            }
        } catch (RuntimeException thrown) {
            throw new AssertionError("seed=" + seed, thrown);
        }
        assertTrue(faults > CHANGES, "seed=" + seed);
    }

    /** The sections of a record begin with the count of the first group, and of its one entry. */
    @Test
    void shouldNameSectionsThatGoBeyondTheRecord() {
        try (JournalReader reader = JournalReader.open(directory)) {
            while (reader.next()) {
                byte[] bytes = bytes(reader.record());
                bytes[reader.record().sectionsOffset() + 1] = (byte) 0xFE;
                assertNull(changed.wrap(bytes, 0, bytes.length));
                assertNotNull(RecordShape.fault(changed));
            }
        }
    }

    /** Changes one byte of command or sections, often one that is a length; false where the record has a kind of its own. */
    private boolean wrapChanged(RecordView record, SplittableRandom random) {
        byte[] bytes = bytes(record);
        int length = record.lengthBeforeSeal() - record.commandOffset();
        bytes[record.commandOffset() + random.nextInt(length)] =
                (byte) (random.nextBoolean() ? 0xFE : random.nextInt());
        return changed.wrap(bytes, 0, bytes.length) == null && CommandType.of(changed.kind()) != null;
    }

    private static byte[] bytes(RecordView record) {
        return Arrays.copyOfRange(record.array(), record.arrayOffset(), record.arrayOffset() + record.length());
    }
}

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
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.RecordHeaderDecoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

    /** Facts of the decision that is named and of the one that it charges: there is no third. */
    @Test
    void shouldRefuseAThirdStamp() {
        int refused = 0;
        try (JournalReader reader = JournalReader.open(directory)) {
            while (reader.next()) {
                byte[] bytes = bytes(reader.record());
                int begin = reader.record().sectionsOffset();
                int entryLength = bytes[begin] & 0xFF;
                if (bytes[begin + 1] == 1) {
                    byte[] one = Arrays.copyOfRange(bytes, begin + 2, begin + 2 + entryLength);
                    assertNull(faultWithStamps(bytes, begin, one, 2));
                    assertEquals(
                            "its section 1 is misshapen: entries=3, length=" + entryLength,
                            faultWithStamps(bytes, begin, one, 3));
                    refused++;
                }
            }
        }
        assertTrue(refused > 10, "records with a stamp: " + refused);
    }

    private String faultWithStamps(byte[] record, int begin, byte[] stamp, int count) {
        int added = (count - 1) * stamp.length;
        ByteBuffer bytes = ByteBuffer.allocate(record.length + added).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(record, 0, begin + 1).put((byte) count);
        for (int i = 0; i < count; i++) {
            bytes.put(stamp);
        }
        bytes.put(record, begin + 2 + stamp.length, record.length - begin - 2 - stamp.length);
        int lengthOffset = MessageHeaderDecoder.ENCODED_LENGTH + RecordHeaderDecoder.sectionsLengthEncodingOffset();
        bytes.putShort(lengthOffset, (short) (bytes.getShort(lengthOffset) + added));
        assertNull(changed.wrap(bytes.array(), 0, bytes.capacity()));
        return RecordShape.fault(changed);
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

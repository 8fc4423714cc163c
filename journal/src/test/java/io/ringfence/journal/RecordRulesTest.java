package io.ringfence.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.journal.read.JournalProver;
import io.ringfence.journal.record.RecordRules;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.RecordHeaderEncoder;
import io.ringfence.schemas.StartEncoder;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records on an intact chain that break a rule of the protocol page. */
class RecordRulesTest {
    private static final long RECORDS = 12;
    private static final long BAD = 7;
    private static final int KIND = RecordView.BLOCK_OFFSET + RecordHeaderEncoder.kindEncodingOffset();
    private static final int TIMESTAMP = RecordView.BLOCK_OFFSET + RecordHeaderEncoder.timestampNsEncodingOffset();
    private static final int TEMPLATE = RecordView.COMMAND_OFFSET + MessageHeaderEncoder.templateIdEncodingOffset();
    private static final int SEMANTICS = RecordView.COMMAND_OFFSET
            + MessageHeaderEncoder.ENCODED_LENGTH
            + StartEncoder.semanticsVersionEncodingOffset();

    @TempDir
    Path directory;

    @Test
    void shouldFindEventTimeThatFallsByOneNanosecond() {
        JournalProver.Report falls =
                verify(record -> record.putLong(TIMESTAMP, 1_000_000_000L + BAD - 2, ByteOrder.LITTLE_ENDIAN));

        assertBad("event time falls: 1000000005 ns, the record before it has 1000000006", falls);
    }

    @Test
    void shouldTakeEventTimeThatStandsStill() {
        JournalProver.Report stands =
                verify(record -> record.putLong(TIMESTAMP, 1_000_000_000L + BAD - 1, ByteOrder.LITTLE_ENDIAN));

        assertTrue(stands.isOk(), stands::faultText);
        assertEquals(RECORDS, stands.records());
    }

    @ParameterizedTest
    @CsvSource({"0", "2", "65535"})
    void shouldFindAVersionThatItDoesNotKnow(int version) {
        JournalProver.Report report = verify(record -> record.putShort(
                MessageHeaderEncoder.versionEncodingOffset(), (short) version, ByteOrder.LITTLE_ENDIAN));

        assertBad("version " + version + " of the record format: this build knows 1 to 1", report);
    }

    @ParameterizedTest
    @CsvSource({"0", "2", "99", "255"})
    void shouldFindAKindThatDoesNotFitItsCommand(int kind) {
        JournalProver.Report report = verify(record -> {
            record.putShort(
                    TEMPLATE, (short) RecordRules.templateOf(CommandKind.TICK.value()), ByteOrder.LITTLE_ENDIAN);
            record.putByte(KIND, (byte) kind);
        });

        assertBad("kind " + kind + " does not fit the command", report);
    }

    @ParameterizedTest
    @CsvSource({"0, 'semantics version 0 of a start'", "4, 'semantics version 4 of a start; an earlier one has 5'"})
    void shouldFindASemanticsVersionThatFalls(int version, String detail) {
        JournalProver.Report report = verify(record -> start(record, version));

        assertBad(detail, report);
    }

    @Test
    void shouldTakeASemanticsVersionThatGrows() {
        JournalProver.Report report = verify(record -> start(record, 6));

        assertTrue(report.isOk(), report::faultText);
    }

    private static void assertBad(String detail, JournalProver.Report report) {
        assertEquals(BAD, report.firstBadSequence(), report::faultText);
        assertEquals(BAD - 1, report.head().sequence());
        assertTrue(report.faultText().contains(detail), report::faultText);
    }

    private static void start(UnsafeBuffer record, int version) {
        record.putByte(KIND, (byte) CommandKind.START.value());
        record.putShort(TEMPLATE, (short) StartEncoder.TEMPLATE_ID, ByteOrder.LITTLE_ENDIAN);
        record.putShort(SEMANTICS, (short) version, ByteOrder.LITTLE_ENDIAN);
    }

    /** Seals a chain through records of which the second is a start, and one is changed before it is sealed. */
    private JournalProver.Report verify(Consumer<UnsafeBuffer> change) {
        RecordFactory factory = new RecordFactory(1);
        try (JournalDirectory journal =
                JournalDirectory.open(directory, JournalDirectory.Options.of(Durability.MEMORY))) {
            factory.settings((byte) 1).appendTo(journal.writer());
            for (long sequence = 2; sequence <= RECORDS; sequence++) {
                factory.ofLength(sequence, 400);
                UnsafeBuffer record = new UnsafeBuffer(factory.bytes(), RecordFactory.OFFSET, factory.length());
                if (sequence == 2) {
                    start(record, 5);
                } else if (sequence == BAD) {
                    change.accept(record);
                }
                factory.appendTo(journal.writer());
            }
        }
        return JournalProver.verify(directory);
    }
}

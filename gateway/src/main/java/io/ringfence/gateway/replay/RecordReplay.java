package io.ringfence.gateway.replay;

import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.RecordDecoder;
import io.ringfence.engine.pipeline.RecordLog;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.StartDecoder;
import java.nio.file.Path;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Applies recorded commands to an engine, stamps as recorded, and compares each record it writes with the recorded one.
 *
 * <p>One thread. The engine must have been made with {@link #log()}.
 */
public final class RecordReplay {
    /** Why a record on an intact chain can differ from what this build computes. */
    public static final String ALTERED = ": altered, or written by another build";

    /** The first start follows the settings. */
    private static final int START_SEQUENCE = 2;

    private final ComparisonLog log = new ComparisonLog();
    private final DecisionEvent event = new DecisionEvent();
    private final RecordDecoder decoder = new RecordDecoder();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final StartDecoder start = new StartDecoder();

    /**
     * Looks at the version that a journal's first start names, before its records are compared: those of another version differ.
     *
     * @return null when this build replays it, or one line that says why not.
     */
    public String refusal(Path directory) {
        try (JournalReader reader = JournalReader.open(directory)) {
            while (reader.next() && reader.record().sequence() <= START_SEQUENCE) {
                if (reader.record().kind() == CommandKind.START) {
                    return checkShapeAndSemantics(reader.record());
                }
            }
        }
        return null;
    }

    /** Log of the replaying engine. */
    public RecordLog log() {
        return log;
    }

    /**
     * Applies one record's command.
     *
     * @param engine as it was before that record.
     * @param record proved by the reader.
     * @return null when the engine wrote the same bytes, or one line that says what differs; then nothing more may be applied.
     */
    public String apply(Engine engine, RecordView record) {
        String refusal = checkShapeAndSemantics(record);
        if (refusal != null) {
            return refusal;
        }
        decoder.accept(record.buffer(), event);
        log.expect(record);
        engine.apply(event);
        return log.difference();
    }

    /** The event of the record last applied, as the engine left it. */
    public DecisionEvent event() {
        return event;
    }

    private String checkShapeAndSemantics(RecordView record) {
        String fault = RecordShape.fault(record);
        if (fault != null) {
            return "sequence " + record.sequence() + ": " + fault + ALTERED;
        }
        return record.kind() == CommandKind.START ? checkSemantics(record) : null;
    }

    /** A build replays what it computes itself. Versions 1 and 2 were never released. */
    private String checkSemantics(RecordView record) {
        start.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header);
        int version = start.semanticsVersion();
        if (version == Engine.SEMANTICS_VERSION) {
            return null;
        }
        return "sequence " + record.sequence() + ": semantics version " + version + ": this build replays version "
                + Engine.SEMANTICS_VERSION + " only; use build " + start.build();
    }

    /**
     * Compares each record that a replaying engine writes with the one that the journal holds, byte for byte.
     *
     * <p>The reader has proved the chain; so equal bytes mean an equal entry hash, which the engine is handed as recorded.
     */
    private static final class ComparisonLog implements RecordLog {
        private RecordView expected;
        private String difference;

        /** Sets the record that the engine must write next. */
        void expect(RecordView record) {
            expected = record;
            difference = null;
        }

        /** First difference; null if there is none. */
        String difference() {
            return difference;
        }

        @Override
        public void append(long sequence, byte[] bytes, int offset, int length) {
            difference = compare(bytes, offset, length);
            expected.copyEntryHash(bytes, offset + length);
        }

        private String compare(byte[] bytes, int begin, int length) {
            int recordedBegin = expected.arrayOffset();
            int recordedLength = expected.lengthBeforeSeal();
            int offset = Arrays.mismatch(
                    bytes, begin, begin + length, expected.array(), recordedBegin, recordedBegin + recordedLength);
            if (offset < 0) {
                return null;
            }
            String field = RecordFields.ofRecords(expected, new UnsafeBuffer(bytes, begin, length), length);
            return "sequence " + expected.sequence() + " (" + expected.kind() + "): "
                    + (field == null ? "byte " + offset + " differs" : field) + ALTERED;
        }
    }
}

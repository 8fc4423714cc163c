package io.ringfence.gateway.replay;

import io.ringfence.engine.pipeline.RecordLog;
import io.ringfence.journal.record.RecordView;
import java.util.Arrays;

/**
 * Compares each record that a replaying engine writes with the one that the journal holds, byte for byte.
 *
 * <p>The reader has proved the chain; so equal bytes mean an equal entry hash, which the engine is handed as recorded.
 */
final class ComparisonLog implements RecordLog {
    private RecordView expected;
    private String difference;

    /** The record that comes next. */
    void expect(RecordView record) {
        expected = record;
        difference = null;
    }

    /** What differed first; null when nothing did. */
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
        if (offset == Math.min(length, recordedLength)) {
            return describe("length", recordedLength, length);
        }
        return describe(
                "byte " + offset + " of " + partAt(offset), expected.buffer().getByte(offset), bytes[begin + offset]);
    }

    private String partAt(int offset) {
        if (offset < expected.commandOffset()) {
            return "the header";
        }
        return offset < expected.sectionsOffset() ? "the command" : "the sections";
    }

    private String describe(String what, long recorded, long replayed) {
        return "sequence " + expected.sequence() + " (" + expected.kind() + "): " + what + ": recorded " + recorded
                + ", replayed " + replayed;
    }
}

package io.ringfence.gateway.replay;

import io.ringfence.engine.pipeline.RecordLog;
import io.ringfence.journal.record.RecordView;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

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
    public void append(MutableDirectBuffer record, int length, byte[] entryHash) {
        difference = compare(record, length);
        expected.copyEntryHash(entryHash, 0);
    }

    private String compare(DirectBuffer record, int length) {
        DirectBuffer recorded = expected.buffer();
        int common = Math.min(length, expected.lengthBeforeSeal());
        for (int offset = 0; offset < common; offset++) {
            if (record.getByte(offset) != recorded.getByte(offset)) {
                return describe(
                        "byte " + offset + " of " + partAt(offset), recorded.getByte(offset), record.getByte(offset));
            }
        }
        if (length != expected.lengthBeforeSeal()) {
            return describe("length", expected.lengthBeforeSeal(), length);
        }
        return null;
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

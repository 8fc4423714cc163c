package io.ringfence.journal.read;

import io.ringfence.journal.record.RecordView;

/** Takes the records of a journal, one by one, in order. */
@FunctionalInterface
public interface RecordVisitor {
    /**
     * @param record that was proved; the view and its bytes are good until this returns.
     */
    void onRecord(RecordView record);
}

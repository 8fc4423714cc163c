package io.ringfence.journal.recovery;

import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.record.RecordView;

/**
 * Builds a state from the records of a journal while the journal is opened. On the thread that opens; the directory is locked.
 *
 * <p>What a method throws ends the opening, and nothing is cut from the journal then.
 */
public interface Rebuild {
    /** Builds nothing: every record is proved, and that is all. */
    Rebuild NONE = new Rebuild() {
        @Override
        public long begin(long maxSequence) {
            return 0;
        }

        @Override
        public boolean accept(RecordView record) {
            return true;
        }
    };

    /**
     * Begins with a state, or with an older one when the one before was of no use. Called once at least, also for an empty journal.
     *
     * @param maxSequence greatest sequence whose state may be used.
     * @return sequence whose record led to the state; 0: the state before the first record. The caller reads on from the roll file
     *         that holds this record, or from an earlier one.
     * @throws JournalException when the journal cannot be built on.
     */
    long begin(long maxSequence);

    /**
     * Takes the next proved record: first that of the sequence which {@link #begin} returned, or the first of the journal.
     *
     * @param record valid until this returns.
     * @return false when the state that was begun with is not the one after this record: then {@link #begin} is called again. Only the
     *         record of that sequence may be answered so.
     */
    boolean accept(RecordView record);
}

package io.ringfence.tools.journal;

import io.ringfence.gateway.replay.PolicyHistory;
import io.ringfence.gateway.replay.RecordReplay;
import io.ringfence.gateway.replay.RecordedDecision;
import io.ringfence.journal.fault.JournalException.Fault;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.record.RecordView;
import java.nio.file.Path;

/** Reads a journal record by record, each with the policy and the names that were in force after it. Not thread safe. */
final class NamedRecords implements AutoCloseable {
    private final Path directory;
    private final JournalReader reader;
    private final RecordedDecision decision = new RecordedDecision();
    private PolicyHistory names;
    private boolean isDecided;
    private long lastSequence;

    private NamedRecords(Path directory, JournalReader reader) {
        this.directory = directory;
        this.reader = reader;
    }

    /** From the first record of the roll file that holds a sequence; an account that was opened before it has no name then. */
    static NamedRecords from(Path directory, long sequence) {
        return new NamedRecords(
                directory, JournalReader.open(directory, JournalReader.firstOfFile(directory, sequence)));
    }

    /** The same for a journal that may be written: its end is no fault. */
    static NamedRecords follow(Path directory, long sequence) {
        return new NamedRecords(
                directory, JournalReader.follow(directory, JournalReader.firstOfFile(directory, sequence)));
    }

    /** Goes to the next record. False at the end, and at a {@link #fault()}. */
    boolean next() {
        if (!reader.next()) {
            return false;
        }
        lastSequence = record().sequence();
        if (names == null) {
            names = PolicyHistory.before(directory, reader.policySequenceBefore());
        }
        names.accept(record());
        isDecided = false;
        return true;
    }

    /** The record, proved; until the next one. */
    RecordView record() {
        return reader.record();
    }

    /** What the record came to, computed again; until the next one. */
    RecordedDecision decision() {
        if (!isDecided) {
            decision.read(record(), names.policy());
            isDecided = true;
        }
        return decision;
    }

    /** What differs between the record and what was computed again, and its sequence; null if nothing does. */
    String difference() {
        String difference = decision().difference();
        return difference == null ? null : "sequence " + lastSequence + ": " + difference + RecordReplay.ALTERED;
    }

    /** The names as they were after the record. */
    PolicyHistory names() {
        return names;
    }

    /** The last record read; 0 if none was. */
    long lastSequence() {
        return lastSequence;
    }

    /** What is wrong with the record behind the last one; null if nothing is. */
    Fault fault() {
        return reader.fault();
    }

    @Override
    public void close() {
        reader.close();
    }
}

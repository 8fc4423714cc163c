package io.ringfence.engine.pipeline;

import io.ringfence.engine.command.Command;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.JournalStateDecoder;
import io.ringfence.schemas.JournalStateEncoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;

/** Completes the record behind the command and has it sealed and appended; the answer may leave after that. */
final class JournalStage implements Stage {
    private static final int HASH_LENGTH = 32;

    private final RecordEncoder encoder = new RecordEncoder();
    private final byte[] lastEntryHash = new byte[HASH_LENGTH];
    private RecordLog log;
    private long lastSequence;

    JournalStage(RecordLog log) {
        this.log = log;
    }

    /** Changes where records go; only while no stage runs. */
    void log(RecordLog next) {
        log = next;
    }

    @Override
    public void onEvent(DecisionEvent event) {
        long sequence = event.sequence();
        if (sequence != lastSequence + 1) {
            throw new IllegalStateException(
                    "sequence must follow the last: sequence=" + sequence + ", last=" + lastSequence);
        }
        if (!event.isReadyForJournal()) {
            throw new IllegalStateException("a section was not written for this command: sequence=" + sequence);
        }
        byte[] bytes = event.command().bytes();
        int length = encoder.encode(event);
        log.append(sequence, bytes, Command.RECORD_OFFSET, length);
        System.arraycopy(bytes, Command.RECORD_OFFSET + length, lastEntryHash, 0, HASH_LENGTH);
        lastSequence = sequence;
        event.appended(length);
    }

    /** Sequence of the last record appended; 0 for none. */
    long lastSequence() {
        return lastSequence;
    }

    /** Hash of the last record, 32 bytes; a copy. */
    byte[] lastEntryHash() {
        return lastEntryHash.clone();
    }

    /** The head: sequence and hash of the last record. */
    @Override
    public void writeState(StateWriter writer) {
        JournalStateEncoder state = new JournalStateEncoder();
        state.wrapAndApplyHeader(writer.buffer(), writer.position(), new MessageHeaderEncoder())
                .sequence(lastSequence)
                .putEntryHash(lastEntryHash, 0, HASH_LENGTH);
        writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + state.encodedLength());
    }

    @Override
    public void readState(StateReader reader) {
        JournalStateDecoder state = new JournalStateDecoder();
        state.wrapAndApplyHeader(reader.buffer(), reader.position(), new MessageHeaderDecoder());
        lastSequence = state.sequence();
        state.getEntryHash(lastEntryHash, 0, HASH_LENGTH);
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + state.encodedLength());
    }
}

package io.ringfence.engine.pipeline;

import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.JournalStateDecoder;
import io.ringfence.schemas.JournalStateEncoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.SnapshotMarkerDecoder;

/** Encodes the record and has it chained and appended; the reply may leave after that. */
final class JournalStage implements Stage {
    private final RecordEncoder encoder = new RecordEncoder();
    private final RecordLog log;
    private final SnapshotSink snapshots;
    private final byte[] lastEntryHash = new byte[32];
    private final SnapshotMarkerDecoder marker = new SnapshotMarkerDecoder();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private long lastSequence;

    JournalStage(RecordLog log, SnapshotSink snapshots) {
        this.log = log;
        this.snapshots = snapshots;
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
        int length = encoder.encode(event);
        log.append(encoder.buffer(), length, event.record().entryHash());
        System.arraycopy(event.record().entryHash(), 0, lastEntryHash, 0, lastEntryHash.length);
        lastSequence = sequence;
        event.record().appended(sequence, length);
        if (event.command().kind() == CommandKind.SNAPSHOT) {
            completeSnapshot(event);
        }
    }

    private void completeSnapshot(DecisionEvent event) {
        marker.wrapAndApplyHeader(event.command().buffer(), 0, header);
        StateWriter writer = new StateWriter();
        writeState(writer);
        snapshots.onSection(marker.snapshotId(), Engine.STAGE_NAMES.size() - 1, writer.byteArray(), writer.position());
        snapshots.onComplete(marker.snapshotId(), event.sequence(), lastEntryHash.clone());
    }

    /** Sequence of the last record appended; 0 for none. */
    long lastSequence() {
        return lastSequence;
    }

    /** The head: which record was last, and its hash. */
    @Override
    public void writeState(StateWriter writer) {
        JournalStateEncoder state = new JournalStateEncoder();
        state.wrapAndApplyHeader(writer.buffer(), writer.position(), new MessageHeaderEncoder())
                .sequence(lastSequence)
                .putEntryHash(lastEntryHash, 0, 32);
        writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + state.encodedLength());
    }

    @Override
    public void readState(StateReader reader) {
        JournalStateDecoder state = new JournalStateDecoder();
        state.wrapAndApplyHeader(reader.buffer(), reader.position(), header);
        lastSequence = state.sequence();
        state.getEntryHash(lastEntryHash, 0, 32);
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + state.encodedLength());
    }
}

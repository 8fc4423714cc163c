package io.ringfence.gateway.server;

import io.ringfence.engine.pipeline.RecordLog;
import io.ringfence.journal.JournalWriter;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.RecordHeaderDecoder;
import org.agrona.MutableDirectBuffer;

/** Hands the engine's records to the journal: the one place where the two meet. */
public final class JournalLog implements RecordLog {
    private static final int SEQUENCE_OFFSET = RecordView.BLOCK_OFFSET + RecordHeaderDecoder.sequenceEncodingOffset();

    private final JournalWriter writer;
    private final byte[] scratch = new byte[JournalWriter.ROOM_BEFORE + RecordView.MAX_LENGTH];

    /** @param writer of the journal; the thread of the journal stage becomes its one appender. */
    public JournalLog(JournalWriter writer) {
        this.writer = writer;
    }

    @Override
    public void append(MutableDirectBuffer record, int length, byte[] entryHash) {
        record.getBytes(0, scratch, JournalWriter.ROOM_BEFORE, length);
        writer.append(record.getLong(SEQUENCE_OFFSET), scratch, JournalWriter.ROOM_BEFORE, length);
        System.arraycopy(scratch, JournalWriter.ROOM_BEFORE + length, entryHash, 0, entryHash.length);
    }
}

package io.ringfence.gateway.server;

import io.ringfence.engine.pipeline.RecordLog;
import io.ringfence.journal.JournalWriter;
import org.agrona.MutableDirectBuffer;

/** Hands the engine's records to the journal: the one place where the two meet. */
public final class JournalLog implements RecordLog {
    private final JournalWriter writer;

    /** @param writer of the journal; the thread of the journal stage becomes its one appender. */
    public JournalLog(JournalWriter writer) {
        this.writer = writer;
    }

    @Override
    public void append(MutableDirectBuffer record, int length, byte[] entryHash) {
        writer.append(record.byteArray(), 0, length);
        record.getBytes(length, entryHash, 0, entryHash.length);
    }
}

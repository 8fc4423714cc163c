package io.ringfence.gateway;

import io.ringfence.engine.pipeline.RecordLog;
import org.agrona.MutableDirectBuffer;

/** Lets an engine write to one log while it is recovered and to another when it is live. */
final class EngineLog implements RecordLog {
    private RecordLog target;

    EngineLog(RecordLog first) {
        this.target = first;
    }

    /** Changes the target; only while no stage runs. */
    void target(RecordLog next) {
        target = next;
    }

    @Override
    public void append(MutableDirectBuffer record, int length, byte[] entryHash) {
        target.append(record, length, entryHash);
    }
}

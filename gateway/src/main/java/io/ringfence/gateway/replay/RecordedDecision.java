package io.ringfence.gateway.replay;

import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.RecordDecoder;
import io.ringfence.engine.policy.Policy;
import io.ringfence.journal.record.RecordView;

/**
 * Rebuilds the event of one record: takes the fields that are recorded and computes the others again.
 *
 * <p>Reused from record to record; not thread safe. The learnt state of the stages is neither needed nor known.
 */
public final class RecordedDecision {
    private final RecordDecoder decoder = new RecordDecoder();
    private final DecisionEvent event = new DecisionEvent();
    private String difference;

    /**
     * Reads a record. When it cannot be decoded, {@link #difference()} says why and the event is that of an earlier record.
     *
     * @param record proved by its reader.
     * @param policy in force after it; null before the first. See {@link PolicyHistory}.
     */
    public void read(RecordView record, Policy policy) {
        String fault = RecordShape.fault(record);
        difference = fault != null ? fault : decoder.decode(record.buffer(), policy, event);
    }

    /** The event; valid until the next {@link #read}. */
    public DecisionEvent event() {
        return event;
    }

    /** First difference between the record and what was computed again, decision digest included; null if there is none. */
    public String difference() {
        return difference;
    }
}

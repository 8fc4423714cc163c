package io.ringfence.gateway.replay;

import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.RecordDecoder;
import io.ringfence.engine.policy.Policy;
import io.ringfence.journal.record.RecordView;

/**
 * One record as its event left the stages: what was recorded as it stands there, what was left out computed again.
 *
 * <p>Reused from record to record; not thread safe. What the stages had learnt is not needed and not known.
 */
public final class RecordedDecision {
    private final RecordDecoder decoder = new RecordDecoder();
    private final DecisionEvent event = new DecisionEvent();
    private String difference;

    /**
     * Reads a record.
     *
     * @param record proved by its reader.
     * @param policy in force after it; null before the first. See {@link PolicyHistory}.
     */
    public void read(RecordView record, Policy policy) {
        try {
            difference = decoder.decode(record.buffer(), policy, event);
        } catch (IndexOutOfBoundsException beyondTheRecord) {
            difference = "its sections go beyond it: " + beyondTheRecord.getMessage();
        }
    }

    /** The event; good until the next reading. */
    public DecisionEvent event() {
        return event;
    }

    /** What differs first between the record and what was computed again, decision digest included; null if nothing does. */
    public String difference() {
        return difference;
    }
}

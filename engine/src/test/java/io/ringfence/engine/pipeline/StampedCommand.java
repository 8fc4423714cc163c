package io.ringfence.engine.pipeline;

import io.ringfence.schemas.CommandKind;
import org.agrona.concurrent.UnsafeBuffer;

/** A command as the gateway stamped it: what every mode must answer alike. */
public record StampedCommand(
        CommandKind kind,
        long sequence,
        long timestampNs,
        int sessionId,
        int principalId,
        byte[] bytes,
        OutcomeFacts facts) {
    void acceptInto(DecisionEvent event) {
        event.accept(kind, sequence, timestampNs, sessionId, principalId, new UnsafeBuffer(bytes), 0, bytes.length);
        if (facts != null) {
            event.stamp().facts(facts);
        }
    }
}

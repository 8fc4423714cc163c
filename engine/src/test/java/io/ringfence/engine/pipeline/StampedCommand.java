package io.ringfence.engine.pipeline;

import io.ringfence.engine.command.CommandType;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A command as the gateway stamped it: what every mode must answer alike.
 *
 * @param facts an {@code OutcomeFacts} block; null for none.
 */
public record StampedCommand(
        CommandType type, long sequence, long timestampNs, int sessionId, int principalId, byte[] bytes, byte[] facts) {
    void acceptInto(DecisionEvent event) {
        event.accept(type, sequence, timestampNs, sessionId, principalId, new UnsafeBuffer(bytes), 0, bytes.length);
        if (facts != null) {
            event.command().stampFacts(new UnsafeBuffer(facts), 0);
        }
    }
}

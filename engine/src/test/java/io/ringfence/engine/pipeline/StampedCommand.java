package io.ringfence.engine.pipeline;

import io.ringfence.engine.command.CommandType;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A command as the gateway stamped it: what every mode must answer alike.
 *
 * @param facts  an {@code OutcomeFacts} block; null for none.
 * @param lesson an {@code OutcomeLesson} block; null for none.
 * @param parentFacts  of an outcome of a retry: the facts of the decision that it charges; null for none.
 * @param parentLesson what stood of that; null for nothing.
 */
public record StampedCommand(
        CommandType type,
        long sequence,
        long timestampNs,
        int sessionId,
        int principalId,
        byte[] bytes,
        byte[] facts,
        byte[] lesson,
        byte[] parentFacts,
        byte[] parentLesson) {
    StampedCommand(
            CommandType type,
            long sequence,
            long timestampNs,
            int sessionId,
            int principalId,
            byte[] bytes,
            byte[] facts) {
        this(type, sequence, timestampNs, sessionId, principalId, bytes, facts, null);
    }

    StampedCommand(
            CommandType type,
            long sequence,
            long timestampNs,
            int sessionId,
            int principalId,
            byte[] bytes,
            byte[] facts,
            byte[] lesson) {
        this(type, sequence, timestampNs, sessionId, principalId, bytes, facts, lesson, null, null);
    }

    /** Loads and stamps the command in a slot. */
    public void acceptInto(DecisionEvent event) {
        acceptInto(event, new UnsafeBuffer(0, 0));
    }

    /** The same, through a buffer of the caller's: allocates nothing. */
    void acceptInto(DecisionEvent event, UnsafeBuffer view) {
        view.wrap(bytes);
        event.accept(type, sequence, timestampNs, sessionId, principalId, view, 0, bytes.length);
        if (facts != null) {
            view.wrap(facts);
            event.command().stampFacts(view, 0);
        }
        if (lesson != null) {
            view.wrap(lesson);
            event.command().stampLesson(view, 0);
        }
        if (parentFacts != null) {
            view.wrap(parentFacts);
            event.command().ofParent().stampFacts(view, 0);
        }
        if (parentLesson != null) {
            view.wrap(parentLesson);
            event.command().ofParent().stampLesson(view, 0);
        }
    }
}

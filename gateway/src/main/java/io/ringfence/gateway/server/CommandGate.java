package io.ringfence.gateway.server;

import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.OutcomeFacts;
import io.ringfence.engine.pipeline.Pipeline;
import io.ringfence.schemas.CommandKind;
import org.agrona.DirectBuffer;

/**
 * The one place where commands are stamped and take their slot.
 *
 * <p>An eighth of the ring is kept for what must not wait behind admissions: cancels, executions, settles, accounts and what
 * the engine itself has to say.
 */
final class CommandGate {
    private static final int KEPT_SHARE = 8;

    private final Pipeline pipeline;
    private final TurnClock clock;
    private final int keptSlots;

    CommandGate(Pipeline pipeline, TurnClock clock) {
        this.pipeline = pipeline;
        this.clock = clock;
        this.keptSlots = Math.max(1, pipeline.ringSize() / KEPT_SHARE);
    }

    /** Is there a slot for a command of this kind? */
    boolean hasRoom(CommandKind kind) {
        return pipeline.hasCapacity(isKeptFor(kind) ? 1 : 1 + keptSlots);
    }

    private static boolean isKeptFor(CommandKind kind) {
        return switch (kind) {
            case ADMISSION, ORDER, REPLACE, OUTCOME -> false;
            default -> true;
        };
    }

    /** The sequence that the next command will have. */
    long nextSequence() {
        return pipeline.nextSequence();
    }

    /**
     * Stamps a command and publishes it. Only after {@link #hasRoom} said yes.
     *
     * @return its sequence.
     */
    long take(CommandKind kind, int sessionId, int principalId, DirectBuffer source, int offset, int length) {
        long sequence = pipeline.nextSequence();
        accept(sequence, kind, sessionId, principalId, source, offset, length);
        pipeline.publish();
        return sequence;
    }

    /** The same for an outcome, stamped with the facts of the decision it reports on. */
    long takeOutcome(int sessionId, int principalId, OutcomeFacts facts, DirectBuffer source, int offset, int length) {
        long sequence = pipeline.nextSequence();
        accept(sequence, CommandKind.OUTCOME, sessionId, principalId, source, offset, length)
                .stamp()
                .facts(facts);
        pipeline.publish();
        return sequence;
    }

    private DecisionEvent accept(
            long sequence,
            CommandKind kind,
            int sessionId,
            int principalId,
            DirectBuffer source,
            int offset,
            int length) {
        DecisionEvent event = pipeline.claim();
        event.accept(kind, sequence, clock.timestampNs(), sessionId, principalId, source, offset, length);
        return event;
    }
}

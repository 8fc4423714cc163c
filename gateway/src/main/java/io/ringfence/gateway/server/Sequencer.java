package io.ringfence.gateway.server;

import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Pipeline;
import org.agrona.DirectBuffer;

/**
 * The one place where commands are stamped and take their slot.
 *
 * <p>A command is loaded into {@link #slot()} and checked there; only then does {@link #take} claim the slot. An eighth of the ring is
 * kept for what must not wait behind admissions. For the duty cycle.
 */
final class Sequencer {
    private static final int KEPT_SHARE = 8;

    private final DecisionEvent spare = new DecisionEvent();
    private final Pipeline pipeline;
    private final TurnClock clock;
    private final int keptSlots;

    Sequencer(Pipeline pipeline, TurnClock clock) {
        this.pipeline = pipeline;
        this.clock = clock;
        this.keptSlots = pipeline.ringSize() / KEPT_SHARE;
    }

    /** Where the next message is loaded and checked: the next free slot, or a spare one that is never taken when the ring is full. */
    DecisionEvent slot() {
        return pipeline.hasCapacity(1) ? pipeline.next() : spare;
    }

    /** Is there a slot for a command of this type? */
    boolean hasRoom(CommandType type) {
        return pipeline.hasCapacity(type.hasKeptRoom() ? 1 : 1 + keptSlots);
    }

    /** Commands that were taken and not yet handed to {@link Replies}. */
    int takenCount() {
        return pipeline.depth();
    }

    /** The sequence that the next command will have. */
    long nextSequence() {
        return pipeline.nextSequence();
    }

    /** Stamps the command in {@link #slot()} and publishes it; returns its sequence. Only after {@link #hasRoom} said yes. */
    long take(CommandType type, int sessionId, int principalId) {
        return publish(stamp(type, sessionId, principalId));
    }

    /** The same, stamped with the facts of the decision that the command names: an {@code OutcomeFacts} block. */
    long takeStamped(CommandType type, int sessionId, int principalId, DirectBuffer facts, int factsOffset) {
        DecisionEvent event = stamp(type, sessionId, principalId);
        event.command().stampFacts(facts, factsOffset);
        return publish(event);
    }

    /** Loads, stamps and publishes a trusted command; returns its sequence. Only after {@link #hasRoom} said yes. */
    long take(CommandType type, int sessionId, int principalId, DirectBuffer source, int offset, int length) {
        pipeline.next().command().load(source, offset, length);
        return take(type, sessionId, principalId);
    }

    private DecisionEvent stamp(CommandType type, int sessionId, int principalId) {
        DecisionEvent event = pipeline.next();
        event.stamp(type, pipeline.nextSequence(), clock.timestampNs(), sessionId, principalId);
        return event;
    }

    private long publish(DecisionEvent event) {
        long sequence = event.sequence();
        pipeline.publish();
        return sequence;
    }
}

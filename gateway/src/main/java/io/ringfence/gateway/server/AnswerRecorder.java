package io.ringfence.gateway.server;

import io.ringfence.engine.pipeline.ClientFields;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.DecisionFacts;
import io.ringfence.engine.pipeline.OutcomeFacts;
import io.ringfence.gateway.answers.AnswerEncoder;
import io.ringfence.gateway.answers.AnswerMemory;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.Durability;

/**
 * Remembers the first answer to each request and the facts of each decision, live and when a journal is recovered.
 *
 * <p>One thread at a time; allocates nothing once warm.
 */
public final class AnswerRecorder {
    private final DecisionFacts decisionFacts = new DecisionFacts();
    private final OutcomeFacts facts = new OutcomeFacts();
    private final AnswerEncoder encoder;
    private final GatewayMemory memory;

    /** @param durability that every answer says it waited for. */
    public AnswerRecorder(GatewayMemory memory, Durability durability) {
        this.encoder = new AnswerEncoder(durability);
        this.memory = memory;
    }

    /** Takes a journaled event that is not going to be answered: recovery's way to catch up. */
    public void recover(DecisionEvent event) {
        if (event.stamp().principalId() != 0
                && ClientFields.hasRequestId(event.command().kind())
                && !event.intake().isDuplicate()) {
            memory.requestIds().seen(event.stamp().principalId(), AnswerEncoder.clientRequestId(event));
            record(event);
        } else if (event.command().kind() == CommandKind.TICK) {
            record(event);
        }
        answered(event);
    }

    /**
     * Remembers what a tick or a client's command that is no duplicate brought about.
     *
     * @return where its answer stands in the memory, or {@link AnswerMemory#NONE} when its request id keeps an earlier one.
     */
    int record(DecisionEvent event) {
        if (event.command().kind() == CommandKind.TICK) {
            memory.answers().sweptTo(event.stamp().timestampNs());
            return AnswerMemory.NONE;
        }
        if (AnswerEncoder.isHoldEnded(event)) {
            memory.answers().holdEnded(AnswerEncoder.actedHoldId(event));
        }
        decisionFacts.read(event, facts);
        if (facts.isPresent()) {
            memory.facts().add(facts, event.stamp().timestampNs());
        }
        if (!AnswerEncoder.isFirstOfItsId(event)) {
            return AnswerMemory.NONE;
        }
        int offset = memory.answers()
                .add(
                        event.stamp().principalId(),
                        AnswerEncoder.clientRequestId(event),
                        event.sequence(),
                        AnswerEncoder.holdDeadlineNs(event));
        encoder.encode(event, memory.answers().buffer(), offset);
        return offset;
    }

    /** Notes that everything up to this event has been answered. */
    void answered(DecisionEvent event) {
        memory.facts().answered(event.sequence());
    }
}

package io.ringfence.gateway.server;

import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Verdict.DecisionFacts;
import io.ringfence.gateway.answers.AnswerEncoder;
import io.ringfence.gateway.answers.AnswerMemory;
import io.ringfence.gateway.answers.FactsIndex;
import io.ringfence.gateway.answers.PastAnswers;
import io.ringfence.schemas.Durability;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.MutableLong;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the gateway remembers of its clients' requests: first answers, facts of decisions, and each principal's highest request id.
 *
 * <p>What is repeated of an answer is written when that answer leaves, so that with {@code DISK} nothing is told that the disk may
 * not have yet; a start writes it from the journal. One thread at a time; allocates nothing except for the first request of a
 * principal.
 */
public final class GatewayMemory {
    private final Int2ObjectHashMap<MutableLong> highestRequestIds = new Int2ObjectHashMap<>();
    private final AnswerMemory answers;
    private final FactsIndex facts;
    private final PastAnswers pastAnswers;
    private final AnswerEncoder encoder;
    private final UnsafeBuffer recovered = new UnsafeBuffer(new byte[AnswerEncoder.LENGTH]);

    /**
     * @param answers     first answers, over the span that intake remembers requests.
     * @param facts       of answered decisions, for outcomes.
     * @param pastAnswers finds what {@code answers} does not keep.
     * @param durability  that every answer says it waited for.
     */
    public GatewayMemory(AnswerMemory answers, FactsIndex facts, PastAnswers pastAnswers, Durability durability) {
        this.answers = answers;
        this.facts = facts;
        this.pastAnswers = pastAnswers;
        this.encoder = new AnswerEncoder(durability);
    }

    /**
     * Remembers what an event that is answered brought about.
     *
     * @param answer its first answer; not read for an event that is no client's, or a duplicate.
     */
    void record(DecisionEvent event, DirectBuffer answer) {
        recordFacts(event);
        if (event.type() == CommandType.TICK) {
            answers.sweptTo(event.command().timestampNs());
        } else if (isClients(event.command()) && !event.isDuplicate()) {
            seen(event.command().principalId(), event.command().clientRequestId());
            holdEnded(event);
            if (AnswerEncoder.isFirstOfItsId(event)) {
                answers.buffer().putBytes(addAnswer(event), answer, 0, AnswerEncoder.LENGTH);
            }
        }
    }

    /** Keeps the facts of a decision, which nobody is told before it is answered. */
    void recordFacts(DecisionEvent event) {
        if (isClients(event.command()) && !event.isDuplicate() && DecisionFacts.has(event)) {
            facts.add(event);
        }
    }

    private void holdEnded(DecisionEvent event) {
        if (event.verdict().isHoldEnded()) {
            answers.holdEnded(event.command().holdId());
        }
    }

    private int addAnswer(DecisionEvent event) {
        Command command = event.command();
        return answers.add(
                command.principalId(),
                command.clientRequestId(),
                command.sequence(),
                AnswerEncoder.holdDeadlineNs(event));
    }

    /** Takes a replayed event, which was answered before: how a start catches up. */
    public void recover(DecisionEvent event) {
        if (isClients(event.command()) && !event.isDuplicate()) {
            encoder.encode(event, recovered, 0);
        }
        record(event, recovered);
        facts.answered(event.sequence());
    }

    /** Notes a request id of a principal. */
    public void seen(int principalId, long clientRequestId) {
        MutableLong known = highestRequestIds.get(principalId);
        if (known == null) {
            highestRequestIds.put(principalId, new MutableLong(clientRequestId));
        } else if (clientRequestId > known.get()) {
            known.set(clientRequestId);
        }
    }

    /** Highest request id of a principal; 0 for none. */
    long highestRequestId(int principalId) {
        MutableLong known = highestRequestIds.get(principalId);
        return known == null ? 0 : known.get();
    }

    /** Did a client send the command, so that it is answered? */
    static boolean isClients(Command command) {
        return command.type().isOfClient() && command.principalId() != 0;
    }

    AnswerMemory answers() {
        return answers;
    }

    FactsIndex facts() {
        return facts;
    }

    PastAnswers pastAnswers() {
        return pastAnswers;
    }
}

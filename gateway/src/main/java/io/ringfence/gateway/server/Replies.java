package io.ringfence.gateway.server;

import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.intake.ClockSteps;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Pipeline.ReplyHandler;
import io.ringfence.engine.pipeline.Verdict;
import io.ringfence.gateway.answers.AnswerEncoder;
import io.ringfence.gateway.answers.AnswerMemory;
import io.ringfence.gateway.answers.FactsIndex;
import io.ringfence.gateway.session.Session;
import io.ringfence.gateway.session.Sessions;
import io.ringfence.schemas.ClockCommandDecoder;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.PrincipalCommandDecoder;
import io.ringfence.schemas.ReasonCode;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Answers what has been journaled, then keeps the books: memory of answers and facts, counters, commands of other threads.
 *
 * <p>With {@code MEMORY} an answer leaves here, at once. With {@code DISK} it waits in {@link PendingReplies}, so that the slot is free
 * again, and leaves once the watermark has passed it. For the duty cycle; allocates nothing once warm.
 */
final class Replies implements ReplyHandler {
    private final UnsafeBuffer answer = new UnsafeBuffer(new byte[AnswerEncoder.LENGTH]);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final PrincipalCommandDecoder principal = new PrincipalCommandDecoder();
    private final ClockCommandDecoder clockCommand = new ClockCommandDecoder();
    private final AnswerEncoder encoder;
    private final Sessions sessions;
    private final AnswerMemory answers;
    private final FactsIndex facts;
    private final AnswerRepeater repeater;
    private final AdminPort admin;
    private final DecisionCounters counters;
    private final TurnClock clock;
    private final PendingReplies pending;

    Replies(
            Durability durability,
            Sessions sessions,
            AnswerMemory answers,
            FactsIndex facts,
            AnswerRepeater repeater,
            AdminPort admin,
            DecisionCounters counters,
            TurnClock clock) {
        this.encoder = new AnswerEncoder(durability);
        this.sessions = sessions;
        this.answers = answers;
        this.facts = facts;
        this.repeater = repeater;
        this.admin = admin;
        this.counters = counters;
        this.clock = clock;
        this.pending = durability == Durability.DISK ? new PendingReplies(this, answers, encoder) : null;
    }

    @Override
    public void onAppended(DecisionEvent event) {
        Command command = event.command();
        boolean isClients = command.isOfClient();
        if (isClients || command.type() == CommandType.SESSION_OPENED) {
            if (pending != null) {
                pending.add(event);
            } else if (!isClients) {
                welcome(command.sessionId(), command.sequence());
            } else if (event.isDuplicate()) {
                boolean isHoldStanding = event.verdict().holdId() != Verdict.NO_HOLD;
                repeat(command.sessionId(), command.clientRequestId(), event.originalSequence(), isHoldStanding);
            } else {
                answer(event);
            }
        }
        facts.add(event); // Nobody is told of them before the event is answered.
        if (pending == null) {
            facts.answered(command.sequence());
            if (isClients) {
                answers.record(event, answer);
            }
        }
        counters.count(event);
        noteClock(event);
        if (!isClients) {
            noteRole(event);
            admin.onAppended(event);
        }
    }

    /** What the gateway refuses by role follows the journal. */
    private void noteRole(DecisionEvent event) {
        if (event.type() == CommandType.PRINCIPAL && event.verdict().reason() == ReasonCode.APPLIED) {
            principal.wrapAndApplyHeader(event.command().message(), 0, header);
            sessions.giveRole((int) principal.principalId(), principal.role());
        }
    }

    /** The clock goes on as a person accepted it; a repeated command accepts nothing again. */
    private void noteClock(DecisionEvent event) {
        if (event.type() == CommandType.CLOCK
                && event.verdict().reason() == ReasonCode.APPLIED
                && !event.isDuplicate()) {
            clockCommand.wrapAndApplyHeader(event.command().message(), 0, header);
            clock.accept(ClockSteps.aheadNs(event.command().timestampNs(), clockCommand.wallClockNs()));
        }
    }

    private void answer(DecisionEvent event) {
        encoder.encode(event, answer, 0);
        Session session = sessions.named(event.command().sessionId());
        if (session != null) {
            session.answer(answer, 0, AnswerEncoder.LENGTH, clock.nowNs());
        }
    }

    /** Gives the first answer to a command that intake knew again. */
    void repeat(int sessionId, long clientRequestId, long firstSequence, boolean isHoldStanding) {
        Session session = sessions.named(sessionId);
        if (session != null) {
            repeater.answer(session, clientRequestId, firstSequence, isHoldStanding);
        }
    }

    /** Tells a client that its session stands. */
    void welcome(int sessionId, long sequence) {
        Session session = sessions.named(sessionId);
        if (session != null) {
            session.welcome(answers.highestRequestId(session.principalId()), sequence, clock.nowNs());
        }
    }

    Sessions sessions() {
        return sessions;
    }

    long nowNs() {
        return clock.nowNs();
    }

    /** Is there room for the answer to one more command, behind the answers to so many that are on the ring? */
    boolean hasRoom(CommandType type, int takenCount) {
        return pending == null || pending.hasRoom(type.hasKeptRoom(), takenCount);
    }

    /** Does no reply wait for the watermark? */
    boolean isEmpty() {
        return pending == null || pending.isEmpty();
    }

    /**
     * Lets leave what has waited long enough.
     *
     * @param releasedSequence answers up to this one may leave.
     * @return how many left.
     */
    int release(long releasedSequence) {
        admin.release(releasedSequence);
        if (pending == null) {
            return 0;
        }
        int count = pending.release(releasedSequence);
        facts.answered(releasedSequence);
        return count;
    }
}

package io.ringfence.gateway.server;

import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.command.Stamp;
import io.ringfence.gateway.answers.AnswerMemory;
import io.ringfence.gateway.answers.PastAnswers.LateCommand;
import io.ringfence.gateway.answers.PastFacts;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.frame.Frame;
import io.ringfence.gateway.session.Session;
import io.ringfence.gateway.session.Sessions;
import io.ringfence.schemas.OutcomeFactsDecoder;
import io.ringfence.schemas.ReasonCode;
import org.agrona.concurrent.UnsafeBuffer;

/** Turns commands whose decisions were looked up into commands, or into refusals; also of sessions that have ended. For the duty cycle. */
final class LateAdapter {
    private final Frame received = new Frame();
    private final UnsafeBuffer message = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer stamp = new UnsafeBuffer(0, 0);
    private final OutcomeFactsDecoder decided = new OutcomeFactsDecoder();
    private final RequestAdapter requests;
    private final Sessions sessions;
    private final Sequencer sequencer;
    private final AnswerMemory answers;
    private final LookUps lookUps;
    private final CountersFile counters;
    private final TurnClock clock;

    /** @param requests says what is refused now. */
    LateAdapter(
            RequestAdapter requests,
            Sessions sessions,
            Sequencer sequencer,
            AnswerMemory answers,
            LookUps lookUps,
            CountersFile counters,
            TurnClock clock) {
        this.requests = requests;
        this.sessions = sessions;
        this.sequencer = sequencer;
        this.answers = answers;
        this.lookUps = lookUps;
        this.counters = counters;
        this.clock = clock;
    }

    /**
     * Takes a command whose decision was looked up, also when its session has ended since.
     *
     * @param result NONE, or why there are no facts.
     * @param found  null unless {@code result} is NONE.
     * @return false when there is no room now, or an outcome of the decision is on its way: call again.
     */
    boolean take(LateCommand late, ReasonCode result, PastFacts found) {
        if (result != ReasonCode.NONE) {
            refuse(late, result, NamedDecision.fieldId(late.type()), late.decision());
            return true;
        }
        stamp.wrap(found.facts());
        decided.wrap(stamp, 0, OutcomeFactsDecoder.BLOCK_LENGTH, OutcomeFactsDecoder.SCHEMA_VERSION);
        if (sequencer.isTooOld(decided.timestampNs())) {
            refuse(late, ReasonCode.OUTCOME_TOO_OLD, NamedDecision.fieldId(late.type()), late.decision());
            return true;
        }
        ReasonCode ofNewRisk = requests.refusalOfNewRisk(late.type());
        if (ofNewRisk != ReasonCode.NONE) {
            refuse(late, ofNewRisk, 0, 0);
            return true;
        }
        boolean isOutcome = late.type() == CommandType.OUTCOME;
        if (!requests.hasRoom(late.type()) || isOutcome && isOpen(late, found)) {
            return false;
        }
        if (isOutcome && !sequencer.isCurrent(late.decision(), found)) {
            lookUpAgain(late);
            return true;
        }
        load(late, found);
        sequencer.take(late.type(), late.sessionId(), late.principalId(), Sequencer.NO_DECISION);
        return true;
    }

    private boolean isOpen(LateCommand late, PastFacts found) {
        return sequencer.isOutcomeOpen(
                late.decision(), found.parent() == null ? 0 : found.parent().decision());
    }

    private void load(LateCommand late, PastFacts found) {
        Command command = load(late);
        stamp(command.ofDecision(), found);
        if (found.parent() != null) {
            stamp(command.ofParent(), found.parent());
        }
    }

    private void stamp(Stamp of, PastFacts found) {
        stamp.wrap(found.facts());
        of.stampFacts(stamp, 0);
        if (found.lesson() != null) {
            stamp.wrap(found.lesson());
            of.stampLesson(stamp, 0);
        }
    }

    /** Another outcome of the decision was ordered since the journal was read. */
    private void lookUpAgain(LateCommand late) {
        LateCommand again =
                new LateCommand(late.type(), late.sessionId(), late.principalId(), late.decision(), late.message());
        if (!lookUps.ask(again)) {
            refuse(late, ReasonCode.RING_FULL, 0, 0);
        }
    }

    /** Refuses a command whose decision was being looked up: it took no sequence. */
    void refuse(LateCommand late, ReasonCode reason, int fieldId, long value) {
        Frame frame = received.check(load(late));
        answers.ended(late.principalId(), frame.clientRequestId());
        Session session = sessions.named(late.sessionId());
        if (session != null) {
            session.refuseTaken(frame, reason, fieldId, value, clock.nowNs());
        }
        counters.increment(EngineCounter.REFUSED);
        counters.increment(reason);
    }

    private Command load(LateCommand late) {
        Command command = sequencer.slot().command();
        message.wrap(late.message());
        command.load(message, 0, late.message().length);
        return command;
    }
}

package io.ringfence.gateway.server;

import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.gateway.answers.AnswerMemory;
import io.ringfence.gateway.answers.PastAnswers.LateCommand;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.frame.Frame;
import io.ringfence.gateway.session.Session;
import io.ringfence.gateway.session.Sessions;
import io.ringfence.gateway.transport.Connection;
import io.ringfence.gateway.transport.Transport;
import io.ringfence.schemas.AdmissionRequestDecoder;
import io.ringfence.schemas.LogonDecoder;
import io.ringfence.schemas.LogoutDecoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.PrincipalRestartDecoder;
import io.ringfence.schemas.QueryDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Role;
import io.ringfence.schemas.SessionEnd;
import org.agrona.DirectBuffer;

/**
 * Turns received frames into commands, or into refusals before anything was claimed.
 *
 * <p>A frame is copied once, into the next free slot, and everything is read from that copy: its sender can change nothing any more.
 * Checks in this order: frame and fields, session, its numbering, rights, window, clock, disk, journal, ring, the decision that it names.
 * A message that stands next in its session uses up its number even when it is refused.
 */
final class RequestAdapter implements Transport.MessageHandler {
    /** The session fields are the first field of every message that has them. */
    private static final int SESSION_FIELD_ID = AdmissionRequestDecoder.sessionId();

    private final Frame received = new Frame();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final LogonDecoder logon = new LogonDecoder();
    private final NamedDecision named = new NamedDecision();
    private final PrincipalRestartDecoder restart = new PrincipalRestartDecoder();
    private final Sessions sessions;
    private final Sequencer sequencer;
    private final Replies replies;
    private final AnswerMemory answers;
    private final AnswerRepeater repeater;
    private final LookUps lookUps;
    private final CountersFile counters;
    private final TurnClock clock;
    private boolean isDiskLow;
    private boolean isJournalDamaged;

    RequestAdapter(
            Sessions sessions,
            Sequencer sequencer,
            Replies replies,
            AnswerMemory answers,
            AnswerRepeater repeater,
            LookUps lookUps,
            CountersFile counters,
            TurnClock clock) {
        this.sessions = sessions;
        this.sequencer = sequencer;
        this.replies = replies;
        this.answers = answers;
        this.repeater = repeater;
        this.lookUps = lookUps;
        this.counters = counters;
        this.clock = clock;
    }

    /** Begins a turn: is too little room on the disk for new risk, or the journal damaged? */
    void turn(boolean isDiskLow, boolean isJournalDamaged) {
        this.isDiskLow = isDiskLow;
        this.isJournalDamaged = isJournalDamaged;
    }

    @Override
    public void onMessage(Connection connection, DirectBuffer buffer, int offset, int length) {
        Command command = sequencer.slot().command();
        command.load(buffer, offset, Math.min(length, Command.CLIENT_LENGTH_MAX));
        Frame frame = received.check(command);
        if (length > command.length()) {
            frame.tooLong(length);
        }
        if (frame.isSound() && frame.templateId() == LogonDecoder.TEMPLATE_ID) {
            logOn(command.message(), connection);
            return;
        }
        Session session = sessions.of(connection);
        if (session == null) {
            count(frame.isSound() ? ReasonCode.NOT_LOGGED_ON : frame.reason());
            return;
        }
        session.heard(clock.nowNs());
        boolean isInOrder = !frame.isNumbered() || session.takeNumber(frame.sessionSequence());
        if (!frame.isSound()) {
            refuse(session, frame, frame.reason(), frame.fieldId(), frame.value());
        } else if (!isInOrder) {
            refuse(session, frame, ReasonCode.SESSION_SEQUENCE_GAP, SESSION_FIELD_ID, session.expectedSequence());
        } else if (!session.takeReadTo(frame.highestReplyRead())) {
            refuse(session, frame, ReasonCode.FIELD_INVALID, SESSION_FIELD_ID, frame.highestReplyRead());
        } else if (frame.type() != null) {
            take(session, frame, command);
        } else {
            act(session, frame);
        }
    }

    private void logOn(DirectBuffer message, Connection connection) {
        ReasonCode refusal = sessions.logOn(logon.wrapAndApplyHeader(message, 0, header), connection, clock.nowNs());
        if (refusal != ReasonCode.NONE) {
            count(refusal);
        }
    }

    /** Acts on a message that is no command; a heartbeat was heard, which is all. */
    private void act(Session session, Frame frame) {
        if (frame.templateId() == LogoutDecoder.TEMPLATE_ID) {
            sessions.end(session, SessionEnd.LOGOUT);
        } else if (frame.templateId() == QueryDecoder.TEMPLATE_ID) {
            query(session, frame);
        }
    }

    private void query(Session session, Frame frame) {
        if (session.role() == Role.NONE) {
            refuse(session, frame, ReasonCode.NOT_ALLOWED, 0, 0);
            return;
        }
        ReasonCode refusal =
                session.isWindowFull() ? ReasonCode.WINDOW_FULL : repeater.query(session, frame.clientRequestId());
        if (refusal == ReasonCode.WINDOW_FULL) {
            refuse(session, frame, refusal, 0, 0);
        } else if (refusal != ReasonCode.NONE) {
            refuse(session, frame, refusal, QueryDecoder.clientRequestIdId(), frame.clientRequestId());
        }
    }

    private void take(Session session, Frame frame, Command command) {
        CommandType type = frame.type();
        ReasonCode refusal = refusal(session, frame);
        if (refusal != ReasonCode.NONE) {
            refuse(session, frame, refusal, 0, 0);
            return;
        }
        long decision = type.isStamped() ? named.of(type, command.message()) : Sequencer.NO_DECISION;
        if (decision != Sequencer.NO_DECISION) {
            takeNaming(session, frame, command, decision);
            return;
        }
        if (type == CommandType.PRINCIPAL_RESTART && isAnyOpen(command.message())) {
            refuse(session, frame, ReasonCode.RING_FULL, 0, 0);
            return;
        }
        if (type == CommandType.CLOCK) {
            command.stampWallClock(clock.wallNs());
        }
        order(session, frame, decision);
    }

    /** Has a command ordered. It is open until it is answered, which may be before this returns. */
    private void order(Session session, Frame frame, long decision) {
        long requestId = frame.clientRequestId();
        session.taken();
        sequencer.take(frame.type(), session.sessionId(), session.principalId(), decision);
        if (sequencer.takenCount() > 0 || !replies.isEmpty()) {
            answers.taken(session.principalId(), requestId);
        }
    }

    /**
     * Would a command that an ended session has sent be decided behind the new beginning of its principal? One that names a decision may
     * wait for long. With a session the principal gets no new beginning.
     */
    private boolean isAnyOpen(DirectBuffer message) {
        int principalId = (int) restart.wrapAndApplyHeader(message, 0, header).principalId();
        return (answers.isAnyOpen(principalId) || lookUps.isAnyLate(principalId)) && !sessions.has(principalId);
    }

    /** Was a request of this id answered? It is none of new risk then: its sender gets the first answer, or hears that the body differs. */
    private boolean isAnswered(Session session, Frame frame) {
        return answers.sequence(session.principalId(), frame.clientRequestId()) != 0;
    }

    /** Was a request of this id answered, or at least ordered? Intake knows it again then, and needs no facts for that. */
    private boolean isKnown(Session session, Frame frame) {
        int principalId = session.principalId();
        return isAnswered(session, frame)
                || answers.isOpen(principalId, frame.clientRequestId()) && !lookUps.isAnyLate(principalId);
    }

    /** Takes a command that names a decision, or has the facts of that decision looked up first. */
    private void takeNaming(Session session, Frame frame, Command command, long decision) {
        ReasonCode refusal = sequencer.check(frame.type(), decision);
        boolean isAtHand = refusal == ReasonCode.NONE && sequencer.isAtHand(frame.type(), decision);
        if (isAtHand || isKnown(session, frame)) {
            order(session, frame, isAtHand ? decision : Sequencer.NO_DECISION);
            return;
        }
        if (refusal != ReasonCode.NONE) {
            refuse(session, frame, refusal, NamedDecision.fieldId(frame.type()), decision);
            return;
        }
        byte[] message = new byte[command.length()];
        command.message().getBytes(0, message);
        if (lookUps.ask(new LateCommand(frame.type(), session.sessionId(), session.principalId(), decision, message))) {
            session.taken();
            answers.taken(session.principalId(), frame.clientRequestId());
        } else {
            refuse(session, frame, ReasonCode.RING_FULL, 0, 0);
        }
    }

    private ReasonCode refusal(Session session, Frame frame) {
        CommandType type = frame.type();
        if (!type.isSentBy(session.role())) {
            return ReasonCode.NOT_ALLOWED;
        }
        if (session.isWindowFull()) {
            return ReasonCode.WINDOW_FULL;
        }
        ReasonCode ofNewRisk = refusalOfNewRisk(type);
        if (ofNewRisk != ReasonCode.NONE && !isAnswered(session, frame)) {
            return ofNewRisk;
        }
        return hasRoom(type) ? ReasonCode.NONE : ReasonCode.RING_FULL;
    }

    /** Why no new risk is taken now; NONE where it is, and for every other command. */
    ReasonCode refusalOfNewRisk(CommandType type) {
        if (type.isNewRisk() && clock.hasStepped()) {
            return ReasonCode.CLOCK_STEP;
        }
        if (isDiskLow && (type.isNewRisk() || type == CommandType.POLICY_PIECE)) {
            return ReasonCode.DISK_LOW;
        }
        return type.isNewRisk() && isJournalDamaged ? ReasonCode.JOURNAL_DAMAGED : ReasonCode.NONE;
    }

    /** Is there room for a command of this type, and for its answer? */
    boolean hasRoom(CommandType type) {
        return sequencer.hasRoom(type) && replies.hasRoom(type, sequencer.takenCount());
    }

    private void refuse(Session session, Frame frame, ReasonCode reason, int fieldId, long value) {
        session.refuse(frame, reason, fieldId, value, clock.nowNs());
        count(reason);
    }

    private void count(ReasonCode reason) {
        counters.increment(EngineCounter.REFUSED);
        counters.increment(reason);
    }
}

package io.ringfence.gateway.server;

import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.gateway.answers.FactsIndex;
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
import io.ringfence.schemas.OutcomeReportDecoder;
import io.ringfence.schemas.QueryDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Role;
import io.ringfence.schemas.SessionEnd;
import org.agrona.DirectBuffer;

/**
 * Turns received frames into commands, or into refusals before anything was claimed.
 *
 * <p>A frame is copied once, into the next free slot, and everything is read from that copy: its sender can change nothing any more.
 * Checks in this order: frame and fields, session, its numbering, rights, window, clock, disk, ring, facts. A message that stands next
 * in its session uses up its number even when it is refused.
 */
final class RequestAdapter implements Transport.MessageHandler {
    /** The session fields are the first field of every message that has them. */
    private static final int SESSION_FIELD_ID = AdmissionRequestDecoder.sessionId();

    /** A request that retries none; an outcome always names one. */
    private static final long NO_DECISION = AdmissionRequestDecoder.parentSequenceNullValue();

    private final Frame received = new Frame();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final LogonDecoder logon = new LogonDecoder();
    private final AdmissionRequestDecoder admission = new AdmissionRequestDecoder();
    private final OutcomeReportDecoder outcome = new OutcomeReportDecoder();
    private final Sessions sessions;
    private final Sequencer sequencer;
    private final Replies replies;
    private final FactsIndex facts;
    private final AnswerRepeater repeater;
    private final CountersFile counters;
    private final TurnClock clock;
    private boolean isDiskLow;

    RequestAdapter(
            Sessions sessions,
            Sequencer sequencer,
            Replies replies,
            FactsIndex facts,
            AnswerRepeater repeater,
            CountersFile counters,
            TurnClock clock) {
        this.sessions = sessions;
        this.sequencer = sequencer;
        this.replies = replies;
        this.facts = facts;
        this.repeater = repeater;
        this.counters = counters;
        this.clock = clock;
    }

    /** Begins a turn: is too little room on the disk for new risk? */
    void turn(boolean isDiskLow) {
        this.isDiskLow = isDiskLow;
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
            take(session, frame, command.message());
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
        if (refusal == ReasonCode.ANSWER_NOT_KEPT) {
            refuse(session, frame, refusal, QueryDecoder.clientRequestIdId(), frame.clientRequestId());
        } else if (refusal != ReasonCode.NONE) {
            refuse(session, frame, refusal, 0, 0);
        }
    }

    private void take(Session session, Frame frame, DirectBuffer message) {
        CommandType type = frame.type();
        ReasonCode refusal = refusal(session, type);
        if (refusal != ReasonCode.NONE) {
            refuse(session, frame, refusal, 0, 0);
            return;
        }
        boolean isOutcome = type == CommandType.OUTCOME;
        long decision = isOutcome ? reported(message) : type.isStamped() ? retried(message) : NO_DECISION;
        if (decision == NO_DECISION) {
            session.taken();
            sequencer.take(type, session.sessionId(), session.principalId());
        } else {
            int fieldId =
                    isOutcome ? OutcomeReportDecoder.decisionSequenceId() : AdmissionRequestDecoder.parentSequenceId();
            takeStamped(session, frame, decision, fieldId);
        }
    }

    private long reported(DirectBuffer message) {
        return outcome.wrapAndApplyHeader(message, 0, header).decisionSequence();
    }

    private long retried(DirectBuffer message) {
        return admission.wrapAndApplyHeader(message, 0, header).parentSequence();
    }

    /** Takes a message that names a decision, with the facts of that decision; refuses it when there are none. */
    private void takeStamped(Session session, Frame frame, long decision, int fieldId) {
        ReasonCode missing = facts.check(decision, clock.timestampNs());
        if (missing != ReasonCode.NONE) {
            refuse(session, frame, missing, fieldId, decision);
            return;
        }
        session.taken();
        sequencer.takeStamped(
                frame.type(), session.sessionId(), session.principalId(), facts.buffer(), facts.offset(decision));
    }

    private ReasonCode refusal(Session session, CommandType type) {
        if (!type.isSentBy(session.role())) {
            return ReasonCode.NOT_ALLOWED;
        }
        if (session.isWindowFull()) {
            return ReasonCode.WINDOW_FULL;
        }
        if (type.isNewRisk() && clock.hasStepped()) {
            return ReasonCode.CLOCK_STEP;
        }
        if (type.isNewRisk() && isDiskLow) {
            return ReasonCode.DISK_LOW;
        }
        boolean hasRoom = sequencer.hasRoom(type) && replies.hasRoom(type, sequencer.takenCount());
        return hasRoom ? ReasonCode.NONE : ReasonCode.RING_FULL;
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

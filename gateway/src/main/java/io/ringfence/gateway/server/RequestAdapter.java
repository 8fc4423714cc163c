package io.ringfence.gateway.server;

import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;
import io.ringfence.engine.pipeline.OutcomeFacts;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.frame.Frame;
import io.ringfence.gateway.frame.FrameCheck;
import io.ringfence.gateway.session.Session;
import io.ringfence.gateway.session.Sessions;
import io.ringfence.schemas.AccountCommandDecoder;
import io.ringfence.schemas.AdmissionRequestDecoder;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.HeartbeatDecoder;
import io.ringfence.schemas.LogonDecoder;
import io.ringfence.schemas.LogoutDecoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OrderCancelDecoder;
import io.ringfence.schemas.OrderReplaceDecoder;
import io.ringfence.schemas.OrderRequestDecoder;
import io.ringfence.schemas.OutcomeReportDecoder;
import io.ringfence.schemas.QueryDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SessionEnd;
import io.ringfence.schemas.SettleDecoder;
import org.agrona.DirectBuffer;

/**
 * Turns received frames into commands, or into refusals before anything was claimed.
 *
 * <p>Looks in this order: frame and fields, session, its numbering, rights, window, clock, disk, ring, facts. A message that stands
 * next in its session uses up its number even when it is refused.
 */
final class RequestAdapter implements FragmentHandler {
    /** The session fields are the first field of every message that has them. */
    private static final int SESSION_FIELD_ID = AdmissionRequestDecoder.sessionId();

    private final FrameCheck check = new FrameCheck();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final LogonDecoder logon = new LogonDecoder();
    private final OutcomeReportDecoder outcome = new OutcomeReportDecoder();
    private final OutcomeFacts facts = new OutcomeFacts();

    private final Sessions sessions;
    private final CommandGate gate;
    private final GatewayMemory memory;
    private final AnswerRepeater repeater;
    private final JournalStatus journal;
    private final CountersFile counters;
    private final TurnClock clock;

    RequestAdapter(
            Sessions sessions,
            CommandGate gate,
            GatewayMemory memory,
            AnswerRepeater repeater,
            JournalStatus journal,
            CountersFile counters,
            TurnClock clock) {
        this.sessions = sessions;
        this.gate = gate;
        this.memory = memory;
        this.repeater = repeater;
        this.journal = journal;
        this.counters = counters;
        this.clock = clock;
    }

    @Override
    public void onFragment(DirectBuffer buffer, int offset, int length, Header fragment) {
        boolean isWhole = (fragment.flags() & FrameDescriptor.UNFRAGMENTED) == FrameDescriptor.UNFRAGMENTED;
        Frame frame = check.check(buffer, offset, isWhole ? length : 0); // No message is long enough to be split.
        if (frame.isSound() && frame.templateId() == LogonDecoder.TEMPLATE_ID) {
            logOn(buffer, offset, fragment.sessionId());
            return;
        }
        Session session = sessions.ofImage(fragment.sessionId());
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
        } else {
            act(session, frame, buffer, offset, length);
        }
    }

    private void logOn(DirectBuffer buffer, int offset, int imageSessionId) {
        ReasonCode refusal =
                sessions.logOn(logon.wrapAndApplyHeader(buffer, offset, header), imageSessionId, clock.nowNs());
        if (refusal != ReasonCode.NONE) {
            count(refusal);
        }
    }

    private void act(Session session, Frame frame, DirectBuffer buffer, int offset, int length) {
        switch (frame.templateId()) {
            case HeartbeatDecoder.TEMPLATE_ID:
                break; // It was heard.
            case LogoutDecoder.TEMPLATE_ID:
                sessions.end(session, SessionEnd.LOGOUT);
                break;
            case QueryDecoder.TEMPLATE_ID:
                query(session, frame);
                break;
            case OutcomeReportDecoder.TEMPLATE_ID:
                takeOutcome(session, frame, buffer, offset, length);
                break;
            default:
                take(session, frame, buffer, offset, length);
                break;
        }
    }

    private void query(Session session, Frame frame) {
        ReasonCode refusal =
                session.isWindowFull() ? ReasonCode.WINDOW_FULL : repeater.query(session, frame.clientRequestId());
        if (refusal == ReasonCode.ANSWER_NOT_KEPT) {
            refuse(session, frame, refusal, QueryDecoder.clientRequestIdId(), frame.clientRequestId());
        } else if (refusal != ReasonCode.NONE) {
            refuse(session, frame, refusal, 0, 0);
        }
    }

    private void take(Session session, Frame frame, DirectBuffer buffer, int offset, int length) {
        CommandKind kind = kind(frame.templateId());
        ReasonCode refusal = refusal(session, kind);
        if (refusal != ReasonCode.NONE) {
            refuse(session, frame, refusal, 0, 0);
            return;
        }
        gate.take(kind, session.sessionId(), session.principalId(), buffer, offset, length);
        taken(session, frame);
    }

    private void takeOutcome(Session session, Frame frame, DirectBuffer buffer, int offset, int length) {
        ReasonCode refusal = refusal(session, CommandKind.OUTCOME);
        if (refusal != ReasonCode.NONE) {
            refuse(session, frame, refusal, 0, 0);
            return;
        }
        long decisionSequence =
                outcome.wrapAndApplyHeader(buffer, offset, header).decisionSequence();
        ReasonCode missing = memory.facts().find(decisionSequence, clock.timestampNs(), facts);
        if (missing != ReasonCode.NONE) {
            refuse(session, frame, missing, OutcomeReportDecoder.decisionSequenceId(), decisionSequence);
            return;
        }
        gate.takeOutcome(session.sessionId(), session.principalId(), facts, buffer, offset, length);
        taken(session, frame);
    }

    private void taken(Session session, Frame frame) {
        session.taken();
        memory.requestIds().seen(session.principalId(), frame.clientRequestId());
    }

    private static CommandKind kind(int templateId) {
        return switch (templateId) {
            case AdmissionRequestDecoder.TEMPLATE_ID -> CommandKind.ADMISSION;
            case OrderRequestDecoder.TEMPLATE_ID -> CommandKind.ORDER;
            case OrderCancelDecoder.TEMPLATE_ID -> CommandKind.CANCEL;
            case OrderReplaceDecoder.TEMPLATE_ID -> CommandKind.REPLACE;
            case ExecutionDecoder.TEMPLATE_ID -> CommandKind.EXECUTION;
            case SettleDecoder.TEMPLATE_ID -> CommandKind.SETTLE;
            case AccountCommandDecoder.TEMPLATE_ID -> CommandKind.ACCOUNT;
            default -> throw new IllegalArgumentException("no command of this template: templateId=" + templateId);
        };
    }

    private ReasonCode refusal(Session session, CommandKind kind) {
        if (kind == CommandKind.ACCOUNT && !sessions.isOperator(session.principalId())) {
            return ReasonCode.NOT_ALLOWED;
        }
        if (session.isWindowFull()) {
            return ReasonCode.WINDOW_FULL;
        }
        if (isNewRisk(kind) && clock.hasStepped()) {
            return ReasonCode.CLOCK_STEP;
        }
        if (isNewRisk(kind) && journal.isDiskLow()) {
            return ReasonCode.DISK_LOW;
        }
        return gate.hasRoom(kind) ? ReasonCode.NONE : ReasonCode.RING_FULL;
    }

    private static boolean isNewRisk(CommandKind kind) {
        return kind == CommandKind.ADMISSION || kind == CommandKind.ORDER || kind == CommandKind.REPLACE;
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

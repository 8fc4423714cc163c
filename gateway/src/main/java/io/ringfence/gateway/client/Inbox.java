package io.ringfence.gateway.client;

import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.LogonAckDecoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;
import org.agrona.DirectBuffer;

/** Reads what the gateway sends, and keeps account of it: welcome, reply numbers, and whether any was lost. */
final class Inbox implements FragmentHandler {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final AdmissionDecisionDecoder decision = new AdmissionDecisionDecoder();
    private final RefusedDecoder refused = new RefusedDecoder();
    private final LogonAckDecoder logonAck = new LogonAckDecoder();
    private final long logonId;

    private AnswerHandler handler;
    private ReasonCode welcome;
    private int window;
    private long timeoutNs;
    private long highestClientRequestId;
    private long replySequence;
    private long answerCount;
    private boolean isOver;

    Inbox(long logonId) {
        this.logonId = logonId;
    }

    void handler(AnswerHandler handler) {
        this.handler = handler;
    }

    @Override
    public void onFragment(DirectBuffer buffer, int offset, int length, Header fragmentHeader) {
        header.wrap(buffer, offset);
        switch (header.templateId()) {
            case AdmissionDecisionDecoder.TEMPLATE_ID:
                decision.wrapAndApplyHeader(buffer, offset, header);
                answerCount++;
                numbered(decision.replySequence());
                handler.onDecision(decision);
                break;
            case RefusedDecoder.TEMPLATE_ID:
                onRefused(buffer, offset);
                break;
            case LogonAckDecoder.TEMPLATE_ID:
                onLogonAck(buffer, offset);
                break;
            default:
                break; // A heartbeat, which counts by being heard, or a message of a later version.
        }
    }

    private void onRefused(DirectBuffer buffer, int offset) {
        refused.wrapAndApplyHeader(buffer, offset, header);
        answerCount += RingfenceClient.isRequest(refused.templateId()) ? 1 : 0;
        isOver |= refused.reason() == ReasonCode.ENGINE_FAILED;
        numbered(refused.replySequence());
        handler.onRefused(refused);
    }

    private void numbered(long sequence) {
        isOver |= sequence != replySequence + 1; // One was lost: what else is unknown, so nothing more is believed.
        replySequence = sequence;
    }

    private void onLogonAck(DirectBuffer buffer, int offset) {
        logonAck.wrapAndApplyHeader(buffer, offset, header);
        if (logonAck.logonId() == logonId && welcome == null) {
            welcome = logonAck.reason();
            window = (int) logonAck.window();
            timeoutNs = logonAck.timeoutNs();
            highestClientRequestId = logonAck.highestClientRequestId();
        }
    }

    long logonId() {
        return logonId;
    }

    /** What the gateway said to the log on; null while it has said nothing. */
    ReasonCode welcome() {
        return welcome;
    }

    int window() {
        return window;
    }

    long timeoutNs() {
        return timeoutNs;
    }

    long highestClientRequestId() {
        return highestClientRequestId;
    }

    /** Number of the last reply read. */
    long replySequence() {
        return replySequence;
    }

    /** How many requests were answered or refused. */
    long answerCount() {
        return answerCount;
    }

    /** Notes that the session is over. */
    void over() {
        isOver = true;
    }

    /** Has the session come to an end that only a new log on cures? */
    boolean isOver() {
        return isOver;
    }
}

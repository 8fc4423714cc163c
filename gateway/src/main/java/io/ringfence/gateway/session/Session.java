package io.ringfence.gateway.session;

import io.ringfence.gateway.answers.AnswerEncoder;
import io.ringfence.gateway.frame.Frame;
import io.ringfence.gateway.transport.Connection;
import io.ringfence.gateway.transport.ReplyStream;
import io.ringfence.schemas.AdmissionDecisionEncoder;
import io.ringfence.schemas.HeartbeatEncoder;
import io.ringfence.schemas.LogonAckEncoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.QueryEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedEncoder;
import io.ringfence.schemas.Role;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One session of a client: its numbering, its window and its answers, which leave in order and never wait for the client.
 *
 * <p>Used by the duty cycle only; allocates nothing once it is open. A request is unanswered from its claim until its
 * answer is sent, and unread from then on until the client says that it has read that far: both fill the window, and so
 * does a query whose answer is looked up.
 */
public final class Session {
    private static final int REPLY_SEQUENCE_OFFSET =
            MessageHeaderEncoder.ENCODED_LENGTH + AdmissionDecisionEncoder.replySequenceEncodingOffset();

    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[AnswerEncoder.LENGTH]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final RefusedEncoder refused = new RefusedEncoder();
    private final HeartbeatEncoder heartbeat = new HeartbeatEncoder();

    private final Connection connection;
    private final int principalId;
    private final long logonId;
    private final long replyAddress;
    private final ReplyStream replies;
    private final Sessions.Settings settings;
    private final int window;

    private int sessionId;
    private Role role = Role.NONE;
    private boolean isEstablished;
    private long sessionSequence;
    private long replySequence;
    private long highestReplyRead;
    private int unansweredCount;
    private long heardAtNs;
    private long spokeAtNs;
    private LateAnswers late; // Null until the client reads too slowly for the first time.
    private boolean isBroken;

    Session(Handshake handshake, Sessions.Settings settings, long nowNs) {
        this.connection = handshake.connection();
        this.principalId = handshake.principalId();
        this.logonId = handshake.logonId();
        this.replyAddress = handshake.replyAddress();
        this.replies = handshake.replies();
        this.settings = settings;
        this.window = settings.window();
        this.heardAtNs = nowNs;
        this.spokeAtNs = nowNs;
    }

    /** Names the session: the sequence of the command that opened it, whose record the client's welcome waits for. */
    public void name(int sessionId) {
        this.sessionId = sessionId;
    }

    /** The session's name in every record; 0 until it has one. */
    public int sessionId() {
        return sessionId;
    }

    /** Principal that logged on. */
    public int principalId() {
        return principalId;
    }

    void role(Role newRole) {
        role = newRole;
    }

    /** Role of the principal: what it may send. */
    public Role role() {
        return role;
    }

    /** The client's id of the logon that began the session. */
    public long logonId() {
        return logonId;
    }

    Connection connection() {
        return connection;
    }

    /** Where its replies go: no two sessions of different clients have the same address. */
    long replyAddress() {
        return replyAddress;
    }

    /** Tells the client that the session is open. Its requests are taken from now on. */
    public void welcome(long highestClientRequestId, long headSequence, long nowNs) {
        isEstablished = true;
        LogonAckEncoder ack = new LogonAckEncoder()
                .wrapAndApplyHeader(scratch, 0, header)
                .logonId(logonId)
                .reason(ReasonCode.NONE)
                .sessionId(sessionId)
                .window(settings.window())
                .durability(settings.durability())
                .timeoutNs(settings.timeoutNs())
                .highestClientRequestId(highestClientRequestId)
                .headSequence(headSequence);
        send(scratch, 0, MessageHeaderEncoder.ENCODED_LENGTH + ack.encodedLength(), nowNs);
    }

    /** Has the client been welcomed? */
    public boolean isEstablished() {
        return isEstablished;
    }

    /** Notes a sign of life of the client. */
    public void heard(long nowNs) {
        heardAtNs = nowNs;
    }

    /** The session sequence that the next message must have. */
    public long expectedSequence() {
        return sessionSequence + 1;
    }

    /** Takes a message's session sequence; false, and no change, unless it is the next one. */
    public boolean takeNumber(long sequence) {
        if (sequence != sessionSequence + 1) {
            return false;
        }
        sessionSequence = sequence;
        return true;
    }

    /** Takes the last reply that the client has read; false when it is below an earlier one or was never sent. */
    public boolean takeReadTo(long replySequenceRead) {
        if (replySequenceRead < highestReplyRead || replySequenceRead > replySequence) {
            return false;
        }
        highestReplyRead = replySequenceRead;
        return true;
    }

    /** Are too many requests unanswered or unread? */
    public boolean isWindowFull() {
        return unansweredCount + (replySequence - highestReplyRead) >= window;
    }

    /** Notes a request that took a sequence, or that takes one once the decision that it names was looked up; or a query that is looked up. */
    public void taken() {
        unansweredCount++;
    }

    /** Sends an encoded answer to what was {@link #taken}, numbered as the next reply. */
    public void answer(MutableDirectBuffer message, int offset, int length, long nowNs) {
        unansweredCount--;
        reply(message, offset, length, nowNs);
    }

    /** Sends an answer that is at hand to a query, numbered as the next reply. */
    public void reply(MutableDirectBuffer message, int offset, int length, long nowNs) {
        message.putLong(offset + REPLY_SEQUENCE_OFFSET, ++replySequence, ByteOrder.LITTLE_ENDIAN);
        send(message, offset, length, nowNs);
    }

    /** Refuses what a frame asks; what does not fit the stream at once is lost, for its sender has overrun its window. */
    public void refuse(Frame frame, ReasonCode reason, int fieldId, long value, long nowNs) {
        encodeRefusal(frame, reason, fieldId, value);
        sendRefusal(nowNs);
    }

    /** Refuses a request that was {@link #taken} and takes no sequence after all; what does not fit the stream at once is sent later. */
    public void refuseTaken(Frame frame, ReasonCode reason, int fieldId, long value, long nowNs) {
        encodeRefusal(frame, reason, fieldId, value);
        endTaken(nowNs);
    }

    /** Refuses a query that was {@link #taken}, in the same way. */
    public void refuseQuery(long clientRequestId, ReasonCode reason, long nowNs) {
        beginRefusal(reason)
                .clientRequestId(clientRequestId)
                .templateId(QueryEncoder.TEMPLATE_ID)
                .fieldId(QueryEncoder.clientRequestIdId())
                .value(clientRequestId);
        endTaken(nowNs);
    }

    private void endTaken(long nowNs) {
        unansweredCount--;
        replySequence++;
        send(scratch, 0, MessageHeaderEncoder.ENCODED_LENGTH + refused.encodedLength(), nowNs);
    }

    private void encodeRefusal(Frame frame, ReasonCode reason, int fieldId, long value) {
        beginRefusal(reason).templateId(frame.templateId()).fieldId(fieldId).value(value);
        if (frame.clientRequestId() != 0) {
            refused.clientRequestId(frame.clientRequestId());
        }
        if (frame.isNumbered()) {
            refused.sessionSequence(frame.sessionSequence());
        }
    }

    /** Tells the client that the gateway answers nothing more. */
    public void refuseAll(ReasonCode reason, long nowNs) {
        beginRefusal(reason);
        sendRefusal(nowNs);
    }

    private RefusedEncoder beginRefusal(ReasonCode reason) {
        return refused.wrapAndApplyHeader(scratch, 0, header)
                .replySequence(replySequence + 1)
                .clientRequestId(RefusedEncoder.clientRequestIdNullValue())
                .sessionSequence(RefusedEncoder.sessionSequenceNullValue())
                .reason(reason)
                .templateId(0)
                .fieldId(0)
                .value(0);
    }

    private void sendRefusal(long nowNs) {
        if (offer(scratch, 0, MessageHeaderEncoder.ENCODED_LENGTH + refused.encodedLength())) {
            replySequence++;
            spokeAtNs = nowNs;
        }
    }

    /** Sends now, or keeps for later; does nothing when broken. */
    private void send(MutableDirectBuffer message, int offset, int length, long nowNs) {
        if (!offer(message, offset, length) && !isBroken) {
            late = late == null ? new LateAnswers(replies, settings.patienceNs()) : late;
            late.keep(message, offset, length, nowNs);
            isBroken = late.isGivenUp();
        }
        spokeAtNs = nowNs;
    }

    /** Sends if that is possible at once, else returns false: alone for refusals and heartbeats, which may be lost. */
    private boolean offer(DirectBuffer message, int offset, int length) {
        if (isBroken || late != null && !late.isEmpty()) {
            return false;
        }
        ReplyStream.Offer offer = replies.offer(message, offset, length);
        isBroken = offer == ReplyStream.Offer.FAILED;
        return offer == ReplyStream.Offer.SENT;
    }

    /** Sends what was held up, and a heartbeat when nothing else was sent for a quarter of the time-out. */
    int doWork(long nowNs, long timestampNs) {
        int workCount = sendLate(nowNs);
        if (isEstablished && nowNs - spokeAtNs > settings.timeoutNs() / 4) {
            heartbeat.wrapAndApplyHeader(scratch, 0, header).timestampNs(timestampNs);
            heartbeat.session().sessionSequence(sessionSequence).highestReplyRead(replySequence);
            offer(scratch, 0, MessageHeaderEncoder.ENCODED_LENGTH + heartbeat.encodedLength());
            spokeAtNs = nowNs;
            workCount++;
        }
        return workCount;
    }

    private int sendLate(long nowNs) {
        isBroken |= replies.state() != ReplyStream.State.CONNECTED;
        if (isBroken || late == null) {
            return 0;
        }
        int sentCount = late.doWork(nowNs);
        isBroken = late.isGivenUp();
        return sentCount;
    }

    /** Has the client been silent for too long? */
    boolean isSilent(long nowNs) {
        return nowNs - heardAtNs > settings.timeoutNs();
    }

    /** Has the stream to the client failed? */
    boolean isBroken() {
        return isBroken;
    }

    void close() {
        replies.close();
    }
}

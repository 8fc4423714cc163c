package io.ringfence.gateway.session;

import io.ringfence.gateway.answers.AnswerEncoder;
import io.ringfence.gateway.client.IpcStreams;
import io.ringfence.gateway.frame.Frame;
import io.ringfence.gateway.transport.Connection;
import io.ringfence.schemas.AdmissionDecisionEncoder;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.HeartbeatEncoder;
import io.ringfence.schemas.LogonAckEncoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.QueryEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedEncoder;
import io.ringfence.schemas.Role;
import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One session of a client: its numbering, its window and the stream of its answers.
 *
 * <p>Used by the duty cycle only; allocates nothing once it is open. A request is unanswered from its claim until its
 * answer is sent, and unread from then on until the client says that it has read that far: both fill the window, and so
 * does a query whose answer is looked up.
 */
public final class Session {
    /**
     * Limits of every session of a gateway.
     *
     * @param maxSessions most open sessions; 1 and above.
     * @param window      most requests of one session that are unanswered or whose answers are unread; 1 to {@link IpcStreams#WINDOW_MAX}.
     * @param timeoutNs   silence of a client after which its session ends; also the time limit of a logon.
     * @param patienceNs  how long a session's answers may be held up by back pressure before it ends.
     * @param durability  what answers wait for; each client is told at its logon.
     */
    public record Settings(int maxSessions, int window, long timeoutNs, long patienceNs, Durability durability) {
        /** Checks the ranges above. */
        public Settings {
            require(maxSessions > 0, "maxSessions must be positive", maxSessions);
            require(
                    window > 0 && window <= IpcStreams.WINDOW_MAX,
                    "window must be 1.." + IpcStreams.WINDOW_MAX,
                    window);
            require(timeoutNs > 0, "timeoutNs must be positive", timeoutNs);
            require(patienceNs > 0, "patienceNs must be positive", patienceNs);
        }

        private static void require(boolean holds, String rule, long value) {
            if (!holds) {
                throw new IllegalArgumentException(rule + ": value=" + value);
            }
        }
    }

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
    private final AnswerStream answers;
    private final Settings settings;
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

    Session(Handshake handshake, Settings settings, long nowNs) {
        this.connection = handshake.connection();
        this.principalId = handshake.principalId();
        this.logonId = handshake.logonId();
        this.replyAddress = handshake.replyAddress();
        this.answers = new AnswerStream(handshake.replies(), settings.patienceNs());
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
        if (answers.offer(scratch, 0, MessageHeaderEncoder.ENCODED_LENGTH + refused.encodedLength())) {
            replySequence++;
            spokeAtNs = nowNs;
        }
    }

    private void send(MutableDirectBuffer message, int offset, int length, long nowNs) {
        answers.send(message, offset, length, nowNs);
        spokeAtNs = nowNs;
    }

    /** Sends what was held up, and a heartbeat when nothing else was sent for a quarter of the time-out. */
    int doWork(long nowNs, long timestampNs) {
        int workCount = answers.doWork(nowNs);
        if (isEstablished && nowNs - spokeAtNs > settings.timeoutNs() / 4) {
            heartbeat.wrapAndApplyHeader(scratch, 0, header).timestampNs(timestampNs);
            heartbeat.session().sessionSequence(sessionSequence).highestReplyRead(replySequence);
            answers.offer(scratch, 0, MessageHeaderEncoder.ENCODED_LENGTH + heartbeat.encodedLength());
            spokeAtNs = nowNs;
            workCount++;
        }
        return workCount;
    }

    /** Has the client been silent for too long? */
    boolean isSilent(long nowNs) {
        return nowNs - heardAtNs > settings.timeoutNs();
    }

    /** Has the stream to the client failed? */
    boolean isBroken() {
        return answers.isBroken();
    }

    void close() {
        answers.close();
    }
}

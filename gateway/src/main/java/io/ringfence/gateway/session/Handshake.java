package io.ringfence.gateway.session;

import io.ringfence.gateway.transport.Connection;
import io.ringfence.gateway.transport.ReplyStream;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.LogonAckEncoder;
import io.ringfence.schemas.LogonDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Tristate;
import org.agrona.concurrent.UnsafeBuffer;

/** A logon in progress: the stream of replies is requested, and its client does not listen on it yet. */
final class Handshake {
    private final Connection connection;
    private final int principalId;
    private final long logonId;
    private final ReasonCode refusal;
    private final long deadlineNs;
    private final long replyAddress;
    private final ReplyStream replies;

    private final boolean replacesNobody;

    private boolean isOver;

    Handshake(LogonDecoder logon, Connection connection, long replyAddress, ReasonCode refusal, long deadlineNs) {
        this.connection = connection;
        this.principalId = (int) logon.principalId();
        this.logonId = logon.logonId();
        this.refusal = refusal;
        this.deadlineNs = deadlineNs;
        this.replyAddress = replyAddress;
        this.replacesNobody = logon.replacesNobody() == Tristate.YES;
        this.replies = connection.openReplies(replyAddress);
    }

    /** Is this the handshake of that logon id and connection? */
    boolean isOf(long logonId, Connection connection) {
        return this.logonId == logonId && this.connection == connection;
    }

    Connection connection() {
        return connection;
    }

    int principalId() {
        return principalId;
    }

    /** Is it to be refused while its principal has a session? */
    boolean replacesNobody() {
        return replacesNobody;
    }

    long logonId() {
        return logonId;
    }

    long replyAddress() {
        return replyAddress;
    }

    /** Has the deadline passed? */
    boolean isOverdue(long nowNs) {
        return nowNs - deadlineNs > 0;
    }

    /** State of the stream by now. Gives it up after the deadline, unless the client listens, and when the client is gone. */
    ReplyStream.State carryOn(long nowNs) {
        if (isOver) {
            return ReplyStream.State.CLOSED;
        }
        ReplyStream.State state = replies.state();
        if (state == ReplyStream.State.CLOSED || state == ReplyStream.State.OPENING && isOverdue(nowNs)) {
            close();
        }
        return isOver ? ReplyStream.State.CLOSED : state;
    }

    /** Gives the logon up. */
    void close() {
        isOver = true;
        replies.close();
    }

    /** The stream to the client, once it listens. */
    ReplyStream replies() {
        return replies;
    }

    /** Sends the reason of the refusal to the client, which listens, and closes the stream. */
    void refuse(long timeoutNs) {
        refuse(refusal, timeoutNs);
    }

    /** The same for a reason that was not known when it began. */
    void refuse(ReasonCode reason, long timeoutNs) {
        UnsafeBuffer buffer =
                new UnsafeBuffer(new byte[MessageHeaderEncoder.ENCODED_LENGTH + LogonAckEncoder.BLOCK_LENGTH]);
        new LogonAckEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .logonId(logonId)
                .reason(reason)
                .sessionId(0)
                .window(0)
                .durability(Durability.NULL_VAL)
                .timeoutNs(timeoutNs)
                .highestClientRequestId(0)
                .headSequence(0);
        replies.offer(buffer, 0, buffer.capacity()); // A client that is not told repeats its logon.
        replies.close();
        isOver = true;
    }
}

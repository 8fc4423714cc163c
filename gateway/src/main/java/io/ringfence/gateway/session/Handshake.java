package io.ringfence.gateway.session;

import io.aeron.ExclusivePublication;
import io.aeron.exceptions.RegistrationException;
import io.ringfence.gateway.transport.Transport;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.LogonAckEncoder;
import io.ringfence.schemas.LogonDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.ReasonCode;
import org.agrona.concurrent.UnsafeBuffer;

/** A log on that is under way: the answer stream was asked for, and its client is not yet seen listening. */
final class Handshake {
    /** How far it is. */
    enum Progress {
        /** The client is not yet seen listening. */
        WAITING,
        /** The client listens on {@link #publication()}. */
        LISTENING,
        /** There is no stream, or it was let go. */
        OVER
    }

    private final int imageSessionId;
    private final int principalId;
    private final long logonId;
    private final ReasonCode refusal;
    private final long deadlineNs;
    private final int responseStreamId;
    private final long registrationId;

    private ExclusivePublication publication;
    private boolean isOver;

    Handshake(LogonDecoder logon, int imageSessionId, ReasonCode refusal, Transport transport, long deadlineNs) {
        this.imageSessionId = imageSessionId;
        this.principalId = (int) logon.principalId();
        this.logonId = logon.logonId();
        this.refusal = refusal;
        this.deadlineNs = deadlineNs;
        this.responseStreamId = logon.responseStreamId();
        this.registrationId = transport.askForAnswerStream(responseStreamId);
    }

    /** Is it this attempt of this client? */
    boolean isOf(long logonId, int imageSessionId) {
        return this.logonId == logonId && this.imageSessionId == imageSessionId;
    }

    int imageSessionId() {
        return imageSessionId;
    }

    int principalId() {
        return principalId;
    }

    long logonId() {
        return logonId;
    }

    int responseStreamId() {
        return responseStreamId;
    }

    /** Is it too late? */
    boolean isOverdue(long nowNs) {
        return nowNs - deadlineNs > 0;
    }

    /** Takes the stream when the driver has it ready, and looks whether the client listens; gives up when it is too late. */
    Progress carryOn(Transport transport, long nowNs) {
        if (isOver) {
            return Progress.OVER;
        }
        try {
            if (publication == null) {
                publication = transport.answerStream(registrationId);
            }
        } catch (RegistrationException refusedByDriver) {
            isOver = true;
            return Progress.OVER;
        }
        if (publication != null && publication.isConnected()) {
            return Progress.LISTENING;
        }
        if (isOverdue(nowNs)) {
            abandon(transport);
        }
        return isOver ? Progress.OVER : Progress.WAITING;
    }

    private void abandon(Transport transport) {
        isOver = true;
        if (publication == null) {
            transport.forgetAnswerStream(registrationId);
        } else {
            publication.close();
        }
    }

    /** The stream to the client, once it listens. */
    ExclusivePublication publication() {
        return publication;
    }

    /** Tells the client why not, and lets the stream go. */
    void refuse(SessionSettings settings) {
        UnsafeBuffer buffer =
                new UnsafeBuffer(new byte[MessageHeaderEncoder.ENCODED_LENGTH + LogonAckEncoder.BLOCK_LENGTH]);
        new LogonAckEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .logonId(logonId)
                .reason(refusal)
                .sessionId(0)
                .window(0)
                .durability(Durability.NULL_VAL)
                .timeoutNs(settings.timeoutNs())
                .highestClientRequestId(0)
                .headSequence(0);
        AnswerStream answers = new AnswerStream(publication, settings.patienceNs());
        answers.offer(buffer, 0, buffer.capacity());
        answers.close();
        isOver = true;
    }
}

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

/** A logon in progress: the answer stream is requested, and its client does not listen on it yet. */
final class Handshake {
    /** State of the logon. */
    enum Progress {
        /** The client does not listen yet. */
        WAITING,
        /** The client listens on {@link #publication()}. */
        LISTENING,
        /** There is no stream: the driver refused it, or it was closed. */
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

    /** Is this the handshake of that logon id and image? */
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

    /** Has the deadline passed? */
    boolean isOverdue(long nowNs) {
        return nowNs - deadlineNs > 0;
    }

    /** Takes the stream once the driver has it, and checks if the client listens. Gives up after the deadline. */
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

    /** Sends the reason of the refusal to the client and closes the stream. */
    void refuse(Session.Settings settings) {
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

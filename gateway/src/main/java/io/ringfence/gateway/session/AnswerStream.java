package io.ringfence.gateway.session;

import io.ringfence.gateway.transport.ReplyStream;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableRingBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Brings messages to one client in order without ever waiting for it.
 *
 * <p>Keeps what back pressure holds up and sends it later. When that takes longer than the patience, or the client is gone,
 * the stream is broken for good. Used by the duty cycle only.
 */
final class AnswerStream implements AutoCloseable {
    private static final int FIRST_LATE_BYTES = 1 << 16;
    private static final int LATE_BYTES = 1 << 20;

    private final ReplyStream replies;
    private final long patienceNs;
    private final ExpandableRingBuffer.MessageConsumer lateSender = this::sendLate;

    private ExpandableRingBuffer late;
    private long heldUpSinceNs;
    private boolean isBroken;

    AnswerStream(ReplyStream replies, long patienceNs) {
        this.replies = replies;
        this.patienceNs = patienceNs;
    }

    /** Has the stream failed for good? */
    boolean isBroken() {
        return isBroken;
    }

    /** Sends now or keeps for later; does nothing when broken. */
    void send(DirectBuffer buffer, int offset, int length, long nowNs) {
        if (offer(buffer, offset, length) || isBroken) {
            return;
        }
        if (isIdle()) {
            heldUpSinceNs = nowNs;
        }
        if (late == null) {
            late = new ExpandableRingBuffer(FIRST_LATE_BYTES, LATE_BYTES, false);
        }
        isBroken = !late.append(buffer, offset, length);
    }

    /** Sends if that is possible at once, else returns false. For refusals and heartbeats, which may be lost. */
    boolean offer(DirectBuffer buffer, int offset, int length) {
        return !isBroken && isIdle() && trySend(buffer, offset, length);
    }

    /** Sends what was held up. Marks the stream as broken when the client is gone. */
    int doWork(long nowNs) {
        if (replies.state() != ReplyStream.State.CONNECTED) {
            isBroken = true;
        }
        if (isBroken || isIdle()) {
            return 0;
        }
        int sentCount = late.consume(lateSender, Integer.MAX_VALUE);
        if (sentCount > 0) {
            heldUpSinceNs = nowNs;
        }
        isBroken |= !isIdle() && nowNs - heldUpSinceNs > patienceNs;
        return sentCount;
    }

    private boolean sendLate(MutableDirectBuffer buffer, int offset, int length, int headOffset) {
        return trySend(buffer, offset, length);
    }

    private boolean isIdle() {
        return late == null || late.isEmpty();
    }

    private boolean trySend(DirectBuffer buffer, int offset, int length) {
        if (isBroken) {
            return false;
        }
        ReplyStream.Offer offer = replies.offer(buffer, offset, length);
        isBroken = offer == ReplyStream.Offer.FAILED;
        return offer == ReplyStream.Offer.SENT;
    }

    @Override
    public void close() {
        replies.close();
    }
}

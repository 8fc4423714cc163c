package io.ringfence.gateway.session;

import io.ringfence.gateway.transport.ReplyStream;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableRingBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Keeps the messages that one client reads too slowly to get at once, and sends them later, in order.
 *
 * <p>A session makes it for the first such message. It gives up when the client is gone, reads nothing for longer than the patience, or
 * leaves more unread than there is room for. Used by the duty cycle only.
 */
final class LateAnswers {
    private static final int FIRST_BYTES = 1 << 16;
    private static final int BYTES_MAX = 1 << 20;

    private final ExpandableRingBuffer messages = new ExpandableRingBuffer(FIRST_BYTES, BYTES_MAX, false);
    private final ExpandableRingBuffer.MessageConsumer sender = this::send;
    private final ReplyStream replies;
    private final long patienceNs;

    private long heldUpSinceNs;
    private boolean isGivenUp;

    LateAnswers(ReplyStream replies, long patienceNs) {
        this.replies = replies;
        this.patienceNs = patienceNs;
    }

    /** Is nothing kept? */
    boolean isEmpty() {
        return messages.isEmpty();
    }

    /** Keeps a message behind those that are kept already. */
    void keep(DirectBuffer buffer, int offset, int length, long nowNs) {
        if (isEmpty()) {
            heldUpSinceNs = nowNs;
        }
        isGivenUp |= !messages.append(buffer, offset, length);
    }

    /** Sends what the client takes now; returns how many messages that were. */
    int doWork(long nowNs) {
        int sentCount = messages.consume(sender, Integer.MAX_VALUE);
        if (sentCount > 0) {
            heldUpSinceNs = nowNs;
        }
        isGivenUp |= !isEmpty() && nowNs - heldUpSinceNs > patienceNs;
        return sentCount;
    }

    private boolean send(MutableDirectBuffer buffer, int offset, int length, int headOffset) {
        ReplyStream.Offer offer = replies.offer(buffer, offset, length);
        isGivenUp |= offer == ReplyStream.Offer.FAILED;
        return offer == ReplyStream.Offer.SENT;
    }

    /** Will what is kept never be sent? */
    boolean isGivenUp() {
        return isGivenUp;
    }
}

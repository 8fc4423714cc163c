package io.ringfence.gateway.session;

import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.logbuffer.BufferClaim;
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
    private static final int ADMIN_ACTION_RETRIES = 3;
    private static final int FIRST_LATE_BYTES = 1 << 16;
    private static final int LATE_BYTES = 1 << 20;

    private final ExclusivePublication publication;
    private final long patienceNs;
    private final BufferClaim claim = new BufferClaim();
    private final ExpandableRingBuffer.MessageConsumer lateSender = this::sendLate;

    private ExpandableRingBuffer late;
    private long heldUpSinceNs;
    private boolean isBroken;

    AnswerStream(ExclusivePublication publication, long patienceNs) {
        this.publication = publication;
        this.patienceNs = patienceNs;
    }

    /** Does the client listen? */
    boolean isConnected() {
        return publication.isConnected();
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
        if (!publication.isConnected()) {
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
        if (isBroken || !claim(length)) {
            return false;
        }
        claim.putBytes(buffer, offset, length);
        claim.commit();
        return true;
    }

    private boolean claim(int length) {
        long position = publication.tryClaim(length, claim);
        for (int i = 0; position == Publication.ADMIN_ACTION && i < ADMIN_ACTION_RETRIES; i++) {
            position = publication.tryClaim(length, claim); // A term was rotated: the next try finds the new one.
        }
        if (position > 0) {
            return true;
        }
        isBroken = position != Publication.BACK_PRESSURED && position != Publication.ADMIN_ACTION;
        return false;
    }

    @Override
    public void close() {
        publication.close();
    }
}

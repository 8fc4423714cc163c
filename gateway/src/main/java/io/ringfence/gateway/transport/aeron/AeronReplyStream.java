package io.ringfence.gateway.transport.aeron;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.exceptions.AeronException;
import io.aeron.exceptions.RegistrationException;
import io.aeron.logbuffer.BufferClaim;
import io.ringfence.gateway.client.IpcStreams;
import io.ringfence.gateway.transport.ReplyStream;
import org.agrona.DirectBuffer;

/** A publication on the stream that a client named at its log-on. */
final class AeronReplyStream implements ReplyStream {
    private static final int ADMIN_ACTION_RETRIES = 3;

    private final Aeron aeron;
    private final long registrationId;
    private final BufferClaim claim = new BufferClaim();

    private ExclusivePublication publication;
    private boolean wasConnected;
    private boolean isClosed;

    /** Closed from the beginning where the driver has no room for a command, as while somebody floods it. */
    AeronReplyStream(Aeron aeron, int streamId) {
        this.aeron = aeron;
        this.registrationId = add(aeron, streamId);
        this.isClosed = registrationId == Aeron.NULL_VALUE;
    }

    private static long add(Aeron aeron, int streamId) {
        try {
            return aeron.asyncAddExclusivePublication(IpcStreams.CHANNEL, streamId);
        } catch (AeronException noRoom) {
            return Aeron.NULL_VALUE;
        }
    }

    @Override
    public State state() {
        if (publication == null && !isClosed) {
            take();
        }
        if (isClosed) {
            return State.CLOSED;
        }
        boolean isConnected = publication != null && publication.isConnected();
        wasConnected |= isConnected;
        if (isConnected) {
            return State.CONNECTED;
        }
        return wasConnected ? State.CLOSED : State.OPENING;
    }

    /** Takes the publication once the driver has made it. */
    private void take() {
        try {
            publication = aeron.getExclusivePublication(registrationId);
        } catch (RegistrationException refusedByDriver) {
            isClosed = true;
        }
    }

    @Override
    public Offer offer(DirectBuffer buffer, int offset, int length) {
        long position = publication.tryClaim(length, claim);
        for (int i = 0; position == Publication.ADMIN_ACTION && i < ADMIN_ACTION_RETRIES; i++) {
            position = publication.tryClaim(length, claim); // A term was rotated: the next try finds the new one.
        }
        if (position > 0) {
            claim.putBytes(buffer, offset, length);
            claim.commit();
            return Offer.SENT;
        }
        boolean isHeldUp = position == Publication.BACK_PRESSURED || position == Publication.ADMIN_ACTION;
        return isHeldUp ? Offer.BACK_PRESSURED : Offer.FAILED;
    }

    /** Where the driver has no room for the command, it keeps the stream's memory until the gateway ends. */
    @Override
    public void close() {
        try {
            if (publication != null) {
                publication.close();
            } else if (!isClosed) {
                aeron.asyncRemovePublication(registrationId);
            }
        } catch (AeronException noRoom) {
            // Nobody is held up by it: no client is sent anything there any more.
        }
        isClosed = true;
    }
}

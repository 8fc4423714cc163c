package io.ringfence.gateway.transport.aeron;

import io.aeron.Aeron;
import io.aeron.Image;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;
import io.aeron.protocol.DataHeaderFlyweight;
import io.ringfence.gateway.transport.Connection;
import io.ringfence.gateway.transport.ReplyStream;
import io.ringfence.gateway.transport.Transport.MessageHandler;
import io.ringfence.schemas.LogonDecoder;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;

/**
 * One client's requests: an image of the request stream.
 *
 * <p>The client can write into its stream's memory at any time, also into the lengths of frames. {@link Image#poll} would move the
 * position by whatever length it finds, beyond the end of the stream, and the driver, which cleans up to that position, would fail at
 * it in every later turn, to the loss of all clients. So the image is peeked, and its position moves only after the end of what was
 * read was found to lie within the term.
 */
final class AeronConnection implements Connection, ControlledFragmentHandler {
    private static final int HEADER_LENGTH = DataHeaderFlyweight.HEADER_LENGTH;

    private final Aeron aeron;
    private final Image image;
    private final long id;
    private final int requestStreamId;
    private final long offsetMask;

    private MessageHandler handler;
    private int remaining;
    private long termPosition;
    private long consumed;
    private boolean isHandling;
    private boolean isRejected;

    AeronConnection(Aeron aeron, Image image, long id, int requestStreamId) {
        this.aeron = aeron;
        this.image = image;
        this.id = id;
        this.requestStreamId = requestStreamId;
        this.offsetMask = image.termBufferLength() - 1;
    }

    @Override
    public long id() {
        return id;
    }

    boolean isOf(Image image) {
        return this.image == image;
    }

    /** Passes on at most {@code limit} messages; rejects the image when a frame cannot be what its client has sent. */
    int poll(MessageHandler handler, int limit) {
        if (isRejected) {
            return 0;
        }
        this.handler = handler;
        remaining = limit;
        long position = image.position();
        termPosition = position & ~offsetMask;
        consumed = position;
        try {
            long peeked = image.controlledPeek(position, this, Long.MAX_VALUE);
            long end = Math.max(peeked, consumed); // The one leaves out split messages, the other padding.
            if (end > termPosition + offsetMask + 1) {
                reject();
            } else if (end != position) {
                image.position(end);
            }
        } catch (IndexOutOfBoundsException broken) {
            if (isHandling) {
                throw broken;
            }
            reject();
        }
        return limit - remaining;
    }

    @Override
    public Action onFragment(DirectBuffer buffer, int offset, int length, Header header) {
        if (length < 0) {
            throw new IndexOutOfBoundsException(length);
        }
        long frameLength = BitUtil.align((long) length + HEADER_LENGTH, FrameDescriptor.FRAME_ALIGNMENT);
        consumed = termPosition + offset - HEADER_LENGTH + frameLength;
        if ((header.flags() & FrameDescriptor.BEGIN_FRAG_FLAG) != 0) {
            remaining--;
            isHandling = true;
            handler.onMessage(this, buffer, offset, length);
            isHandling = false;
        }
        return remaining == 0 ? Action.BREAK : Action.CONTINUE;
    }

    private void reject() {
        isRejected = true;
        image.reject("a frame has an impossible length");
    }

    @Override
    public long replyAddress(LogonDecoder logon) {
        boolean isOfGateway = logon.responseStreamId() == requestStreamId; // Nobody but the gateway would read there.
        boolean isIpc = logon.responseChannel().startsWith(AeronTransport.CHANNEL_PREFIX);
        return isIpc && !isOfGateway ? Integer.toUnsignedLong(logon.responseStreamId()) : NO_ADDRESS;
    }

    @Override
    public ReplyStream openReplies(long address) {
        return new AeronReplyStream(aeron, (int) address);
    }
}

package io.ringfence.gateway.transport.aeron;

import io.aeron.Aeron;
import io.aeron.Image;
import io.aeron.exceptions.AeronException;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.LogBufferDescriptor;
import io.aeron.protocol.DataHeaderFlyweight;
import io.ringfence.gateway.client.IpcStreams;
import io.ringfence.gateway.transport.Connection;
import io.ringfence.gateway.transport.ReplyStream;
import io.ringfence.gateway.transport.Transport.MessageHandler;
import io.ringfence.schemas.LogonDecoder;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import org.agrona.BitUtil;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One client's requests: an image of the request stream, read through a map of its own.
 *
 * <p>The client can write into its stream's memory at any time, also into the header of a frame. {@link Image#poll} would follow any
 * length that it finds there: it would read beyond the stream, and move the position up to two GiB ahead, at which the media driver
 * then fails in each of its turns, for all clients. So each length is checked here before it is followed, and the position moves only
 * within the term.
 */
final class AeronConnection implements Connection, AutoCloseable {
    private static final int HEADER_LENGTH = DataHeaderFlyweight.HEADER_LENGTH;
    private static final int TERM_LENGTH = IpcStreams.TERM_LENGTH;

    private final Aeron aeron;
    private final Image image;
    private final int requestStreamId;
    private final int positionBits;
    private final MappedByteBuffer map; // Null for a stream that is rejected.
    private final UnsafeBuffer log;

    private boolean isRejected;

    /**
     * Maps the stream and meets each of its pages. A stream of another length than {@link IpcStreams#TERM_LENGTH} is rejected by the
     * first poll, because to map it would hold up all clients for as long as its length takes.
     *
     * @throws IOException when there is no room for the map.
     */
    AeronConnection(Aeron aeron, Image image, int requestStreamId) throws IOException {
        this.aeron = aeron;
        this.image = image;
        this.requestStreamId = requestStreamId;
        this.positionBits = image.positionBitsToShift();
        this.map = image.termBufferLength() == TERM_LENGTH ? map(image) : null;
        this.log = map == null ? new UnsafeBuffer() : new UnsafeBuffer(map);
    }

    private static MappedByteBuffer map(Image image) throws IOException {
        return image.fileChannel()
                .map(MapMode.READ_ONLY, 0, (long) LogBufferDescriptor.PARTITION_COUNT * TERM_LENGTH)
                .load();
    }

    boolean isOf(Image image) {
        return this.image == image;
    }

    /** Passes on at most {@code limit} messages; rejects the image at a frame that cannot be what its client has sent. */
    int poll(MessageHandler handler, int limit) {
        if (isRejected) {
            return 0;
        }
        if (map == null) {
            reject("its term length must be " + TERM_LENGTH + ": found " + image.termBufferLength());
            return 0;
        }
        long position = image.position();
        int term = LogBufferDescriptor.indexByPosition(position, positionBits) * TERM_LENGTH;
        int begin = (int) position & TERM_LENGTH - 1;
        int offset = begin;
        int count = 0;
        while (count < limit && offset < TERM_LENGTH) {
            int frame = term + offset;
            int frameLength = FrameDescriptor.frameLengthVolatile(log, frame);
            if (frameLength <= 0) {
                break;
            }
            if (frameLength < HEADER_LENGTH || frameLength > TERM_LENGTH - offset) {
                reject("a frame has an impossible length: " + frameLength);
                break;
            }
            offset += BitUtil.align(frameLength, FrameDescriptor.FRAME_ALIGNMENT);
            if (isBeginOfMessage(frame)) {
                handler.onMessage(this, log, frame + HEADER_LENGTH, frameLength - HEADER_LENGTH);
                count++;
            }
        }
        if (offset != begin) {
            image.position(position + offset - begin);
        }
        return count;
    }

    private boolean isBeginOfMessage(int frame) {
        return !FrameDescriptor.isPaddingFrame(log, frame)
                && (FrameDescriptor.frameFlags(log, frame) & FrameDescriptor.BEGIN_FRAG_FLAG) != 0;
    }

    private void reject(String reason) {
        isRejected = true;
        try {
            image.reject(reason);
        } catch (AeronException noRoom) {
            isRejected = false; // The driver has no room for a command now: the next poll tries again.
        }
    }

    @Override
    public long replyAddress(LogonDecoder logon) {
        boolean isOfGateway = logon.responseStreamId() == requestStreamId; // Nobody but the gateway would read there.
        boolean isIpc = logon.responseChannel().startsWith(IpcStreams.CHANNEL_PREFIX);
        return isIpc && !isOfGateway ? Integer.toUnsignedLong(logon.responseStreamId()) : NO_ADDRESS;
    }

    @Override
    public ReplyStream openReplies(long address) {
        return new AeronReplyStream(aeron, (int) address);
    }

    /** Gives the map back. Not to be polled after. */
    @Override
    public void close() {
        log.wrap(0, 0);
        IoUtil.unmap(map); // Does nothing for null.
    }
}

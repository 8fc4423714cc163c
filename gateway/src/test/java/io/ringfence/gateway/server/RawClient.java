package io.ringfence.gateway.server;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.ringfence.gateway.client.IpcStreams;
import io.ringfence.gateway.frame.Frames;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.LogonAckDecoder;
import io.ringfence.schemas.LogonEncoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

/** A client without manners: sends whatever bytes a test likes, and keeps what comes back. */
public final class RawClient implements AutoCloseable {
    private static final AtomicInteger NEXT_STREAM_ID = new AtomicInteger(7_000);
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    /** One message from the gateway: template, reason, and what else the tests look at. */
    public record Reply(
            int templateId, ReasonCode reason, long clientRequestId, int fieldId, long value, boolean isDuplicate) {}

    private final Aeron aeron;
    private final ExclusivePublication requests;
    private final Subscription answers;
    private final int responseStreamId;
    private final Deque<Reply> replies = new ArrayDeque<>();
    private long replySequence;

    RawClient(TestGateway gateway) {
        this(gateway.aeronDirectory(), TestGateway.REQUEST_STREAM_ID);
    }

    /** Listens on a stream that may be another client's. */
    RawClient(TestGateway gateway, int responseStreamId) {
        this(gateway.aeronDirectory(), TestGateway.REQUEST_STREAM_ID, responseStreamId);
    }

    /** Finds the media driver and waits until somebody listens. */
    public RawClient(String aeronDirectory, int requestStreamId) {
        this(aeronDirectory, requestStreamId, NEXT_STREAM_ID.getAndIncrement());
    }

    private RawClient(String aeronDirectory, int requestStreamId, int responseStreamId) {
        this.responseStreamId = responseStreamId;
        aeron = Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(aeronDirectory)
                .errorHandler(
                        failed -> {})); // The default ends the process when the driver goes before the client does.
        requests = aeron.addExclusivePublication(IpcStreams.CHANNEL, requestStreamId);
        answers = aeron.addSubscription(IpcStreams.CHANNEL_PREFIX, responseStreamId);
        await(requests::isConnected);
    }

    int responseStreamId() {
        return responseStreamId;
    }

    /** Logs on and takes the welcome. */
    public Reply logOn(int principalId) {
        askToLogOn(principalId, responseStreamId);
        return next();
    }

    /** Asks once, and waits for nothing. */
    public void tryToLogOn(int principalId) {
        byte[] logon = Frames.logon();
        UnsafeBuffer buffer = new UnsafeBuffer(logon);
        new LogonEncoder()
                .wrap(buffer, MessageHeaderDecoder.ENCODED_LENGTH)
                .logonId(System.nanoTime())
                .principalId(principalId)
                .responseStreamId(responseStreamId);
        requests.offer(buffer, 0, logon.length);
    }

    /** Asks to be answered on any stream. */
    void askToLogOn(int principalId, int streamId) {
        askToLogOn(principalId, streamId, System.nanoTime());
    }

    /** Asks under a name that may be an earlier attempt's. */
    void askToLogOn(int principalId, int streamId, long logonId) {
        byte[] logon = Frames.logon();
        UnsafeBuffer buffer = new UnsafeBuffer(logon);
        new LogonEncoder()
                .wrap(buffer, MessageHeaderDecoder.ENCODED_LENGTH)
                .logonId(logonId)
                .principalId(principalId)
                .responseStreamId(streamId);
        send(logon);
    }

    /** Sends bytes as they are. */
    public void send(byte[] frame) {
        UnsafeBuffer buffer = new UnsafeBuffer(frame);
        await(() -> requests.offer(buffer, 0, frame.length) > 0);
    }

    /** Sends a frame with its session fields, and its request id where it has one. */
    public void send(byte[] frame, long sessionSequence, long highestReplyRead, long clientRequestId) {
        UnsafeBuffer buffer = new UnsafeBuffer(frame);
        buffer.putLong(MessageHeaderDecoder.ENCODED_LENGTH, sessionSequence, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(MessageHeaderDecoder.ENCODED_LENGTH + 8, highestReplyRead, ByteOrder.LITTLE_ENDIAN);
        if (clientRequestId != 0) {
            buffer.putLong(MessageHeaderDecoder.ENCODED_LENGTH + 16, clientRequestId, ByteOrder.LITTLE_ENDIAN);
        }
        send(frame);
    }

    /** The same, at most once; false when the stream takes nothing now. */
    public boolean trySend(byte[] frame, long sessionSequence, long highestReplyRead, long clientRequestId) {
        UnsafeBuffer buffer = new UnsafeBuffer(frame);
        for (int i = 0; i < 3; i++) {
            int offset = MessageHeaderDecoder.ENCODED_LENGTH + i * Long.BYTES;
            if (offset + Long.BYTES <= frame.length) {
                long value = i == 0 ? sessionSequence : i == 1 ? highestReplyRead : clientRequestId;
                buffer.putLong(offset, value, ByteOrder.LITTLE_ENDIAN);
            }
        }
        return requests.offer(buffer, 0, frame.length) > 0;
    }

    /** Reads what is there and keeps none of it; returns how many messages. */
    public int drain() {
        int count = 0;
        while (poll() > 0) {
            count++;
        }
        replies.clear();
        return count;
    }

    /** The next message other than a heartbeat. */
    public Reply next() {
        await(() -> !replies.isEmpty() || poll() > 0 && !replies.isEmpty());
        return replies.remove();
    }

    /** The next so many messages. */
    public List<Reply> next(int count) {
        List<Reply> list = new ArrayList<>();
        while (list.size() < count) {
            list.add(next());
        }
        return list;
    }

    /** Number of the last reply read. */
    public long replySequence() {
        return replySequence;
    }

    /** Does the gateway still hold the answer stream open? */
    boolean isAnswered() {
        return answers.isConnected();
    }

    private int poll() {
        return answers.poll(
                (buffer, offset, length, header) -> {
                    MessageHeaderDecoder message = new MessageHeaderDecoder().wrap(buffer, offset);
                    switch (message.templateId()) {
                        case AdmissionDecisionDecoder.TEMPLATE_ID -> {
                            AdmissionDecisionDecoder decision =
                                    new AdmissionDecisionDecoder().wrapAndApplyHeader(buffer, offset, message);
                            replySequence = decision.replySequence();
                            add(
                                    message,
                                    decision.reason(),
                                    decision.clientRequestId(),
                                    0,
                                    decision.sequence(),
                                    decision.isDuplicateRaw() == 1);
                        }
                        case RefusedDecoder.TEMPLATE_ID -> {
                            RefusedDecoder refused = new RefusedDecoder().wrapAndApplyHeader(buffer, offset, message);
                            replySequence = refused.replySequence();
                            add(
                                    message,
                                    refused.reason(),
                                    refused.clientRequestId(),
                                    refused.fieldId(),
                                    refused.value(),
                                    false);
                        }
                        case LogonAckDecoder.TEMPLATE_ID -> {
                            LogonAckDecoder ack = new LogonAckDecoder().wrapAndApplyHeader(buffer, offset, message);
                            add(message, ack.reason(), 0, 0, ack.highestClientRequestId(), false);
                        }
                        default -> {}
                    }
                },
                1);
    }

    private void add(
            MessageHeaderDecoder message,
            ReasonCode reason,
            long clientRequestId,
            int fieldId,
            long value,
            boolean isDuplicate) {
        replies.add(new Reply(message.templateId(), reason, clientRequestId, fieldId, value, isDuplicate));
    }

    /** Stops listening, and nothing else. */
    void stopListening() {
        answers.close();
    }

    /** Waits for at most ten seconds. */
    public static void await(java.util.function.BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("waited for ten seconds");
            }
            LockSupport.parkNanos(50_000);
        }
    }

    @Override
    public void close() {
        CloseHelper.closeAll(requests, answers, aeron);
    }
}

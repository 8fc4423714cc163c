package io.ringfence.gateway.server;

import io.ringfence.gateway.frame.Frames;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.LogonAckDecoder;
import io.ringfence.schemas.LogonEncoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;
import io.ringfence.schemas.Tristate;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongHashSet;
import org.agrona.concurrent.UnsafeBuffer;

/** A client without manners: sends whatever bytes a test likes, and keeps what comes back. */
public final class RawClient implements AutoCloseable {
    /** Ids of two clients differ in three bytes, so that a test which changes a byte of one never names another's. */
    private static final int STREAM_ID_STEP = 0x01_01_01;

    private static final AtomicInteger NEXT_STREAM_ID = new AtomicInteger(7_000);
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);

    /** One message from the gateway: template, reason, and what else the tests look at. */
    public record Reply(
            int templateId, ReasonCode reason, long clientRequestId, int fieldId, long value, boolean isDuplicate) {}

    private final Wire wire;
    private final Deque<Reply> replies = new ArrayDeque<>();
    private final LongHashSet logonIds = new LongHashSet();
    private long replySequence;
    private long lastSequence;
    private long sessionSequence;

    RawClient(TestGateway gateway) {
        this(gateway, NEXT_STREAM_ID.getAndAdd(STREAM_ID_STEP));
    }

    /** Listens on a stream that may be another client's. */
    RawClient(TestGateway gateway, int responseStreamId) {
        this.wire = gateway.connect(responseStreamId);
    }

    /** Finds the media driver and waits until somebody listens. */
    public RawClient(String aeronDirectory, int requestStreamId) {
        this.wire = new AeronWire(aeronDirectory, requestStreamId, NEXT_STREAM_ID.getAndAdd(STREAM_ID_STEP));
    }

    int responseStreamId() {
        return wire.responseStreamId();
    }

    /** Logs on and takes the welcome. */
    public Reply logOn(int principalId) {
        askToLogOn(principalId, responseStreamId());
        return next();
    }

    /** Repeats one log-on until it is answered: a gateway that is flooded may have no place at first. */
    Reply logOnPatiently(int principalId) {
        long logonId = System.nanoTime();
        await(() -> {
            if (poll() == 0) {
                tryToLogOn(principalId, logonId);
                LockSupport.parkNanos(1_000_000);
            }
            return !replies.isEmpty();
        });
        return replies.remove();
    }

    /** Sends an admission request as the next message of the session, and takes its answer. Not beside numbers of one's own. */
    public Reply ask(long clientRequestId) {
        send(Frames.admission(), ++sessionSequence, replySequence, clientRequestId);
        return next();
    }

    /** Shows that it is alive, as the next message of the session unless the stream is full, and reads what is there. */
    void beat() {
        if (trySend(Frames.heartbeat(), sessionSequence + 1, replySequence, 0)) {
            sessionSequence++;
        }
        drain();
    }

    /** Asks once, and waits for nothing. */
    public void tryToLogOn(int principalId) {
        tryToLogOn(principalId, System.nanoTime());
    }

    private void tryToLogOn(int principalId, long logonId) {
        byte[] logon = Frames.logon();
        UnsafeBuffer buffer = new UnsafeBuffer(logon);
        new LogonEncoder()
                .wrap(buffer, MessageHeaderDecoder.ENCODED_LENGTH)
                .logonId(logonId)
                .principalId(principalId)
                .responseStreamId(responseStreamId());
        logonIds.add(logonId);
        wire.offer(logon);
    }

    /** Asks once for a session that replaces none, and waits for nothing. */
    void tryToLogOnReplacingNobody(int principalId) {
        byte[] logon = Frames.logon();
        long logonId = System.nanoTime();
        new LogonEncoder()
                .wrap(new UnsafeBuffer(logon), MessageHeaderDecoder.ENCODED_LENGTH)
                .logonId(logonId)
                .principalId(principalId)
                .responseStreamId(responseStreamId())
                .replacesNobody(Tristate.YES);
        logonIds.add(logonId);
        send(logon);
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
        logonIds.add(logonId);
        send(logon);
    }

    /** Sends bytes as they are. */
    public void send(byte[] frame) {
        await(() -> wire.offer(frame));
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
        return wire.offer(frame);
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

    /** Sequence of the command that was answered last; 0 for none. */
    public long lastSequence() {
        return lastSequence;
    }

    /** Does the gateway still hold the answer stream open? */
    boolean isAnswered() {
        return wire.isAnswered();
    }

    private int poll() {
        return wire.poll(this::onReply);
    }

    private void onReply(DirectBuffer buffer, int offset) {
        MessageHeaderDecoder message = new MessageHeaderDecoder().wrap(buffer, offset);
        switch (message.templateId()) {
            case AdmissionDecisionDecoder.TEMPLATE_ID -> {
                AdmissionDecisionDecoder decision =
                        new AdmissionDecisionDecoder().wrapAndApplyHeader(buffer, offset, message);
                replySequence = decision.replySequence();
                lastSequence = decision.sequence();
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
                add(message, refused.reason(), refused.clientRequestId(), refused.fieldId(), refused.value(), false);
            }
            case LogonAckDecoder.TEMPLATE_ID -> {
                LogonAckDecoder ack = new LogonAckDecoder().wrapAndApplyHeader(buffer, offset, message);
                if (logonIds.contains(ack.logonId())) { // Anybody may have named this stream as theirs.
                    add(message, ack.reason(), 0, 0, ack.highestClientRequestId(), false);
                }
            }
            default -> {}
        }
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
        wire.stopListening();
    }

    /** Waits for at most twenty seconds. */
    public static void await(java.util.function.BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("waited for twenty seconds");
            }
            LockSupport.parkNanos(50_000);
        }
    }

    @Override
    public void close() {
        wire.close();
    }
}

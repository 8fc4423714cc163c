package io.ringfence.gateway.server;

import io.ringfence.gateway.transport.Connection;
import io.ringfence.gateway.transport.ReplyStream;
import io.ringfence.gateway.transport.Transport;
import io.ringfence.schemas.LogonDecoder;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A transport within the process: one queue from each client, one to each. Clients may use other threads than the gateway's. */
final class MemoryTransport implements Transport {
    /** Messages that a client may have sent and the gateway not taken. */
    private static final int REQUESTS_MAX = 4_096;

    /** Bytes that the gateway may have sent and a client not read. */
    private static final int REPLY_BYTES_MAX = 512 * 1024;

    private final List<MemoryConnection> connections = new CopyOnWriteArrayList<>();
    private final Map<Long, Inbox> inboxes = new ConcurrentHashMap<>();

    /** Opens a client's side: its way to the gateway, and where it listens. */
    Wire connect(int responseStreamId) {
        MemoryConnection connection = new MemoryConnection();
        connections.add(connection);
        Inbox inbox = inboxes.computeIfAbsent(Integer.toUnsignedLong(responseStreamId), address -> new Inbox());
        return new MemoryWire(connection, inbox, responseStreamId);
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        int count = 0;
        for (MemoryConnection connection : connections) {
            byte[] message = count < limit ? connection.requests.poll() : null;
            if (message != null) {
                connection.requestCount.decrementAndGet();
                handler.onMessage(connection, new UnsafeBuffer(message), 0, message.length);
                count++;
            }
        }
        return count;
    }

    @Override
    public int doWork(long nowNs) {
        return 0;
    }

    @Override
    public void close() {
        connections.clear();
    }

    /** What a client listens on; more than one client may share it, as with a stream. */
    private static final class Inbox {
        private final Queue<byte[]> replies = new ConcurrentLinkedQueue<>();
        private final AtomicInteger bytes = new AtomicInteger();
        private final AtomicInteger openStreams = new AtomicInteger();
        private volatile boolean isListening = true;
    }

    private final class MemoryConnection implements Connection {
        private final Queue<byte[]> requests = new ConcurrentLinkedQueue<>();
        private final AtomicInteger requestCount = new AtomicInteger();

        @Override
        public long replyAddress(LogonDecoder logon) {
            return Integer.toUnsignedLong(logon.responseStreamId());
        }

        @Override
        public ReplyStream openReplies(long address) {
            return new MemoryReplies(address);
        }
    }

    private final class MemoryReplies implements ReplyStream {
        private final long address;
        private Inbox inbox;
        private boolean isClosed;

        MemoryReplies(long address) {
            this.address = address;
        }

        @Override
        public State state() {
            if (inbox == null && !isClosed) {
                inbox = inboxes.get(address);
                if (inbox != null) {
                    inbox.openStreams.incrementAndGet();
                }
            }
            if (isClosed || inbox != null && !inbox.isListening) {
                return State.CLOSED;
            }
            return inbox == null ? State.OPENING : State.CONNECTED;
        }

        @Override
        public Offer offer(DirectBuffer buffer, int offset, int length) {
            if (isClosed || !inbox.isListening) {
                return Offer.FAILED;
            }
            if (inbox.bytes.get() + length > REPLY_BYTES_MAX) {
                return Offer.BACK_PRESSURED;
            }
            byte[] message = new byte[length];
            buffer.getBytes(offset, message);
            inbox.bytes.addAndGet(length);
            inbox.replies.add(message);
            return Offer.SENT;
        }

        @Override
        public void close() {
            if (!isClosed && inbox != null) {
                inbox.openStreams.decrementAndGet();
            }
            isClosed = true;
        }
    }

    private record MemoryWire(MemoryConnection connection, Inbox inbox, int responseStreamId) implements Wire {
        @Override
        public boolean offer(byte[] message) {
            if (connection.requestCount.get() >= REQUESTS_MAX) {
                return false;
            }
            connection.requestCount.incrementAndGet();
            connection.requests.add(message.clone());
            return true;
        }

        @Override
        public int poll(Reader reader) {
            byte[] message = inbox.replies.poll();
            if (message == null) {
                return 0;
            }
            inbox.bytes.addAndGet(-message.length);
            reader.onReply(new UnsafeBuffer(message), 0);
            return 1;
        }

        @Override
        public boolean isAnswered() {
            return inbox.openStreams.get() > 0;
        }

        @Override
        public void stopListening() {
            inbox.isListening = false;
        }

        @Override
        public void close() {
            stopListening();
        }
    }
}

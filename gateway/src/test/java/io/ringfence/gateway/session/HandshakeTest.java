package io.ringfence.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.transport.Connection;
import io.ringfence.gateway.transport.ReplyStream;
import io.ringfence.schemas.LogonDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.ReasonCode;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class HandshakeTest {
    private static final long DEADLINE_NS = 1_000;

    private ReplyStream.State state = ReplyStream.State.OPENING;
    private boolean isClosed;

    private final ReplyStream replies = new ReplyStream() {
        @Override
        public State state() {
            return state;
        }

        @Override
        public Offer offer(DirectBuffer buffer, int offset, int length) {
            return Offer.SENT;
        }

        @Override
        public void close() {
            isClosed = true;
        }
    };

    private final Connection connection = new Connection() {
        @Override
        public long replyAddress(LogonDecoder logon) {
            return 7;
        }

        @Override
        public ReplyStream openReplies(long address) {
            return replies;
        }
    };

    private final Handshake handshake =
            new Handshake(logon(), connection, connection.replyAddress(logon()), ReasonCode.NONE, DEADLINE_NS);

    /** Its session could not begin yet, as when the ring is full; nobody else knows the stream. */
    @Test
    void shouldGiveTheStreamBackWhenTheClientLeavesBeforeItsSessionBegins() {
        state = ReplyStream.State.CONNECTED;
        assertEquals(ReplyStream.State.CONNECTED, handshake.carryOn(1));
        assertFalse(isClosed);

        state = ReplyStream.State.CLOSED;

        assertEquals(ReplyStream.State.CLOSED, handshake.carryOn(2));
        assertTrue(isClosed);
    }

    @Test
    void shouldGiveTheStreamBackWhenNobodyListensInTime() {
        assertEquals(ReplyStream.State.OPENING, handshake.carryOn(DEADLINE_NS));
        assertFalse(isClosed);

        assertEquals(ReplyStream.State.CLOSED, handshake.carryOn(DEADLINE_NS + 1));
        assertTrue(isClosed);
    }

    private static LogonDecoder logon() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[128]);
        return new LogonDecoder()
                .wrap(
                        buffer,
                        MessageHeaderEncoder.ENCODED_LENGTH,
                        LogonDecoder.BLOCK_LENGTH,
                        LogonDecoder.SCHEMA_VERSION);
    }
}

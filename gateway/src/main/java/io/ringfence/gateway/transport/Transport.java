package io.ringfence.gateway.transport;

import org.agrona.DirectBuffer;

/**
 * Carries messages between clients and the gateway. An adapter implements it, with {@link Connection} and {@link ReplyStream}.
 *
 * <p>One thread calls all methods: the gateway's duty cycle. None waits but {@link #close()}.
 */
public interface Transport extends AutoCloseable {
    /** Takes the messages of all clients. */
    @FunctionalInterface
    interface MessageHandler {
        /**
         * Takes one message. The bytes are valid during the call, and the client may change them meanwhile.
         *
         * @param length of the message, all of it in the buffer; 0 and above. A message that the transport had to split comes once, as its first piece, which
         *               is longer than any message of a client may be.
         */
        void onMessage(Connection connection, DirectBuffer buffer, int offset, int length);
    }

    /**
     * Passes on what has arrived; clients take turns to be first. A client whose bytes cannot be told apart as messages
     * is cut off; the others are served.
     *
     * @param limit most messages of one call; 1 and above.
     * @return messages passed on.
     */
    int poll(MessageHandler handler, int limit);

    /**
     * Keeps connections and streams going.
     *
     * @param nowNs of the monotonic clock.
     * @return amount of work done; 0 if none.
     * @throws IllegalStateException when the transport has closed itself, as after too long a pause of the duty cycle.
     */
    int doWork(long nowNs);

    @Override
    void close();
}

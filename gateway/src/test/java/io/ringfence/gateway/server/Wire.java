package io.ringfence.gateway.server;

import org.agrona.DirectBuffer;

/** A test client's end of a transport: one way to the gateway and one back. */
interface Wire extends AutoCloseable {
    /** Takes a message from the gateway. */
    @FunctionalInterface
    interface Reader {
        void onReply(DirectBuffer buffer, int offset);
    }

    /** Where it listens; what its log-ons name. */
    int responseStreamId();

    /** Sends one message, or returns false when the gateway must read first. */
    boolean offer(byte[] message);

    /** Hands over one message if there is one; returns how many. */
    int poll(Reader reader);

    /** Does the gateway hold the way back open? */
    boolean isAnswered();

    /** Stops listening, and nothing else. */
    void stopListening();

    @Override
    void close();
}

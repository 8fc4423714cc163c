package io.ringfence.gateway.transport;

import org.agrona.DirectBuffer;

/** The way from the gateway to one client. Used by the duty cycle only; no method waits, and none throws for a client that is gone. */
public interface ReplyStream extends AutoCloseable {
    /** State of the stream. */
    enum State {
        /** The client does not listen yet. */
        OPENING,
        /** The client listens. */
        CONNECTED,
        /** The stream was refused or closed, or the client has stopped listening. */
        CLOSED
    }

    /** Result of an offer. */
    enum Offer {
        /** The client can read it. */
        SENT,
        /** Nothing was sent: the client must read first. */
        BACK_PRESSURED,
        /** Nothing was sent, and nothing ever will be. */
        FAILED
    }

    /** State of the stream by now. */
    State state();

    /** Sends one message whole or not at all. Allocates nothing. Only after the stream was {@link State#CONNECTED}. */
    Offer offer(DirectBuffer buffer, int offset, int length);

    /** Gives the stream up, also one that is still opening. What was sent can be read. */
    @Override
    void close();
}

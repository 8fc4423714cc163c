package io.ringfence.gateway.transport;

import io.ringfence.schemas.LogonDecoder;

/** The way from one client to the gateway: one object for as long as it lasts. Used by the duty cycle only. */
public interface Connection {
    /** The address of no stream. */
    long NO_ADDRESS = -1;

    /**
     * Where the client of this log-on wants its replies. Two log-ons with one address would have them on one stream.
     *
     * @return 0 and above; {@link #NO_ADDRESS} when the log-on names no stream that this transport can open.
     */
    long replyAddress(LogonDecoder logon);

    /** Begins to open a stream of replies at an address of {@link #replyAddress}. Does not wait. */
    ReplyStream openReplies(long address);
}

package io.ringfence.gateway.frame;

import io.ringfence.gateway.transport.Transport;
import io.ringfence.schemas.LogonDecoder;
import io.ringfence.schemas.QueryDecoder;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;

/** Ranges of the fields of the messages that are about the session itself. */
final class SessionRules {
    private static final byte[] CHANNEL_PREFIX = Transport.CHANNEL_PREFIX.getBytes(StandardCharsets.US_ASCII);

    private final LogonDecoder logon = new LogonDecoder();
    private final QueryDecoder query = new QueryDecoder();

    void checkLogon(DirectBuffer buffer, int offset, int behindBlock, Frame frame) {
        logon.wrap(buffer, offset, LogonDecoder.BLOCK_LENGTH, LogonDecoder.SCHEMA_VERSION);
        frame.require(
                logon.heartbeatIntervalNs() > 0, LogonDecoder.heartbeatIntervalNsId(), logon.heartbeatIntervalNs());
        int channelOffset = offset + LogonDecoder.BLOCK_LENGTH;
        if (VarText.isWhole(buffer, channelOffset, behindBlock, frame)) {
            frame.require(
                    isIpc(buffer, channelOffset),
                    LogonDecoder.responseChannelId(),
                    VarText.length(buffer, channelOffset));
            VarText.requirePrintable(buffer, channelOffset, LogonDecoder.responseChannelId(), frame);
        }
    }

    private static boolean isIpc(DirectBuffer buffer, int offset) {
        if (VarText.length(buffer, offset) < CHANNEL_PREFIX.length) {
            return false;
        }
        for (int i = 0; i < CHANNEL_PREFIX.length; i++) {
            if (buffer.getByte(offset + VarText.LENGTH_LENGTH + i) != CHANNEL_PREFIX[i]) {
                return false;
            }
        }
        return true;
    }

    void checkQuery(DirectBuffer buffer, int offset, Frame frame) {
        query.wrap(buffer, offset, QueryDecoder.BLOCK_LENGTH, QueryDecoder.SCHEMA_VERSION);
        frame.request(query.clientRequestId());
        frame.require(query.clientRequestId() > 0, QueryDecoder.clientRequestIdId(), query.clientRequestId());
    }
}

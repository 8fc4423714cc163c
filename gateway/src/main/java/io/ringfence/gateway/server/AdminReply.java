package io.ringfence.gateway.server;

import io.ringfence.schemas.ReasonCode;

/**
 * What became of a command from another thread of the process.
 *
 * @param sequence    it took.
 * @param timestampNs event time.
 * @param reason      APPLIED, or why not.
 * @param entryHash   of its record, 32 bytes.
 */
public record AdminReply(long sequence, long timestampNs, ReasonCode reason, byte[] entryHash) {
    /** Did it take effect? */
    public boolean isApplied() {
        return reason == ReasonCode.APPLIED;
    }
}

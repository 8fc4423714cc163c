package io.ringfence.journal.read;

import io.ringfence.journal.chain.Head;
import io.ringfence.journal.fault.Fault;

/**
 * Result of a verification.
 *
 * @param records          number of proved records.
 * @param recordsPerSecond proved records a second.
 * @param isAuthenticated  was every record also checked with a key? Always false in this version.
 * @param isAnchored       does the watermark promise exactly this end, as after a clean stop?
 * @param hasWatermark     does the watermark file promise anything? Not if it is missing or empty.
 * @param isTorn           do bytes of an unfinished record stand behind the last one?
 * @param head             last proved record.
 * @param fault            first fault; null if there is none.
 */
public record VerifyReport(
        long records,
        double recordsPerSecond,
        boolean isAuthenticated,
        boolean isAnchored,
        boolean hasWatermark,
        boolean isTorn,
        Head head,
        Fault fault) {
    /** Is there no fault? */
    public boolean isOk() {
        return fault == null;
    }

    /** First sequence that cannot be trusted; 0 if all can. */
    public long firstBadSequence() {
        return fault == null ? 0 : fault.sequence();
    }

    /** The fault in one line; null if there is none. */
    public String faultText() {
        return fault == null ? null : fault.text();
    }
}

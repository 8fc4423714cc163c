package io.ringfence.journal.read;

import io.ringfence.journal.chain.Head;
import io.ringfence.journal.fault.Fault;

/**
 * What a verification found.
 *
 * @param records          how many records are proved.
 * @param recordsPerSecond how fast.
 * @param isAuthenticated  was every record also checked with a key? Never yet.
 * @param isAnchored       does the watermark file vouch for exactly this end, as after a clean stop?
 * @param hasWatermark     does the watermark file promise anything? Not if it is missing or empty.
 * @param isTorn           do bytes of an unfinished record stand behind the last one?
 * @param head             last proved record.
 * @param fault            first thing wrong, or null.
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
    /** Is nothing wrong? */
    public boolean isOk() {
        return fault == null;
    }

    /** First sequence that cannot be trusted; 0 if all can. */
    public long firstBadSequence() {
        return fault == null ? 0 : fault.sequence();
    }

    /** What is wrong, in one line; null if nothing is. */
    public String faultText() {
        return fault == null ? null : fault.text();
    }
}

package io.ringfence.gateway.replay;

/**
 * What a replay found.
 *
 * @param isOk             every record came out with the same bytes, and the state digest equals the live one where there is one.
 * @param records          replayed.
 * @param recordsPerSecond that many, reading and proving included.
 * @param stateDigest      of the replaying engine at the head, lower-case hex; null when there is no record.
 * @param liveStateDigest  that the live engine wrote at the head when it stopped cleanly; null otherwise, as after a crash.
 * @param firstDifference  one line, or null.
 */
public record ReplayReport(
        boolean isOk,
        long records,
        long recordsPerSecond,
        String stateDigest,
        String liveStateDigest,
        String firstDifference) {}

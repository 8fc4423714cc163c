package io.ringfence.journal.snapshot;

import java.util.List;

/**
 * States of all stages at one marker.
 *
 * @param snapshotId  number of the snapshot, from 1.
 * @param sequence    of the marker's record; the states are those after it.
 * @param semanticsVersion of the build that wrote it.
 * @param entryHash   of the marker's record, 32 bytes.
 * @param stateDigest of all states, 32 bytes.
 * @param states      canonical bytes, one a stage, in ring order.
 */
public record Snapshot(
        long snapshotId,
        long sequence,
        int semanticsVersion,
        byte[] entryHash,
        byte[] stateDigest,
        List<byte[]> states) {}

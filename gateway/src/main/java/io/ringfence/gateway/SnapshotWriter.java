package io.ringfence.gateway;

import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.journal.snapshot.Snapshot;
import io.ringfence.journal.snapshot.SnapshotFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** Collects what the stages write at a marker and puts it into a file, off their threads. */
final class SnapshotWriter implements SnapshotSink {
    private final ConcurrentHashMap<Long, byte[][]> collected = new ConcurrentHashMap<>();
    private final SnapshotFiles files;
    private final Executor executor;
    private final ErrorLine errors = new ErrorLine(System.err, "snapshots");
    private volatile IOException failure;

    SnapshotWriter(SnapshotFiles files, Executor executor) {
        this.files = files;
        this.executor = executor;
    }

    @Override
    public void onSection(long snapshotId, int stage, byte[] bytes, int length) {
        // The ring orders the stages' visits to one marker, so each slot is written and read in order.
        byte[][] states = collected.computeIfAbsent(snapshotId, id -> new byte[Engine.STAGE_NAMES.size()][]);
        states[stage] = Arrays.copyOf(bytes, length);
    }

    @Override
    public void onComplete(long snapshotId, long sequence, byte[] entryHash) {
        byte[][] states = collected.remove(snapshotId);
        executor.execute(() -> write(snapshotId, sequence, entryHash, states));
    }

    /** Why the last snapshot could not be written; null when it could. A journal does without. */
    IOException failure() {
        return failure;
    }

    private void write(long snapshotId, long sequence, byte[] entryHash, byte[][] states) {
        byte[][] digests = new byte[states.length][];
        for (int stage = 0; stage < states.length; stage++) {
            digests[stage] = sha256(states[stage]);
        }
        Snapshot snapshot = new Snapshot(
                snapshotId,
                sequence,
                Engine.SEMANTICS_VERSION,
                entryHash,
                Engine.stateDigest(digests),
                List.of(states));
        try {
            files.write(snapshot);
            failure = null;
        } catch (IOException e) {
            failure = e;
            errors.onError(e);
        } catch (UncheckedIOException e) {
            failure = e.getCause();
            errors.onError(e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}

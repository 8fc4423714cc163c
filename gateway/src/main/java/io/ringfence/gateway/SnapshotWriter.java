package io.ringfence.gateway;

import io.ringfence.engine.digest.Sha256;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.gateway.server.GatewayAgent.JournalStatus;
import io.ringfence.journal.snapshot.SnapshotFiles;
import io.ringfence.journal.snapshot.SnapshotFiles.Snapshot;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Collects the states that the stages write at a snapshot marker, and writes them to a file on another thread.
 *
 * <p>With {@code DISK} the file is written only after the marker's record was forced: a snapshot must never be ahead of its
 * journal. A snapshot that cannot be written is counted, and the engine goes on.
 */
final class SnapshotWriter implements SnapshotSink {
    private static final long LOOK_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final ConcurrentHashMap<Long, byte[][]> collected = new ConcurrentHashMap<>();
    private final SnapshotFiles files;
    private final Executor executor;
    private final ErrorLine errors = new ErrorLine(System.err, "snapshots");
    private final JournalStatus journal;
    private final AtomicLong failures = new AtomicLong();

    SnapshotWriter(SnapshotFiles files, Executor executor, JournalStatus journal) {
        this.files = files;
        this.executor = executor;
        this.journal = journal;
    }

    @Override
    public boolean takes(long snapshotId, int stage, long length) {
        return true;
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
        executor.execute(() -> tryWrite(snapshotId, sequence, entryHash, states));
    }

    /** How many snapshots could not be written. Any thread. */
    long failures() {
        return failures.get();
    }

    /** Counts and reports a failure: one that is thrown would be lost with its thread. */
    private void tryWrite(long snapshotId, long sequence, byte[] entryHash, byte[][] states) {
        try {
            awaitReleased(sequence);
            files.write(snapshot(snapshotId, sequence, entryHash, states));
        } catch (IOException | RuntimeException | Error failed) {
            failures.incrementAndGet();
            errors.onError(failed);
        }
    }

    private void awaitReleased(long sequence) {
        while (journal.releasedSequence() < sequence) {
            if (Thread.interrupted()) {
                throw new IllegalStateException("stopped before the marker was safe: sequence=" + sequence);
            }
            LockSupport.parkNanos(LOOK_EVERY_NS);
        }
    }

    private static Snapshot snapshot(long snapshotId, long sequence, byte[] entryHash, byte[][] states) {
        byte[][] digests = new byte[states.length][];
        for (int stage = 0; stage < states.length; stage++) {
            digests[stage] = Sha256.of(states[stage]);
        }
        return new Snapshot(
                snapshotId,
                sequence,
                Engine.SEMANTICS_VERSION,
                entryHash,
                Engine.stateDigest(digests),
                List.of(states));
    }
}

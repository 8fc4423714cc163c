package io.ringfence.engine.pipeline;

/** Takes the states that the stages write when they meet a snapshot marker. */
public interface SnapshotSink {
    /** Takes nothing: for replays and tests that want no snapshots. */
    SnapshotSink NONE = new SnapshotSink() {
        @Override
        public void onSection(long snapshotId, int stage, byte[] bytes, int length) {
            // Nobody wants it.
        }

        @Override
        public void onComplete(long snapshotId, long sequence, byte[] entryHash) {
            // Nobody wants it.
        }
    };

    /**
     * One stage's canonical state as after the marker. Called by that stage's thread, in stage order; the bytes are the
     * callee's to keep.
     */
    void onSection(long snapshotId, int stage, byte[] bytes, int length);

    /** The marker's record is appended: the snapshot is whole. Called by the journal stage's thread. */
    void onComplete(long snapshotId, long sequence, byte[] entryHash);
}

package io.ringfence.engine.pipeline;

/** Takes the states that the stages write when they meet a snapshot marker. */
public interface SnapshotSink {
    /** Takes nothing: for replays and tests that want no snapshots. */
    SnapshotSink NONE = new SnapshotSink() {
        @Override
        public boolean takes(long snapshotId, int stage, long length) {
            return false;
        }

        @Override
        public void onSection(long snapshotId, int stage, byte[] bytes, int length) {
            // It is never called: no state is taken.
        }

        @Override
        public void onComplete(long snapshotId, long sequence, byte[] entryHash) {
            // Nobody wants it.
        }
    };

    /**
     * Is the stage to write its state? Called by that stage's thread, in stage order. The answer changes no record and no state.
     *
     * @param length of the state in bytes.
     * @return false: the state is not written, and {@link #onSection} is not called.
     */
    boolean takes(long snapshotId, int stage, long length);

    /**
     * One stage's canonical state as after the marker. Called by that stage's thread, in stage order; the bytes are the
     * callee's to keep.
     */
    void onSection(long snapshotId, int stage, byte[] bytes, int length);

    /** The marker's record is appended: all stages have met the marker. Called by the journal stage's thread. */
    void onComplete(long snapshotId, long sequence, byte[] entryHash);
}

package io.ringfence.engine.snapshot;

/** An owner of state that decisions depend on. It writes and restores its state in canonical form. Called by its thread only. */
public interface Snapshotted {
    /** Appends the whole state in canonical order. */
    void writeState(StateWriter writer);

    /** Replaces the whole state by one that {@link #writeState} wrote. Reads up to the end. */
    void readState(StateReader reader);
}

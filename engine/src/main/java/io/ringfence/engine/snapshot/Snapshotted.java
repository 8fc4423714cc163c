package io.ringfence.engine.snapshot;

/** Owns state that decides: it can write it in canonical form and take it back. Called by the owner's thread only. */
public interface Snapshotted {
    /** Appends the whole state in canonical order. */
    void writeState(StateWriter writer);

    /** Replaces the whole state by what {@link #writeState} wrote; consumes the reader to its end. */
    void readState(StateReader reader);
}

package io.ringfence.engine.snapshot;

/** An owner of state that decisions depend on. It writes and restores its state in canonical form. Called by its thread only. */
public interface Snapshotted {
    /**
     * How many bytes {@link #writeState} would append now; takes some microseconds at most. Owners of many entities compute it from
     * counts. This one counts what is written: for owners of a few rows.
     */
    default long stateLength() {
        StateWriter writer = new StateWriter(1_024);
        writeState(writer);
        return writer.position();
    }

    /** Appends the whole state in canonical order. */
    void writeState(StateWriter writer);

    /** Replaces the whole state by one that {@link #writeState} wrote. Reads up to the end. */
    void readState(StateReader reader);
}

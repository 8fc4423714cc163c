package io.ringfence.engine.pipeline;

import org.agrona.MutableDirectBuffer;

/** Where the journal stage puts its records. Called by the journal stage's thread only. */
public interface RecordLog {
    /** Bytes behind a record that the log may use for its seal. */
    int SEAL_ROOM = 128;

    /**
     * Chains and appends one record. Returns when the record survives the end of the process; throws when it cannot be
     * appended, which stops the engine.
     *
     * @param record    bytes from 0 to {@code length}, with {@link #SEAL_ROOM} bytes of room behind.
     * @param length    of the record without its seal, in bytes.
     * @param entryHash receives the 32 bytes of the record's hash.
     */
    void append(MutableDirectBuffer record, int length, byte[] entryHash);
}

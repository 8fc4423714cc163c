package io.ringfence.engine.pipeline;

/** Where the journal stage puts its records: the one interface between engine and journal. Called by one thread only. */
@FunctionalInterface
public interface RecordLog {
    /**
     * Seals one record in place and appends it. Returns when the record survives the end of the process; throws when it cannot be
     * appended, which stops the engine.
     *
     * @param sequence of the record: the one after the last appended.
     * @param bytes    hold the record. The log may write up to 48 bytes directly before it, and its seal behind it, where there is
     *                 room for 128 bytes; the 32 bytes of the entry hash then stand at {@code offset + length}.
     * @param offset   of the record's first byte.
     * @param length   of the record without its seal, in bytes.
     */
    void append(long sequence, byte[] bytes, int offset, int length);
}

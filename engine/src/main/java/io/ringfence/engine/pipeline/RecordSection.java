package io.ringfence.engine.pipeline;

/** The journal record of the command. Written by {@link JournalStage}. */
public final class RecordSection extends Section {
    private final byte[] entryHash = new byte[32];
    private int length;

    void appended(long sequence, int length) {
        this.length = length;
        done(sequence);
    }

    /** Hash of the record, 32 bytes. Not to be changed by readers. */
    public byte[] entryHash() {
        return entryHash;
    }

    /** Length of the record without its seal, in bytes. */
    public int length() {
        return length;
    }
}

package io.ringfence.journal.store;

import io.ringfence.journal.chain.Head;
import java.io.IOException;

/**
 * Keeps records, one behind the other, in roll files.
 *
 * <p>Two threads share it: the writer calls {@link #append} and {@link #roll}, the sync thread {@link #force} and
 * {@link #retire}. {@link #close} comes when both have ended.
 */
public interface RecordStore extends AutoCloseable {
    /**
     * Appends one record; rolls to the next file when this one is full. Writer only; allocates nothing but at a roll. Anything
     * thrown here is fatal: a full disk shows as an {@link InternalError}.
     *
     * @param record holds it.
     * @param offset of its first byte.
     * @param length in bytes.
     */
    void append(byte[] record, int offset, int length);

    /** Goes on in the next file. Writer only. */
    void roll();

    /** Makes all that was appended before the call safe against loss of power, oldest file first. Sync thread only. */
    void force() throws IOException;

    /**
     * The same for rolled files only, which then give back what they hold. Sync thread only.
     *
     * @return last record of these files; {@link Head#none()} when there was none.
     */
    Head retire() throws IOException;

    /** Room that is ready to be written without waiting, in bytes. Writer only. */
    long bytesAhead();

    /** What went wrong beside the callers' threads, or null. Any thread. */
    Throwable failure();

    /** Forces everything, cuts the unused tail of the last file and lets go of all files. */
    @Override
    void close() throws IOException;
}

package io.ringfence.journal.store;

import io.ringfence.journal.chain.Head;
import java.io.IOException;

/**
 * Keeps records in roll files, in the order they were appended.
 *
 * <p>Two threads share it: the writer calls {@link #append} and {@link #roll}, the sync thread calls {@link #force} and
 * {@link #retire}. {@link #close} may be called once both have ended.
 */
public interface RecordStore extends AutoCloseable {
    /**
     * Appends one record; rolls to the next file when this one is full. Writer only; allocates nothing but at a roll. Whatever
     * it throws is fatal. A full disk shows as an {@link InternalError}.
     *
     * @param record holds the record with its seal, and directly before it the 32 bytes of the hash that it is chained to.
     * @param offset of the record's first byte.
     * @param length in bytes, seal included.
     * @return true if it began a roll file: the file has its name now, which need not be forced yet.
     */
    boolean append(byte[] record, int offset, int length);

    /** Goes on in the next file; does nothing if this one holds no record yet. Writer only. */
    void roll();

    /** Makes every record appended before the call safe against loss of power, oldest file first. Sync thread only. */
    void force() throws IOException;

    /**
     * Makes the files that the writer has left safe against loss of power, unmaps and closes them. Sync thread only.
     *
     * @return last record of these files; {@link Head#none()} if there were no such files.
     */
    Head retire() throws IOException;

    /** Room that is ready to be written without waiting, in bytes. Writer only. */
    long bytesAhead();

    /** First failure on the store's own thread; null if there was none. Any thread. */
    Throwable failure();

    /** Forces every record, cuts the unused tail of the last file and closes all files. */
    @Override
    void close() throws IOException;
}

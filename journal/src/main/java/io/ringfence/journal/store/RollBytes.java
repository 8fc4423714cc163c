package io.ringfence.journal.store;

import java.io.Closeable;
import java.io.IOException;

/** Bytes of one roll file, to be read by position: a file, or a copy of one in memory. */
public interface RollBytes extends Closeable {
    /** Name of the file, for messages. */
    String name();

    /** Length in bytes, as it is now. */
    long length() throws IOException;

    /**
     * Reads what is there.
     *
     * @param position    of the first byte wanted; 0 and above.
     * @param destination takes the bytes.
     * @param offset      where they go.
     * @param length      how many are wanted at most.
     * @return how many were read; fewer than wanted only at the end.
     */
    int read(long position, byte[] destination, int offset, int length) throws IOException;

    @Override
    void close() throws IOException;
}

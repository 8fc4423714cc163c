package io.ringfence.journal.store;

import java.io.Closeable;
import java.io.IOException;

/** Bytes of one roll file, read by position: a file on disk, or a copy of one in memory. Not thread safe. */
public interface RollBytes extends Closeable {
    /** Name of the file, for messages. */
    String name();

    /** Length in bytes now; a writer may change it. */
    long length() throws IOException;

    /**
     * Reads bytes.
     *
     * @param position    of the first byte wanted; 0 and above.
     * @param destination takes them.
     * @param offset      where they go.
     * @param length      how many are wanted at most.
     * @return how many were read; fewer than wanted only at the end of the file.
     */
    int read(long position, byte[] destination, int offset, int length) throws IOException;

    @Override
    void close() throws IOException;
}

package io.ringfence.journal.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Takes the room of a file on its disk before the file is mapped.
 *
 * <p>A hole in a mapped file takes its room when it is first met. If the disk is full then, the process gets a fault that it may not survive.
 * A write that finds no room is an exception.
 */
public final class Blocks {
    private static final int PAGE_LENGTH = 4096;

    private Blocks() {}

    /**
     * Writes zeros to a range, in writes of one page at most. Nobody may have mapped the range for writing.
     *
     * @param from first byte; 0 and above.
     * @param to   end, exclusive.
     * @throws IOException when there is no room, or a quota is used up; some of the range is written then.
     */
    public static void allocate(FileChannel channel, long from, long to) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(PAGE_LENGTH);
        for (long at = from; at < to; ) {
            zeros.clear().limit((int) Math.min(PAGE_LENGTH, to - at));
            at += channel.write(zeros, at);
        }
    }
}

package io.ringfence.journal.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads a roll file through a channel.
 *
 * <p>Not through a map: the writer cuts a file's tail once it has rolled, and a mapped page that was cut away would fault.
 */
public final class RollFile implements RollBytes {
    private final String name;
    private final FileChannel channel;
    private byte[] wrapped;
    private ByteBuffer wrapper;

    private RollFile(String name, FileChannel channel) {
        this.name = name;
        this.channel = channel;
    }

    /** Opens a file for reading only. */
    public static RollFile open(Path path) throws IOException {
        return new RollFile(path.getFileName().toString(), FileChannel.open(path, StandardOpenOption.READ));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long length() throws IOException {
        return channel.size();
    }

    @Override
    public int read(long position, byte[] destination, int offset, int length) throws IOException {
        if (wrapped != destination) {
            wrapped = destination;
            wrapper = ByteBuffer.wrap(destination);
        }
        wrapper.clear().position(offset).limit(offset + length);
        int total = 0;
        while (wrapper.hasRemaining()) {
            int count = channel.read(wrapper, position + total);
            if (count <= 0) {
                break;
            }
            total += count;
        }
        return total;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

package io.ringfence.journal.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the roll files of a journal, {@code 000001.cq4}, {@code 000002.cq4} and so on in the order written, to be read. */
public final class RollFiles {
    private static final String SUFFIX = ".cq4";
    private static final Pattern NAME = Pattern.compile("[0-9]{6,18}\\.cq4");

    private RollFiles() {}

    /** Paths of the roll files in a journal directory, oldest first; none if there is no such directory. */
    public static List<Path> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            entries.filter(path -> NAME.matcher(path.getFileName().toString()).matches())
                    .forEach(files::add);
        }
        files.sort(Comparator.comparingLong(RollFiles::number));
        return files;
    }

    /**
     * Roll files as bytes to be read. Each is opened when it is first read, so that any number of them can be listed.
     *
     * @param paths of the files.
     * @return the files, in the same order; the caller closes each one that it has read.
     */
    public static List<RollBytes> bytes(List<Path> paths) {
        return paths.stream().<RollBytes>map(OnDisk::new).toList();
    }

    /** Path of the roll file with a number, 1 and above. */
    public static Path path(Path directory, long number) {
        return directory.resolve(String.format(Locale.ROOT, "%06d%s", number, SUFFIX));
    }

    /** Number of a roll file, from its name. */
    public static long number(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    }

    /** Makes the entries of a directory safe against loss of power. */
    public static void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * A file that is read through a channel, opened when it is first read.
     *
     * <p>It is not mapped: the writer cuts a file's tail once it has rolled, and to read a mapped page that was cut away would
     * end the JVM.
     */
    private static final class OnDisk implements RollBytes {
        private final Path path;
        private FileChannel channel;
        private byte[] wrapped;
        private ByteBuffer wrapper;

        OnDisk(Path path) {
            this.path = path;
        }

        @Override
        public String name() {
            return path.getFileName().toString();
        }

        @Override
        public long length() throws IOException {
            return channel().size();
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
                int count = channel().read(wrapper, position + total);
                if (count <= 0) {
                    break;
                }
                total += count;
            }
            return total;
        }

        @Override
        public void close() throws IOException {
            if (channel != null) {
                channel.close();
            }
        }

        private FileChannel channel() throws IOException {
            if (channel == null) {
                channel = FileChannel.open(path, StandardOpenOption.READ);
            }
            return channel;
        }
    }

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
}

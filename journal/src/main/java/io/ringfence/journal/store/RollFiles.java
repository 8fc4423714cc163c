package io.ringfence.journal.store;

import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.fault.RegularFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the roll files of a journal to be read: {@code <19 digits>.cq4}, named by their first sequence, so that the file of any
 * sequence is found by the names alone.
 */
public final class RollFiles {
    private static final String SUFFIX = ".cq4";
    private static final int DIGITS = 19; // Of the greatest sequence.
    private static final String NEXT = "next-";
    private static final Pattern NAME = Pattern.compile("[0-9]{" + DIGITS + "}\\.cq4");
    private static final String FIRST_NONE = "0".repeat(DIGITS);
    private static final String LAST_NAME = Long.MAX_VALUE + SUFFIX;
    private static final Pattern OLDER_NAME = Pattern.compile("[0-9]{6,18}\\.cq4");

    private RollFiles() {}

    /**
     * Paths of the roll files in a journal directory, oldest first; none if there is no such directory.
     *
     * @throws JournalException {@code OTHER_VERSION} if a file there has a name of format version 1; {@code DAMAGED} if a name says a
     *     sequence that no record has.
     */
    public static List<Path> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path path : (Iterable<Path>) entries::iterator) {
                String name = path.getFileName().toString();
                if (OLDER_NAME.matcher(name).matches()) {
                    throw new JournalException(
                            JournalException.Reason.OTHER_VERSION,
                            path + ": has format version 1: this build reads version " + RollHeader.FORMAT_VERSION
                                    + " only; begin a new directory");
                }
                if (NAME.matcher(name).matches()) {
                    requireSequence(path, name);
                    files.add(path);
                }
            }
        }
        files.sort(null);
        return files;
    }

    /** Paths of the files in a directory that have the name of a roll file, in no order. */
    public static List<Path> named(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(
                            path -> NAME.matcher(path.getFileName().toString()).matches())
                    .toList();
        }
    }

    private static void requireSequence(Path path, String name) {
        if (name.startsWith(FIRST_NONE) || name.compareTo(LAST_NAME) > 0) {
            throw new JournalException(
                    JournalException.Reason.DAMAGED,
                    path + ": its name says no sequence from 1 to " + Long.MAX_VALUE
                            + ", so it is no roll file; take it out of the directory");
        }
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

    /** Path of the roll file that begins with a sequence, 1 and above. */
    public static Path path(Path directory, long firstSequence) {
        return directory.resolve(String.format(Locale.ROOT, "%0" + DIGITS + "d%s", firstSequence, SUFFIX));
    }

    /** First sequence of a roll file, from its name. */
    public static long firstSequence(String name) {
        return Long.parseLong(name, 0, DIGITS, 10);
    }

    /** Path of a file that is made ready and has no record yet. */
    static Path nextPath(Path directory, long number) {
        return directory.resolve(NEXT + number + SUFFIX);
    }

    /** Names each file that has a header by what it says, and deletes those that have neither a header nor a record. */
    static void nameOrDelete(Path directory) throws IOException {
        for (Path file : unnamed(directory)) {
            try (RollBytes bytes = new OnDisk(file)) {
                RollFileReader reader = new RollFileReader();
                reader.reset(bytes);
                reader.next();
                Path named =
                        reader.hasHeader() ? path(directory, reader.header().firstSequence()) : null;
                if (named != null && !Files.exists(named)) {
                    Files.move(file, named, StandardCopyOption.ATOMIC_MOVE);
                } else if (named != null || !new RecordSearch().find(bytes, 0, 0)) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Paths of the files that have not the name of their first sequence: after a cleaning up, those that have records but no header. */
    public static List<Path> unnamed(Path directory) throws IOException {
        List<Path> unnamed = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, NEXT + "*" + SUFFIX)) {
            files.forEach(unnamed::add);
        }
        return unnamed;
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
                channel = FileChannel.open(RegularFile.require(path, "a roll file"), StandardOpenOption.READ);
            }
            return channel;
        }
    }

    /** Bytes of one roll file, read by position: a file on disk, or a copy of one in memory. Not thread safe. */
    public interface RollBytes extends Closeable {
        /** Name of the file, {@code <19 digits>.cq4}. */
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

    /** Deletes a directory of files; does nothing if there is none. What is no directory is left, and throws. */
    static void deleteDirectory(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                for (Path entry : entries) {
                    Files.delete(entry);
                }
            }
            Files.delete(directory);
        }
    }
}

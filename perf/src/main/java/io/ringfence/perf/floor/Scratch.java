package io.ringfence.perf.floor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.IoUtil;

/** The files of a benchmark: all are gone when it ends, also when it is asked to end early. */
public final class Scratch implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private final Path root;
    private final Path aeronDirectory;
    private final Thread hook = new Thread(this::delete, "floor-scratch");

    /**
     * Makes a directory.
     *
     * @param parent        where it goes.
     * @param requiredBytes that must be free there.
     * @throws UncheckedIOException in one line, if it cannot be made or there is too little room.
     */
    public Scratch(Path parent, long requiredBytes) {
        try {
            long usableBytes = Files.getFileStore(parent).getUsableSpace();
            if (usableBytes < requiredBytes) {
                throw new IOException("too little room in " + parent + ": " + requiredBytes + " bytes needed, "
                        + usableBytes + " free; name another with --dir, or send fewer with --messages");
            }
            root = Files.createTempDirectory(parent, "ringfence-floor").toAbsolutePath();
        } catch (IOException cannot) {
            throw new UncheckedIOException("no scratch directory: " + cannot.getMessage(), cannot);
        }
        Path shared = Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY : root;
        aeronDirectory =
                shared.resolve("ringfence-floor-" + ProcessHandle.current().pid());
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Directory of each media driver in turn; not below {@link #fresh()}. */
    public Path aeronDirectory() {
        return aeronDirectory;
    }

    /** A new, empty directory. */
    public Path fresh() {
        try {
            return Files.createTempDirectory(root, "run");
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot.getMessage(), cannot);
        }
    }

    /** Deletes one of the directories made. */
    public static void delete(Path directory) {
        IoUtil.delete(directory.toFile(), true);
    }

    private void delete() {
        delete(root);
        delete(aeronDirectory);
    }

    @Override
    public void close() {
        delete();
        Runtime.getRuntime().removeShutdownHook(hook);
    }
}

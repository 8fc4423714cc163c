package io.ringfence.gateway.transport.aeron;

import io.aeron.CncFileDescriptor;
import io.aeron.CommonContext;
import io.ringfence.journal.lock.OwnerLock;
import io.ringfence.journal.lock.OwnerLock.OwnedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.stream.Stream;
import org.agrona.CloseHelper;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The directory of a media driver, owned by one process, so that a starting driver deletes only the files of one that no longer runs.
 *
 * <p>The driver deletes the directory with all that is in it, so the lock stands beside it, under its name with {@code .lock} behind.
 */
public final class DriverDirectory implements AutoCloseable {
    private static final long HEARTBEAT_TIMEOUT_MS = 10_000;

    private static final String LOCK_SUFFIX = ".lock";

    /** Files that a driver makes first. A driver that was killed during its start leaves only these. */
    private static final Set<String> MADE_FIRST = Set.of("publications", "images", "loss-report.dat");

    private final Path directory;
    private final OwnerLock lock;
    private boolean isUsed; // By a driver of this process.

    private DriverDirectory(Path directory, OwnerLock lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Takes the directory. Checks that it neither lies in the data directory nor contains it, that no other process owns it, and that
     * it holds nothing but files of a driver that no longer runs. The files of a killed driver of Ringfence are free at once; those of any other
     * driver when its last heartbeat is ten seconds old.
     *
     * @throws UncheckedIOException in one line, when a check fails or the directory cannot be read.
     */
    public static DriverDirectory take(Path directory, Path dataDirectory) {
        try {
            Path real = real(directory);
            requireApart(real, real(dataDirectory));
            OwnerLock lock = own(directory, real);
            try {
                requireLeft(directory, directory.resolve(CncFileDescriptor.CNC_FILE), lock.before());
            } catch (IOException | RuntimeException | Error cannot) {
                CloseHelper.close(cannot::addSuppressed, lock);
                throw cannot;
            }
            return new DriverDirectory(directory, lock);
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot.getMessage(), cannot);
        }
    }

    private static OwnerLock own(Path directory, Path real) throws IOException {
        Path file = real.resolveSibling(real.getFileName() + LOCK_SUFFIX);
        try {
            Files.createDirectories(file.getParent());
            return OwnerLock.take(file);
        } catch (OwnedException owned) {
            throw new IOException("Aeron directory in use by another engine: " + directory + ": " + owned.getMessage()
                    + "; name another as aeron.directory");
        } catch (IOException cannot) {
            throw new IOException("the media driver cannot start in " + directory + ": " + cannot, cannot);
        }
    }

    private static void requireLeft(Path directory, Path file, String ownerBefore) throws IOException {
        requireOfDriver(directory, file);
        if (Files.exists(file) && Files.size(file) >= CncFileDescriptor.END_OF_METADATA_OFFSET) {
            requireDead(directory, file, ownerBefore);
        }
    }

    /** Notes that a driver of this process begins to start here: whatever such a driver has made is left by its owner once the lock is free. */
    void starting() throws IOException {
        isUsed = true;
        lock.note(Cnc.beginning(ProcessHandle.current().pid(), System.currentTimeMillis()));
    }

    /** Notes which driver runs here, in place of that. */
    void started() throws IOException {
        try (Cnc cnc = new Cnc(directory.resolve(CncFileDescriptor.CNC_FILE))) {
            lock.note(cnc.name());
        }
    }

    /** Deletes what a driver of Ringfence has left that was killed; nothing while another process owns the directory. */
    public static void clear(Path directory, Path dataDirectory) {
        try (DriverDirectory free = take(directory, dataDirectory)) {
            IoUtil.delete(free.directory.toFile(), true);
        } catch (UncheckedIOException inUse) {
            // It is not ours to delete.
        }
    }

    /**
     * Gives the directory up. The driver that ran there has ended. Where none was started, the files of a killed driver are still there, and
     * what its owner noted of them stays: the next start needs it.
     */
    @Override
    public void close() {
        try {
            if (isUsed || !Files.exists(directory)) {
                lock.delete();
            } else {
                lock.restore();
            }
        } catch (IOException cannot) {
            throw new UncheckedIOException("the lock of the Aeron directory cannot be given up: " + cannot, cannot);
        }
    }

    private static void requireApart(Path directory, Path dataDirectory) throws IOException {
        if (directory.startsWith(dataDirectory) || dataDirectory.startsWith(directory)) {
            throw new IOException("Aeron directory would be deleted at start with the data in it or around it: "
                    + directory + ", data directory: " + dataDirectory);
        }
    }

    /** The path without links, as far as it exists. */
    private static Path real(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        Path existing = absolute;
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        return existing.toRealPath().resolve(existing.relativize(absolute));
    }

    private static void requireOfDriver(Path directory, Path file) throws IOException {
        if (!Files.isDirectory(directory) || Files.exists(file)) {
            return;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            if (!entries.allMatch(
                    entry -> MADE_FIRST.contains(entry.getFileName().toString()))) {
                throw new IOException("Aeron directory holds files of no driver, which would be deleted: " + directory
                        + "; empty it or name another");
            }
        }
    }

    private static void requireDead(Path directory, Path file, String ownerBefore) throws IOException {
        try (Cnc cnc = new Cnc(file)) {
            if (ownerBefore.lines().noneMatch(cnc::isNamedBy) && cnc.isAlive()) {
                throw new IOException("Aeron directory in use by the driver of process " + cnc.processId() + ": "
                        + directory + ": its last heartbeat is less than " + HEARTBEAT_TIMEOUT_MS / 1_000 + " s old");
            }
        }
    }

    /** The file in which a driver says who it is and that it lives. */
    private static final class Cnc implements AutoCloseable {
        private static final String STARTING = "driver starts in process ";

        private final MappedByteBuffer file;
        private final UnsafeBuffer description;

        Cnc(Path path) throws IOException {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            }
            description = CncFileDescriptor.createMetaDataBuffer(file);
        }

        long processId() {
            return CncFileDescriptor.pid(description);
        }

        /** No two drivers have the same. */
        String name() {
            return "driver " + processId() + " started at " + CncFileDescriptor.startTimestampMs(description) + " ms";
        }

        /** What the owner notes before a driver of its process starts, which may be killed before it has a name. */
        static String beginning(long processId, long sinceMs) {
            return STARTING + processId + " since " + sinceMs;
        }

        /** Does a line that an owner noted mean this driver? */
        boolean isNamedBy(String line) {
            if (!line.startsWith(STARTING)) {
                return line.equals(name());
            }
            boolean isUnnamedYet = description.getIntVolatile(CncFileDescriptor.cncVersionOffset(0)) == 0;
            long startedMs = CncFileDescriptor.startTimestampMs(description);
            long sinceMs = Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
            return isUnnamedYet || startedMs >= sinceMs && line.equals(beginning(processId(), sinceMs));
        }

        boolean isAlive() {
            return CommonContext.isDriverActive(HEARTBEAT_TIMEOUT_MS, said -> {}, file);
        }

        @Override
        public void close() {
            IoUtil.unmap(file);
        }
    }
}

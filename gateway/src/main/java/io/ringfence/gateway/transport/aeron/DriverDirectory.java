package io.ringfence.gateway.transport.aeron;

import io.aeron.CncFileDescriptor;
import io.aeron.CommonContext;
import io.ringfence.gateway.transport.aeron.SharedAccess.ForeignFileException;
import io.ringfence.journal.lock.OwnerLock;
import io.ringfence.journal.lock.OwnerLock.OwnedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.agrona.CloseHelper;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The directory of a media driver, owned by one process, so that a starting driver deletes only the files of one that no longer runs.
 *
 * <p>It is deleted with all that is in it, so the lock stands beside it, under its name with {@code .lock} behind. Nothing is deleted of
 * another user, and none through a link. Others than {@link SharedAccess} says cannot enter it once the driver has started; one with
 * a {@link #freshName} lies in a directory that they can never enter.
 */
public final class DriverDirectory implements AutoCloseable {
    private static final long HEARTBEAT_TIMEOUT_MS = 10_000;

    private static final String LOCK_SUFFIX = ".lock";

    /** Directories of the streams, in that of the driver. */
    static final String PUBLICATIONS = "publications";

    static final String IMAGES = "images";

    private static final String LOSS_REPORT = "loss-report.dat";

    /** Files that a driver makes first. A driver that was killed during its start leaves only these. */
    private static final Set<String> MADE_FIRST = Set.of(PUBLICATIONS, IMAGES, LOSS_REPORT);

    private static final Pattern FRESH = Pattern.compile("ringfence-[0-9a-f]{32}");
    private static final String DRIVER = "driver";
    private static final int NAME_LENGTH = 16;

    private final Path directory;
    private final OwnerLock lock;
    private final SharedAccess access;
    private boolean isUsed; // By a driver of this process.

    private DriverDirectory(Path directory, OwnerLock lock, SharedAccess access) {
        this.directory = directory;
        this.lock = lock;
        this.access = access;
    }

    /** A name that nobody can guess, so that nobody can put something there beforehand: {@code ringfence-<32 digits>/driver}. */
    public static Path freshName(Path parent) {
        byte[] random = new byte[NAME_LENGTH];
        new SecureRandom().nextBytes(random);
        return parent.resolve("ringfence-" + HexFormat.of().formatHex(random)).resolve(DRIVER);
    }

    /** Has it a fresh name, which no configuration gives? */
    public static boolean isFresh(Path directory) {
        Path parent = directory.getParent();
        return directory.endsWith(DRIVER)
                && parent != null
                && parent.getFileName() != null
                && FRESH.matcher(parent.getFileName().toString()).matches();
    }

    /**
     * Takes the directory. Checks that it neither lies in the data directory nor contains it, that no other process owns it, that
     * it holds nothing but files of a driver that no longer runs, and neither a link nor a file of another user. The files of a killed driver of
     * Ringfence are free at once; those of any other driver when its last heartbeat is ten seconds old.
     *
     * @param group whose members may be clients beside the user of this process; empty: nobody else may.
     * @throws UncheckedIOException in one line, when a check fails or the directory cannot be read. Nothing in it was changed then.
     */
    public static DriverDirectory take(Path directory, Path dataDirectory, Optional<String> group) {
        try {
            SharedAccess access = group.isEmpty() ? SharedAccess.OWNER : SharedAccess.of(group.get());
            Path real = real(directory);
            requireApart(real, real(dataDirectory));
            OwnerLock lock = own(directory, real, access);
            try {
                requireLeft(directory, directory.resolve(CncFileDescriptor.CNC_FILE), lock.before());
            } catch (IOException | RuntimeException | Error cannot) {
                CloseHelper.close(cannot::addSuppressed, lock::restore); // What the owner before noted is still true.
                throw cannot;
            }
            return new DriverDirectory(directory, lock, access);
        } catch (ForeignFileException foreign) {
            IOException told = foreign.with(whose(directory));
            throw new UncheckedIOException(told.getMessage(), told);
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot.getMessage(), cannot);
        }
    }

    /** Does the other user's process run that made the directory, as far as this one can know? */
    private static String whose(Path directory) {
        Path file = directory.resolveSibling(directory.getFileName() + LOCK_SUFFIX);
        try {
            long owner = OwnerLock.ownerOf(file);
            if (owner == 0) {
                return "no process that can be seen here holds it: if no process elsewhere does, take it away with "
                        + file + ", or name another directory";
            }
            if (owner != ProcessHandle.current().pid()) {
                return "process " + owner + " runs there: name another directory";
            }
        } catch (IOException unknown) {
            // There is no such list of locks, or no lock.
        }
        return "take it away or name another directory";
    }

    private static OwnerLock own(Path directory, Path real, SharedAccess access) throws IOException {
        Path file = real.resolveSibling(real.getFileName() + LOCK_SUFFIX);
        try {
            makeMissing(file.getParent(), access);
            makeLock(file, access);
            return OwnerLock.take(file);
        } catch (OwnedException owned) {
            throw new IOException("Aeron directory in use by another engine: " + directory + ": " + owned.getMessage()
                    + "; name another as aeron.directory");
        } catch (ForeignFileException foreign) {
            throw foreign;
        } catch (IOException cannot) {
            throw new IOException("the media driver cannot start in " + directory + ": " + cannot, cannot);
        }
    }

    private static void makeMissing(Path parent, SharedAccess access) throws IOException {
        if (!Files.isDirectory(parent)) {
            makeMissing(parent.getParent(), access);
            access.makeDirectory(parent);
        }
    }

    /** Who can read a lock can keep it from being taken. */
    private static void makeLock(Path file, SharedAccess access) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.createFile(file, SharedAccess.ownersOnly());
        }
        SharedAccess.requireOwn(file);
        access.give(file);
    }

    private static void requireLeft(Path directory, Path file, String ownerBefore) throws IOException {
        requireOfDriver(directory, file);
        SharedAccess.requireOwn(directory);
        if (Files.exists(file) && Files.size(file) >= CncFileDescriptor.END_OF_METADATA_OFFSET) {
            requireDead(directory, file, ownerBefore);
        }
    }

    /**
     * Checks that a driver has room here, as long as it was not started: what the one before has left is deleted at the start, and counts as
     * free.
     *
     * @throws IOException in one line.
     */
    void requireRoom(long driverBytes) throws IOException {
        SharedMemory.require(directory.toAbsolutePath().getParent(), SharedAccess.length(directory), driverBytes);
    }

    /**
     * Deletes what the driver before has left, and proves that there is room for the one of this process. Notes that it begins to start here:
     * whatever such a driver has made is left by its owner once the lock is free.
     */
    void starting(long driverBytes) throws IOException {
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            SharedAccess.requireOwn(directory);
            access.shareDirectory(directory); // From now on nobody else can put a link there.
            SharedAccess.requireOwn(directory);
            SharedAccess.delete(directory);
        }
        SharedMemory.prove(directory.toAbsolutePath(), driverBytes);
        isUsed = true;
        lock.note(Cnc.beginning(ProcessHandle.current().pid(), System.currentTimeMillis()));
    }

    /** Where clients find the driver. */
    public Path path() {
        return directory;
    }

    /** What a driver makes here is for these. */
    SharedAccess access() {
        return access;
    }

    /**
     * Lets nobody else enter, and notes which driver runs here, in place of that one which begins.
     *
     * @throws IOException when that cannot be done, or there is no room for the one file in which the driver leaves a hole.
     */
    void started() throws IOException {
        access.shareDirectory(directory);
        access.share(directory.resolve(CncFileDescriptor.CNC_FILE));
        access.share(directory.resolve(LOSS_REPORT));
        SharedMemory.takeWhole(directory.resolve(LOSS_REPORT));
        try (Cnc cnc = new Cnc(directory.resolve(CncFileDescriptor.CNC_FILE))) {
            lock.note(cnc.name());
        }
    }

    /** Deletes what a driver of Ringfence has left that was killed; nothing while another process owns the directory. */
    public static void clear(Path directory, Path dataDirectory) {
        try (DriverDirectory free = take(directory, dataDirectory, Optional.empty())) {
            free.isUsed = true; // So that nothing of it stays.
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
            if (isUsed) {
                SharedAccess.delete(directory);
            }
            if (isUsed || !Files.exists(directory)) {
                lock.delete();
                deleteFreshParent();
            } else {
                lock.restore();
            }
        } catch (IOException cannot) {
            throw new UncheckedIOException("the lock of the Aeron directory cannot be given up: " + cannot, cannot);
        }
    }

    private void deleteFreshParent() throws IOException {
        Path parent = directory.toAbsolutePath().getParent();
        if (FRESH.matcher(
                        parent.getFileName() == null ? "" : parent.getFileName().toString())
                .matches()) {
            Files.deleteIfExists(parent);
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

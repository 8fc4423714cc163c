package io.ringfence.gateway.transport.aeron;

import io.aeron.CncFileDescriptor;
import io.aeron.CommonContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.stream.Stream;
import org.agrona.IoUtil;

/** Makes sure that a starting driver deletes only the files of a driver that no longer runs. */
public final class DriverDirectory {
    private static final long HEARTBEAT_TIMEOUT_MS = 10_000;

    /** Files that a driver makes first. A driver that was killed during its start leaves only these. */
    private static final Set<String> MADE_FIRST = Set.of("publications", "images", "loss-report.dat");

    private DriverDirectory() {}

    /**
     * Checks that the directory neither lies in the data directory nor contains it, and that it holds nothing but files of a
     * driver that no longer runs. The files of a killed driver are free at once.
     *
     * @throws UncheckedIOException in one line, when a check fails or the directory cannot be read.
     */
    public static void requireFree(Path directory, Path dataDirectory) {
        Path file = directory.resolve(CncFileDescriptor.CNC_FILE);
        try {
            requireApart(real(directory), real(dataDirectory));
            requireOfDriver(directory, file);
            if (Files.exists(file) && Files.size(file) >= CncFileDescriptor.END_OF_METADATA_OFFSET) {
                requireDead(directory, file);
            }
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot.getMessage(), cannot);
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

    private static void requireDead(Path directory, Path file) throws IOException {
        MappedByteBuffer buffer;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            buffer = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        }
        try {
            long processId = CncFileDescriptor.pid(CncFileDescriptor.createMetaDataBuffer(buffer));
            boolean isAlive =
                    ProcessHandle.of(processId).map(ProcessHandle::isAlive).orElse(false);
            if (isAlive && CommonContext.isDriverActive(HEARTBEAT_TIMEOUT_MS, said -> {}, buffer)) {
                throw new IOException(
                        "Aeron directory in use by the driver of process " + processId + ": " + directory);
            }
        } finally {
            IoUtil.unmap(buffer);
        }
    }
}

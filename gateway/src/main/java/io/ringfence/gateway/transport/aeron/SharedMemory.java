package io.ringfence.gateway.transport.aeron;

import io.aeron.CncFileDescriptor;
import io.aeron.driver.MediaDriver;
import io.aeron.logbuffer.LogBufferDescriptor;
import io.ringfence.gateway.client.IpcStreams;
import io.ringfence.journal.store.Blocks;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** Says how much room the media driver and its clients take, and whether it is there. */
final class SharedMemory {
    /** Of a client, in bytes: a stream of requests and one of answers. */
    static final long CLIENT_BYTES = 2 * StreamFiles.length(IpcStreams.TERM_LENGTH);

    /** A driver's counter has four times as many bytes of description as of value. */
    private static final int COUNTER_LENGTHS = 5;

    private static final String PROBE = ".room";

    private SharedMemory() {}

    /** Of a driver without clients, in bytes. */
    static long driverBytes(MediaDriver.Context context) {
        int buffers = context.conductorBufferLength()
                + context.toClientsBufferLength()
                + COUNTER_LENGTHS * context.counterValuesBufferLength()
                + context.errorBufferLength();
        return CncFileDescriptor.computeCncFileLength(buffers, LogBufferDescriptor.PAGE_MIN_SIZE)
                + context.lossReportBufferLength();
    }

    /**
     * Checks that a driver and one client have room.
     *
     * @param parent    of the driver's directory.
     * @param leftBytes that a driver before has left there and that are deleted first.
     * @throws IOException in one line, with what is needed and what is free.
     */
    static void require(Path parent, long leftBytes, long driverBytes) throws IOException {
        long usableBytes = Files.getFileStore(parent).getUsableSpace() + leftBytes;
        long requiredBytes = driverBytes + CLIENT_BYTES;
        if (usableBytes < requiredBytes) {
            throw new IOException("too little shared memory in " + parent + ": " + requiredBytes
                    + " bytes needed for the media driver and one client, " + usableBytes
                    + " free; each further client takes "
                    + CLIENT_BYTES + "; give the container more, or name a directory elsewhere as aeron.directory");
        }
    }

    /**
     * Takes the room of a driver once and gives it back: a driver meets its pages through maps, and a quota shows only when it is met.
     *
     * @param directory of the driver; the file is made beside it.
     */
    static void prove(Path directory, long driverBytes) throws IOException {
        Path probe = directory.resolveSibling(directory.getFileName() + PROBE);
        Files.deleteIfExists(probe);
        try (FileChannel channel = FileChannel.open(
                probe, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), SharedAccess.ownersOnly())) {
            Blocks.allocate(channel, 0, driverBytes);
        } catch (IOException noRoom) {
            throw new IOException(
                    "too little shared memory in " + directory.getParent() + ": " + driverBytes
                            + " bytes needed for the media driver: " + noRoom.getMessage(),
                    noRoom);
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    /** Writes zeros to a file that the driver has made sparse and uses for networks alone, but for its first page. */
    static void takeWhole(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            Blocks.allocate(channel, LogBufferDescriptor.PAGE_MIN_SIZE, channel.size());
        }
    }

    /** Clients that have room beside those that are there. */
    static long clientsWithRoom(Path directory) throws IOException {
        return Files.getFileStore(directory).getUsableSpace() / CLIENT_BYTES;
    }
}

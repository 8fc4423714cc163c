package io.ringfence.gateway.transport;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the embedded media driver keeps its files, and whose thread runs it.
 *
 * @param aeronDirectory of the driver; a client is another process that is given it. Deleted at start and at close.
 * @param dataDirectory of the engine, with which the driver's may share no file.
 * @param requestStreamId on which clients send, on {@link Transport#CHANNEL}.
 * @param isInvoked true: the duty cycle that calls {@link Transport#doWork(long)} runs the driver too; false: it has a thread.
 */
public record TransportSettings(Path aeronDirectory, Path dataDirectory, int requestStreamId, boolean isInvoked) {
    /** Stream of requests unless configured otherwise. */
    public static final int DEFAULT_REQUEST_STREAM_ID = 1001;

    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    /** A directory of this process alone: in shared memory where there is some, otherwise among temporary files. */
    public static Path defaultAeronDirectory() {
        Path parent = Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
        return parent.resolve("ringfence-" + ProcessHandle.current().pid());
    }
}

package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/** A file system of its own in memory, of a few MiB, that a test fills and frees. Needs the rights of root. */
final class SmallDisk implements AutoCloseable {
    private static final String BALLAST = "ballast";
    private static final int PIECE_LENGTH = 4096;
    private static final long PATIENCE_S = 30;

    private final Path path;

    private SmallDisk(Path path) {
        this.path = path;
    }

    /** Mounts one; the test is skipped, with a line that says so, where that is not allowed. */
    static SmallDisk mount(Path path, int mebibytes) throws IOException, InterruptedException {
        Files.createDirectories(path);
        boolean isMounted = run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", path.toString()) == 0;
        assumeTrue(isMounted, "a small disk needs the rights of root: mount -t tmpfs");
        return new SmallDisk(path);
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertTrue(process.waitFor(PATIENCE_S, TimeUnit.SECONDS), () -> String.join(" ", command));
        return process.exitValue();
    }

    Path path() {
        return path;
    }

    long usableBytes() throws IOException {
        return Files.getFileStore(path).getUsableSpace();
    }

    /** Takes what is free, to the last page. */
    void fill() throws IOException {
        boolean isFull = false;
        try (FileChannel ballast =
                FileChannel.open(path.resolve(BALLAST), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (!isFull) {
                try {
                    ballast.write(ByteBuffer.allocate(PIECE_LENGTH));
                } catch (IOException noRoom) {
                    isFull = true;
                }
            }
        }
        assertEquals(0, usableBytes());
    }

    /** Gives it back. */
    void free() throws IOException {
        Files.delete(path.resolve(BALLAST));
    }

    @Override
    public void close() throws IOException {
        try {
            assertEquals(0, run("umount", "--lazy", path.toString()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while unmounting " + path, e);
        }
    }
}

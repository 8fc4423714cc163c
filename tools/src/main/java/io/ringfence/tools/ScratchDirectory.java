package io.ringfence.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.IoUtil;

/**
 * A directory that is gone when its user is done.
 *
 * @param path of the directory.
 */
public record ScratchDirectory(Path path) implements AutoCloseable {
    /**
     * Makes one among the temporary files.
     *
     * @throws EnvironmentException if that cannot be.
     */
    static ScratchDirectory make(String prefix) {
        try {
            return new ScratchDirectory(Files.createTempDirectory(prefix));
        } catch (IOException cannot) {
            throw new EnvironmentException("no temporary directory can be made: " + cannot.getMessage(), cannot);
        }
    }

    /**
     * Makes one below a directory, which is made too where it is not there.
     *
     * @throws EnvironmentException if that cannot be.
     */
    public static ScratchDirectory in(Path parent) {
        try {
            return new ScratchDirectory(Files.createTempDirectory(Files.createDirectories(parent), "warm-up-"));
        } catch (IOException cannot) {
            throw new EnvironmentException(parent + ": no directory can be made there: " + cannot.getMessage(), cannot);
        }
    }

    @Override
    public void close() {
        IoUtil.delete(path.toFile(), true);
    }
}

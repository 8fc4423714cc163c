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
record ScratchDirectory(Path path) implements AutoCloseable {
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

    @Override
    public void close() {
        IoUtil.delete(path.toFile(), true);
    }
}

package io.ringfence.tools;

import io.ringfence.tools.ExitCode.EnvironmentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.IoUtil;

/**
 * A temporary directory. It is deleted at {@link #close}.
 *
 * @param path of the directory.
 */
public record ScratchDirectory(Path path) implements AutoCloseable {
    /**
     * Makes a directory among the temporary files.
     *
     * @throws EnvironmentException if it cannot be made.
     */
    static ScratchDirectory make(String prefix) {
        try {
            return new ScratchDirectory(Files.createTempDirectory(prefix));
        } catch (IOException cannot) {
            throw new EnvironmentException("no temporary directory can be made: " + Faults.text(cannot), cannot);
        }
    }

    /**
     * Makes a directory below a parent, which is made too if it does not exist.
     *
     * @param option that names another parent; the error line tells it.
     * @throws EnvironmentException if it cannot be made.
     */
    public static ScratchDirectory in(Path parent, String option) {
        try {
            return new ScratchDirectory(Files.createTempDirectory(Files.createDirectories(parent), "warm-up-"));
        } catch (IOException cannot) {
            throw new EnvironmentException(
                    parent + ": no directory can be made there: " + Faults.text(cannot) + "; name another one with "
                            + option,
                    cannot);
        }
    }

    @Override
    public void close() {
        IoUtil.delete(path.toFile(), true);
    }
}

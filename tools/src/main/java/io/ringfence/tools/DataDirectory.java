package io.ringfence.tools;

import java.nio.file.Files;
import java.nio.file.Path;

/** Says early that a directory cannot be made where a file stands. */
public final class DataDirectory {
    private DataDirectory() {}

    /**
     * Looks at the path, and at what is there of the path to it.
     *
     * @param source what named it: an option, or a key of a file.
     * @throws BadInputException if something of it is no directory.
     */
    public static void requirePossible(String source, Path directory) {
        Path existing = existing(directory);
        if (!Files.isDirectory(existing)) {
            throw new BadInputException(
                    source + ": must be a directory, or be free for one: " + existing + " is a file");
        }
    }

    /** As much of a path as is there. */
    public static Path existing(Path path) {
        Path existing = path.toAbsolutePath();
        if (Files.exists(path)) {
            return path;
        }
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        return existing;
    }
}

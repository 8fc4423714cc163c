package io.ringfence.tools.journal;

import io.ringfence.gateway.client.MissingRight;
import io.ringfence.journal.durability.WatermarkFile;
import io.ringfence.journal.store.RollFiles;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.ExitCode.EnvironmentException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks early whether a path holds a journal or can hold a new one, and names the journals below it. */
public final class JournalPath {
    private static final int NAMED_MAX = 3;

    private JournalPath() {}

    /**
     * Checks that a journal is there.
     *
     * @param source option or argument that names it; begins the error line.
     * @throws BadInputException    if there is no such directory, or the journals are in directories below it.
     * @throws EnvironmentException if this process may not read it.
     */
    public static void require(String source, Path directory) {
        requireRight(MissingRight.find(directory.resolve(WatermarkFile.NAME), false));
        requireRight(MissingRight.find(directory, false));
        if (!Files.isDirectory(directory)) {
            throw new BadInputException(source + ": must be the directory of a journal: "
                    + (Files.exists(directory) ? "it is none: " : "there is none: ") + directory);
        }
        String below = below(directory);
        if (!isJournal(directory) && !below.isEmpty()) {
            throw new BadInputException(source + ": must be the directory of a journal: " + directory
                    + " holds none itself, but there is a journal in " + below);
        }
    }

    /** The journals right below a directory, the last names first; empty if there are none. */
    public static String below(Path directory) {
        if (!Files.isDirectory(directory)) {
            return "";
        }
        List<Path> journals;
        try (Stream<Path> entries = Files.list(directory)) {
            journals = entries.filter(Files::isDirectory)
                    .filter(JournalPath::isJournal)
                    .sorted((one, other) -> other.compareTo(one))
                    .toList();
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
        String named = journals.stream().limit(NAMED_MAX).map(Path::toString).collect(Collectors.joining(", "));
        return journals.size() > NAMED_MAX ? named + " and " + (journals.size() - NAMED_MAX) + " more" : named;
    }

    /**
     * Checks that the path, or as much of it as exists, is a directory.
     *
     * @param source that names the path: an option, or a key of a file; begins the error line.
     * @throws BadInputException if something of it is no directory.
     */
    public static void requirePossible(String source, Path directory) {
        Path existing = existing(directory);
        if (!Files.isDirectory(existing)) {
            throw new BadInputException(
                    source + ": must be a directory, or be free for one: " + existing + " is not a directory");
        }
    }

    /**
     * Checks that this process may make files in a directory, or the directory itself.
     *
     * @throws EnvironmentException in one line that says which right is lacking on which directory.
     */
    public static void requireWritable(Path directory) {
        requireRight(MissingRight.findAbove(directory.resolve(WatermarkFile.NAME)));
    }

    private static void requireRight(String lacking) {
        if (lacking != null) {
            throw new EnvironmentException(lacking);
        }
    }

    /** The longest part of a path that exists. */
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

    /** Has it roll files with a watermark beside them? Roll files in a journal's own subdirectories have no watermark. */
    private static boolean isJournal(Path directory) {
        try {
            return Files.exists(directory.resolve(WatermarkFile.NAME))
                    && !RollFiles.list(directory).isEmpty();
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }
}

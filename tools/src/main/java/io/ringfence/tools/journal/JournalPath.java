package io.ringfence.tools.journal;

import io.ringfence.journal.durability.WatermarkFile;
import io.ringfence.journal.store.RollFiles;
import io.ringfence.tools.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Knows where journals are, so that a command can say early that a path is none's, and which ones are near. */
public final class JournalPath {
    private static final int NAMED_MAX = 3;

    private JournalPath() {}

    /** @throws BadInputException if there is no such directory, or the journals are in directories below it. */
    static void require(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new BadInputException(directory + ": must be the directory of a journal: "
                    + (Files.exists(directory) ? "it is none" : "there is none"));
        }
        String below = below(directory);
        if (!isJournal(directory) && !below.isEmpty()) {
            throw new BadInputException(directory + ": must be the directory of a journal: it holds none itself, but"
                    + " there is a journal in " + below);
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

    /** Has it roll files with a watermark beside them? Those that a journal keeps in directories of its own have none. */
    private static boolean isJournal(Path directory) {
        try {
            return Files.exists(directory.resolve(WatermarkFile.NAME))
                    && !RollFiles.list(directory).isEmpty();
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }
}

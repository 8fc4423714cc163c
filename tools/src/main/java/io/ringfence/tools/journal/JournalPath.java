package io.ringfence.tools.journal;

import io.ringfence.tools.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Says early that a path can be no journal's. */
final class JournalPath {
    private JournalPath() {}

    /** @throws BadInputException if there is no such directory. */
    static void require(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new BadInputException(directory + ": must be the directory of a journal: "
                    + (Files.exists(directory) ? "it is none" : "there is none"));
        }
    }
}

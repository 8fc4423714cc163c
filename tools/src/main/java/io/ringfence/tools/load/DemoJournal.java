package io.ringfence.tools.load;

import io.ringfence.journal.store.RollFiles;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.ExitCode.EnvironmentException;
import io.ringfence.tools.journal.JournalPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The directory in which a demo keeps its journal: new or empty, and on a disk with room for it. */
final class DemoJournal {
    /** No record of an order is longer, in bytes. */
    static final long RECORD_LENGTH_MAX = 512;

    private static final Path PARENT = Path.of("ringfence-data");
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS", Locale.ROOT);

    private final Path directory;

    private DemoJournal(Path directory) {
        this.directory = directory;
    }

    /**
     * The directory asked for, or a fresh one under {@code ./ringfence-data}. No directory is made.
     *
     * @throws BadInputException if it is not empty or is no directory.
     */
    static DemoJournal of(Optional<Path> asked) {
        Path directory =
                asked.orElseGet(() -> PARENT.resolve("demo-" + STAMP.format(LocalDateTime.now(ZoneOffset.UTC))));
        if (Files.exists(directory) && !isEmptyDirectory(directory)) {
            throw new BadInputException(
                    "--dir: must be a new or an empty directory for a demo: " + directory + " is neither");
        }
        JournalPath.requirePossible("--dir", directory);
        return new DemoJournal(directory);
    }

    private static boolean isEmptyDirectory(Path directory) {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }

    Path directory() {
        return directory;
    }

    /**
     * Makes sure that the disk has room.
     *
     * @param records        that may be written.
     * @param headroomLength what must be left, in bytes.
     * @throws EnvironmentException if it has too little.
     */
    void requireRoom(long records, long headroomLength) {
        long needed = Math.addExact(Math.multiplyExact(records, RECORD_LENGTH_MAX), headroomLength);
        long usable = usableLength(JournalPath.existing(directory));
        if (usable < needed) {
            throw new EnvironmentException(String.format(
                    Locale.ROOT,
                    "%s: too little room: %,d bytes may be needed (%,d records of %d bytes, and %,d to spare), %,d are free",
                    directory,
                    needed,
                    records,
                    RECORD_LENGTH_MAX,
                    headroomLength,
                    usable));
        }
    }

    private static long usableLength(Path existing) {
        try {
            return Files.getFileStore(existing).getUsableSpace();
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }

    /** Bytes of the roll files. */
    long length() {
        try {
            long length = 0;
            for (Path file : RollFiles.list(directory)) {
                length += Files.size(file);
            }
            return length;
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }
}

package io.ringfence.journal.recovery;

import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.fault.JournalException.Fault;
import io.ringfence.journal.fault.RegularFile;
import io.ringfence.journal.store.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The file {@code damage.txt} of a journal: one line that says which record was found damaged while the journal was in use. As long as it
 * is there, the journal cannot be opened. Only a person deletes it.
 */
public final class DamageFile {
    /** Name of the file in the journal's directory. */
    public static final String NAME = "damage.txt";

    private static final String UNFINISHED = NAME + ".tmp";

    private DamageFile() {}

    /** Writes the file; returns once it is safe against loss of power. One thread at a time. */
    static void write(Path directory, Fault fault) throws IOException {
        Path unfinished = directory.resolve(UNFINISHED);
        try (FileChannel channel = FileChannel.open(
                RegularFile.require(unfinished, "the file of a damage"),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            ByteBuffer line = ByteBuffer.wrap((fault.text() + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                channel.write(line);
            }
            channel.force(true);
        }
        Files.move(unfinished, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
        Disk.REAL.forceDirectory(directory);
    }

    /**
     * Does nothing where there is no such file.
     *
     * @throws JournalException {@code DAMAGED} with the line of the file, if there is one; also if it cannot be read.
     */
    public static void requireNone(Path directory) {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            return;
        }
        String line;
        try {
            line = Files.readString(RegularFile.require(file, "the file of a damage"))
                    .strip();
        } catch (IOException unreadable) {
            line = "a sequence that cannot be read: " + unreadable;
        }
        throw new JournalException(
                JournalException.Reason.DAMAGED,
                "journal in " + directory + " is damaged at " + line + " (found while it was in use; delete " + file
                        + " once the roll file is restored and verified)");
    }
}

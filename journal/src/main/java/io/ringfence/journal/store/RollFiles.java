package io.ringfence.journal.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Knows how the roll files of a journal are named: {@code 000001.cq4}, {@code 000002.cq4} and so on, in the order written. */
public final class RollFiles {
    private static final String SUFFIX = ".cq4";
    private static final Pattern NAME = Pattern.compile("[0-9]{6,18}\\.cq4");

    private RollFiles() {}

    /** The roll files of a journal directory, oldest first; none if there is no such directory. */
    public static List<Path> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            entries.filter(path -> NAME.matcher(path.getFileName().toString()).matches())
                    .forEach(files::add);
        }
        files.sort(Comparator.comparingLong(RollFiles::number));
        return files;
    }

    /** Where the roll file of a number lies. */
    public static Path path(Path directory, long number) {
        return directory.resolve(String.format("%06d%s", number, SUFFIX));
    }

    /** Number of a roll file. */
    public static long number(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    }

    /** Makes the entries of a directory safe against loss of power. */
    public static void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}

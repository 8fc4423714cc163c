package io.ringfence.journal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SegmentTest {
    private static final int ATTEMPTS = 8;

    @TempDir
    Path directory;

    @Test
    @EnabledOnOs(OS.LINUX) // Reads /proc.
    void shouldKeepNothingOpenOfAFileThatCannotBeMade() throws IOException {
        Path scratch = directory.resolve("making");
        Files.createDirectory(RollFiles.nextPath(directory, 1)); // In the way of its name.

        for (int i = 0; i < ATTEMPTS; i++) {
            assertThrows(
                    IOException.class,
                    () -> Segment.create(directory, Disk.REAL, scratch, 1, SegmentStore.MIN_SEGMENT_LENGTH));
        }

        assertEquals(List.of(), openFiles());
        assertEquals(List.of(), maps());
        assertFalse(Files.exists(scratch));
    }

    /** Descriptors of this process on files in the directory. */
    private List<Path> openFiles() throws IOException {
        List<Path> open = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : (Iterable<Path>) descriptors::iterator) {
                try {
                    Path file = Files.readSymbolicLink(descriptor);
                    if (file.startsWith(directory)) {
                        open.add(file);
                    }
                } catch (NoSuchFileException closed) {
                    continue; // The listing's own descriptor, for one.
                }
            }
        }
        return open;
    }

    /** Maps of this process on files in the directory. */
    private List<String> maps() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains(directory.toString()))
                .toList();
    }
}

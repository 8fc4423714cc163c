package io.ringfence.journal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringfence.journal.store.SegmentStore.Preparation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SegmentTest {
    private static final Runnable NO_REST = () -> {};
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
                    () -> EmptySegment.make(
                            directory,
                            Disk.REAL,
                            scratch,
                            1,
                            SegmentStore.MIN_SEGMENT_LENGTH,
                            Preparation.TOUCHED_PAGES,
                            NO_REST));
        }

        assertEquals(List.of(), openFiles());
        assertEquals(List.of(), maps());
        assertFalse(Files.exists(scratch));
    }

    /** As where a quota or another writer takes the room behind the check of it. */
    @EnumSource(
            value = Preparation.class,
            names = {"TOUCHED_PAGES", "WRITTEN_BLOCKS"})
    @ParameterizedTest
    @EnabledOnOs(OS.LINUX)
    void shouldSayThatThereIsNoRoomBeforeAnyPageIsMapped(Preparation preparation) throws Exception {
        assumeTrue(
                isDone("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", directory.toString()), "mounting needs root");
        try {
            IOException refused = assertThrows(
                    IOException.class,
                    () -> EmptySegment.make(
                            directory, Disk.REAL, directory.resolve("making"), 1, 2L << 20, preparation, NO_REST));

            assertTrue(
                    refused.getMessage().startsWith("write of ")
                            && refused.getMessage().endsWith(" failed: No space left on device"),
                    refused::getMessage);
            assertEquals(0, RollFiles.list(directory).size());
            assertFalse(Files.exists(directory.resolve("making")));
        } finally {
            assertTrue(isDone("umount", "--lazy", directory.toString()));
        }
    }

    private static boolean isDone(String... command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> String.join(" ", command));
        return process.exitValue() == 0;
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

package io.ringfence.tools.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A main file that has grown too long holds more than one thing. */
class MainFilesTest {
    private static final int LINES_MAX = 500;

    @Test
    void shouldBeShort() {
        List<Path> files = SourceTree.sources("main", ".java");

        List<String> tooLong = files.stream()
                .filter(file -> lineCount(file) > LINES_MAX)
                .map(file -> SourceTree.ROOT.relativize(file) + ": lines=" + lineCount(file))
                .toList();

        assertFalse(files.isEmpty());
        assertEquals(List.of(), tooLong, "at most " + LINES_MAX + " lines");
    }

    private static long lineCount(Path file) {
        return SourceTree.text(file).lines().count();
    }
}

package io.ringfence.journal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class RollFilesTest {
    @Test
    void shouldNameFilesInAsciiDigitsUnderEveryLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG"));
        try {
            Path path = RollFiles.path(Path.of("j"), 12);

            assertEquals(Path.of("j", "0000000000000000012.cq4"), path);
            assertEquals(12, RollFiles.firstSequence(path.getFileName().toString()));
        } finally {
            Locale.setDefault(before);
        }
    }
}

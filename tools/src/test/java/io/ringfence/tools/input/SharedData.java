package io.ringfence.tools.input;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Finds real data: in RINGFENCE_DATA, else beside the repository. */
public final class SharedData {
    private SharedData() {}

    /** The file; skips the test, saying so, when it is absent. */
    public static Path find(String name) {
        String given = System.getenv("RINGFENCE_DATA");
        Path directory =
                given == null ? Path.of(System.getProperty("ringfence.root"), "..", "shared", "data") : Path.of(given);
        Path file = directory.resolve(name).normalize();
        if (!Files.isReadable(file)) {
            System.out.println("skipped: no data at " + file);
        }
        Assumptions.assumeTrue(Files.isReadable(file), "no data at " + file);
        return file;
    }
}

package io.ringfence.tools.conformance;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Finds the shared vectors: in RINGFENCE_VECTORS, else beside the repository. */
final class SharedVectors {
    private SharedVectors() {}

    /** The file; skips the test, saying so, when it is absent. */
    static Path find(String name) {
        String given = System.getenv("RINGFENCE_VECTORS");
        Path directory = given == null
                ? Path.of(System.getProperty("ringfence.root"), "..", "shared", "vectors")
                : Path.of(given);
        Path file = directory.resolve(name).normalize();
        if (!Files.isReadable(file)) {
            System.out.println("skipped: no vectors at " + file);
        }
        Assumptions.assumeTrue(Files.isReadable(file), "no vectors at " + file);
        return file;
    }
}

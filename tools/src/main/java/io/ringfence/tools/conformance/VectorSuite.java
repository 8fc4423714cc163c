package io.ringfence.tools.conformance;

import java.io.IOException;
import java.nio.file.Path;

/** Checks this build against the vectors of one kind. */
public interface VectorSuite {
    /**
     * Checks every case of a file and goes on after failures.
     *
     * @param file of one JSON object a line; gzip when its name ends in {@code .gz}.
     * @return the counts and the first difference.
     * @throws IOException when the file cannot be read or a line is no vector of this kind; names file and line.
     */
    VectorReport run(Path file) throws IOException;
}

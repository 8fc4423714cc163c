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
    Report run(Path file) throws IOException;

    /**
     * What running one vector file showed.
     *
     * @param file         as it was named by the caller.
     * @param kind         of the vectors: {@code kernel}, {@code ledger} ...
     * @param cases        lines that were checked, failed ones included.
     * @param failed       cases with at least one difference.
     * @param firstFailure which case differed first and how: expected and actual; null when none failed.
     */
    record Report(String file, String kind, long cases, long failed, String firstFailure) {}
}

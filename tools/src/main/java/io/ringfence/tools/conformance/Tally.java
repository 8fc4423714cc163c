package io.ringfence.tools.conformance;

import java.nio.file.Path;
import java.util.Optional;

/** Counts cases, failures among them, and keeps the first. */
final class Tally {
    private long cases;
    private long failed;
    private String firstFailure;

    /** Counts one case. */
    void count(Optional<String> failure) {
        cases++;
        failure.ifPresent(this::fail);
    }

    private void fail(String failure) {
        failed++;
        if (firstFailure == null) {
            firstFailure = failure;
        }
    }

    VectorReport report(Path file, String kind) {
        return new VectorReport(file.toString(), kind, cases, failed, firstFailure);
    }
}

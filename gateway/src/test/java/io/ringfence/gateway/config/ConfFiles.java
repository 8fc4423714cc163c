package io.ringfence.gateway.config;

import java.nio.file.Path;

/** Finds the files that ship under {@code conf}. */
final class ConfFiles {
    private ConfFiles() {}

    static Path path(String relative) {
        return Path.of(System.getProperty("ringfence.root"), "conf").resolve(relative);
    }
}

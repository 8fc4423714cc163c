package io.ringfence.tools;

import java.nio.file.Path;

/** Where this program is installed: there are the files that ship with it. */
public final class Installation {
    private static final String HOME = "ringfence.home";
    private static final String TERMINAL = "ringfence.terminal";

    private Installation() {}

    /** A file that ships, such as {@code policies/venues.yaml}. Without a launcher the current directory counts as the root. */
    public static Path conf(String name) {
        Path file = Path.of(System.getProperty(HOME, ""), "conf").resolve(name).normalize();
        Path here = Path.of("").toAbsolutePath();
        return file.startsWith(here) ? here.relativize(file) : file;
    }

    /** Does a person watch standard error? Then long work shows its progress there. */
    public static boolean isWatched() {
        return Boolean.getBoolean(TERMINAL);
    }
}

package io.ringfence.tools;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Shows the progress of long work in one line on standard error, which is overwritten. Shows nothing unless the launcher
 * says that standard error is a terminal. Called by one thread at a time.
 */
public final class WatchedLine implements AutoCloseable {
    private static final String WIPE = "\r\033[K";
    private static final long COUNT_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(250);

    private final PrintWriter err;
    private final boolean isWatched = Boolean.getBoolean("ringfence.terminal");
    private long countedAtNs = System.nanoTime();

    /** @param err standard error. */
    public WatchedLine(PrintWriter err) {
        this.err = err;
    }

    /** Shows a text in place of the last one. */
    public void say(String what) {
        if (isWatched) {
            err.print(WIPE + what);
            err.flush();
        }
    }

    /** Shows a count of records, at most four times a second. */
    public void count(long records, String what) {
        long nowNs = System.nanoTime();
        if (isWatched && nowNs - countedAtNs >= COUNT_EVERY_NS) {
            countedAtNs = nowNs;
            say(String.format(Locale.ROOT, "%,d records %s", records, what));
        }
    }

    /** Wipes the line. */
    @Override
    public void close() {
        say("");
    }
}

package io.ringfence.tools;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** One line on standard error that each word writes over; shown only to a person. Called by one thread at a time. */
public final class WatchedLine implements AutoCloseable {
    private static final String WIPE = "\r\033[K";
    private static final long COUNT_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(250);

    private final PrintWriter err;
    private final boolean isWatched = Installation.isWatched();
    private long countedAtNs = System.nanoTime();

    /** Nothing is shown yet. */
    public WatchedLine(PrintWriter err) {
        this.err = err;
    }

    /** Says what is being done; until the next word. */
    public void say(String what) {
        if (isWatched) {
            err.print(WIPE + what);
            err.flush();
        }
    }

    /** Says how many records were read, some times a second. */
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

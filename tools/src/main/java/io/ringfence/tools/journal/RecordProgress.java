package io.ringfence.tools.journal;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** Shows a person how many records were read, some times a second. Called by one thread at a time. */
final class RecordProgress implements LongConsumer, AutoCloseable {
    /** Set by the launcher: is standard error a person's terminal? */
    private static final String TERMINAL = "ringfence.terminal";

    private static final String WIPE = "\r\033[K";
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(250);

    private final PrintWriter err;
    private final String what;
    private final boolean isWatched = Boolean.getBoolean(TERMINAL);
    private long shownAtNs = System.nanoTime();

    RecordProgress(PrintWriter err, String what) {
        this.err = err;
        this.what = what;
    }

    @Override
    public void accept(long records) {
        long nowNs = System.nanoTime();
        if (isWatched && nowNs - shownAtNs >= INTERVAL_NS) {
            shownAtNs = nowNs;
            err.printf("%s%,d records %s", WIPE, records, what);
            err.flush();
        }
    }

    /** Wipes the line. */
    @Override
    public void close() {
        if (isWatched) {
            err.print(WIPE);
            err.flush();
        }
    }
}

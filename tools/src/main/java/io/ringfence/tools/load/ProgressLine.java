package io.ringfence.tools.load;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** Shows a person how a load run goes: one line that each second writes over. */
final class ProgressLine implements Consumer<Histogram>, AutoCloseable {
    private static final String WIPE = "\r\033[K";
    private static final long COUNT_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final double SECOND_MS = 1e3;

    private final PrintWriter err;
    private final boolean isWatched;
    private long startMs;
    private long answered;
    private long countedAtNs;

    ProgressLine(PrintWriter err, boolean isWatched) {
        this.err = err;
        this.isWatched = isWatched;
    }

    /** Says what is being done; until the next word. */
    void say(String what) {
        if (isWatched) {
            err.print(WIPE + what);
            err.flush();
        }
    }

    /** Says how many records were read, some times a second. */
    void count(long records, String what) {
        long nowNs = System.nanoTime();
        if (isWatched && nowNs - countedAtNs >= COUNT_EVERY_NS) {
            countedAtNs = nowNs;
            say(String.format(Locale.ROOT, "%,d records %s", records, what));
        }
    }

    @Override
    public void accept(Histogram interval) {
        if (startMs == 0) {
            startMs = interval.getStartTimeStamp();
        }
        answered += interval.getTotalCount();
        double intervalS = Math.max(1, interval.getEndTimeStamp() - interval.getStartTimeStamp()) / SECOND_MS;
        if (answered == 0) {
            say("warming up");
            return;
        }
        say(String.format(
                Locale.ROOT,
                "%,5.0f s  %,14d orders  %,11.0f a second  p50 %s  p99 %s",
                (interval.getEndTimeStamp() - startMs) / SECOND_MS,
                answered,
                interval.getTotalCount() / intervalS,
                LoadText.time(interval.getValueAtPercentile(50)),
                LoadText.time(interval.getValueAtPercentile(99))));
    }

    /** Wipes the line. */
    @Override
    public void close() {
        say("");
    }
}

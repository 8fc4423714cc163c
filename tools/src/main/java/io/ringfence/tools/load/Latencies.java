package io.ringfence.tools.load;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * Records latencies in ns with three digits, up to ten minutes; longer ones count as that.
 *
 * <p>{@link #record} is the load thread's and never waits; the rest is the watching thread's.
 */
final class Latencies {
    private static final long MOST_NS = 600_000_000_000L;
    private static final int DIGITS = 3;

    private final SingleWriterRecorder recorder = new SingleWriterRecorder(1, MOST_NS, DIGITS);
    private final Histogram total = new Histogram(1, MOST_NS, DIGITS);
    private Histogram interval;

    /** The first interval begins now. */
    void begin() {
        recorder.reset();
    }

    void record(long latencyNs) {
        recorder.recordValue(Math.max(1, Math.min(latencyNs, MOST_NS)));
    }

    /** What was recorded since the last call; holds until the next one. */
    Histogram nextInterval() {
        interval = recorder.getIntervalHistogram(interval);
        total.add(interval);
        return interval;
    }

    /** All intervals taken so far. */
    Histogram total() {
        return total;
    }
}

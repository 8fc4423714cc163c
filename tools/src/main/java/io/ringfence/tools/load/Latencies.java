package io.ringfence.tools.load;

import io.ringfence.tools.ExitCode.EnvironmentException;
import java.io.FileNotFoundException;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * Records latencies in ns with three digits, up to ten minutes; longer ones count as ten minutes.
 *
 * <p>{@link #record} is the load thread's and never waits; the rest is the watching thread's.
 */
final class Latencies {
    private static final long MOST_NS = 600_000_000_000L;
    private static final int DIGITS = 3;

    private final SingleWriterRecorder recorder = new SingleWriterRecorder(1, MOST_NS, DIGITS);
    private final Histogram total = new Histogram(1, MOST_NS, DIGITS);
    private Histogram interval;

    /** Begins the first interval. */
    void begin() {
        recorder.reset();
    }

    void record(long latencyNs) {
        recorder.recordValue(Math.max(1, Math.min(latencyNs, MOST_NS)));
    }

    /** Latencies recorded since the last call; valid until the next call. */
    Histogram nextInterval() {
        interval = recorder.getIntervalHistogram(interval);
        total.add(interval);
        return interval;
    }

    /** All intervals taken so far. */
    Histogram total() {
        return total;
    }

    /** Writes intervals of latencies in ns to an HdrHistogram log. */
    static final class Log implements AutoCloseable {
        private static final double MAX_AS_NS = 1.0;

        private final HistogramLogWriter writer;

        /**
         * Makes the file or overwrites it.
         *
         * @throws EnvironmentException when the file cannot be written.
         */
        Log(Path file) {
            try {
                writer = new HistogramLogWriter(file.toFile());
            } catch (FileNotFoundException cannot) {
                throw new EnvironmentException(file + ": cannot be written: " + cannot.getMessage(), cannot);
            }
            long startMs = System.currentTimeMillis();
            writer.outputComment("[Latency of admission requests in ns, written by ringfence]");
            writer.outputLogFormatVersion();
            writer.outputStartTime(startMs);
            writer.setBaseTime(startMs);
            writer.outputLegend();
        }

        void add(Histogram interval) {
            long baseMs = writer.getBaseTime();
            writer.outputIntervalHistogram(
                    (interval.getStartTimeStamp() - baseMs) / 1e3,
                    (interval.getEndTimeStamp() - baseMs) / 1e3,
                    interval,
                    MAX_AS_NS);
        }

        @Override
        public void close() {
            writer.close();
        }
    }
}

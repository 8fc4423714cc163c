package io.ringfence.tools.load;

import io.ringfence.tools.EnvironmentException;
import java.io.FileNotFoundException;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/** Writes intervals of latencies in ns to an HdrHistogram log. */
final class HlogFile implements AutoCloseable {
    private static final double MAX_AS_NS = 1.0;

    private final HistogramLogWriter writer;

    /**
     * Makes the file, or makes it anew.
     *
     * @throws EnvironmentException when that cannot be.
     */
    HlogFile(Path file) {
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

package io.ringfence.tools;

import java.io.FileNotFoundException;
import java.nio.file.Path;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;

/** All intervals of a histogram log added up. */
final class HistogramLog {
    private static final int DIGITS = 3;

    private final Histogram histogram = new Histogram(DIGITS);
    private int intervalCount;
    private long startMs = Long.MAX_VALUE;
    private long endMs = Long.MIN_VALUE;

    private HistogramLog() {}

    /**
     * Reads a whole log.
     *
     * @throws BadInputException if there is no such file, or it is no histogram log.
     */
    static HistogramLog read(Path file) {
        HistogramLog log = new HistogramLog();
        try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
            for (EncodableHistogram next = reader.nextIntervalHistogram();
                    next != null;
                    next = reader.nextIntervalHistogram()) {
                log.add(next);
            }
        } catch (FileNotFoundException none) {
            throw new BadInputException(file + ": must be a file: there is none");
        } catch (RuntimeException wrong) {
            throw new BadInputException(file + ": must be a histogram log (.hlog): " + wrong.getMessage());
        }
        if (log.intervalCount == 0) {
            throw new BadInputException(file + ": must be a histogram log (.hlog): it holds no interval");
        }
        return log;
    }

    Histogram histogram() {
        return histogram;
    }

    int intervalCount() {
        return intervalCount;
    }

    long durationMs() {
        return endMs - startMs;
    }

    private void add(EncodableHistogram interval) {
        if (!(interval instanceof Histogram whole)) {
            throw new IllegalArgumentException("it holds other than whole numbers");
        }
        histogram.add(whole);
        intervalCount++;
        startMs = Math.min(startMs, whole.getStartTimeStamp());
        endMs = Math.max(endMs, whole.getEndTimeStamp());
    }
}

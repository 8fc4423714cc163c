package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.tools.ExitCode.BadInputException;
import java.io.FileNotFoundException;
import java.nio.file.Path;
import java.util.Locale;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows the latencies in a histogram log. */
@Command(
        name = "hist",
        description =
                "Show the percentiles of an HdrHistogram log (.hlog), all its intervals together, in nanoseconds.",
        footer = "  ringfence hist run.hlog")
final class HistCommand extends ToolCommand {
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99, 100};

    @Parameters(paramLabel = "FILE", description = "A histogram log.")
    @OptionRule.OfFile
    private Path file;

    @Override
    public Integer call() {
        HistogramLog log = HistogramLog.read(file);
        if (isJson()) {
            out().println(Json.text(json(log)));
        } else {
            print(log);
        }
        return ExitCode.DONE;
    }

    private void print(HistogramLog log) {
        Histogram histogram = log.histogram();
        out().printf(
                        Locale.ROOT,
                        "%s: %,d values in %d intervals, %.3f s%n",
                        file,
                        histogram.getTotalCount(),
                        log.intervalCount(),
                        log.durationMs() / 1e3);
        for (double percentile : PERCENTILES) {
            String name = percentile == 100
                    ? "max"
                    : "p" + String.format(Locale.ROOT, "%s", percentile).replaceAll("\\.0$", "");
            out().printf(Locale.ROOT, "  %-6s %,15d ns%n", name, histogram.getValueAtPercentile(percentile));
        }
    }

    private ObjectNode json(HistogramLog log) {
        Histogram histogram = log.histogram();
        ObjectNode object = Json.object()
                .put("file", file.toString())
                .put("count", histogram.getTotalCount())
                .put("intervals", log.intervalCount())
                .put("duration_s", log.durationMs() / 1e3);
        object.putObject("latency_ns")
                .put("p50", histogram.getValueAtPercentile(50))
                .put("p90", histogram.getValueAtPercentile(90))
                .put("p99", histogram.getValueAtPercentile(99))
                .put("p999", histogram.getValueAtPercentile(99.9))
                .put("max", histogram.getMaxValue());
        return object;
    }

    /** All intervals of a histogram log added up. */
    private static final class HistogramLog {
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
}

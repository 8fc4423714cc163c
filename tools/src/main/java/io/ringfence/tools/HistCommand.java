package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
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
    private Path file;

    @Override
    public Integer call() {
        HistogramLog log = HistogramLog.read(file);
        if (isJson()) {
            out().println(JsonLine.text(json(log)));
        } else {
            print(log);
        }
        return ExitCode.DONE;
    }

    private void print(HistogramLog log) {
        Histogram histogram = log.histogram();
        out().printf(
                        "%s: %,d values in %d intervals, %.3f s%n",
                        file, histogram.getTotalCount(), log.intervalCount(), log.durationMs() / 1e3);
        for (double percentile : PERCENTILES) {
            String name = percentile == 100
                    ? "max"
                    : "p" + String.format("%s", percentile).replaceAll("\\.0$", "");
            out().printf("  %-6s %,15d ns%n", name, histogram.getValueAtPercentile(percentile));
        }
    }

    private ObjectNode json(HistogramLog log) {
        Histogram histogram = log.histogram();
        ObjectNode object = JsonLine.object()
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
}

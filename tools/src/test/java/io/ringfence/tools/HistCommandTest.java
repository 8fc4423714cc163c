package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistCommandTest {
    @TempDir
    Path folder;

    @Test
    void shouldAddUpAllIntervals() throws IOException {
        Path file = folder.resolve("run.hlog");
        write(file, 1_000, 2_000);

        Shell shell = new Shell("hist", "--json", file.toString());

        JsonNode object = new ObjectMapper().readTree(shell.out());
        assertEquals(ExitCode.DONE, shell.exitCode());
        assertEquals(200, object.get("count").longValue());
        assertEquals(2, object.get("intervals").longValue());
        assertEquals(1_000, object.get("latency_ns").get("p50").longValue());
        assertEquals(2_000, object.get("latency_ns").get("max").longValue(), 2);
        assertEquals(2.0, object.get("duration_s").doubleValue());
        assertTrue(new Shell("hist", file.toString()).out().contains("p99.9"));
    }

    @Test
    void shouldRefuseWhatIsNoHistogramLog() throws IOException {
        Path text = Files.writeString(folder.resolve("text.hlog"), "this, is no log, at all, really\n");

        Shell shell = new Shell("hist", text.toString());
        Shell none = new Shell("hist", folder.resolve("none.hlog").toString());

        assertEquals(ExitCode.BAD_INPUT, shell.exitCode());
        assertTrue(shell.err().contains("must be a histogram log (.hlog)"), shell::err);
        assertEquals(1, shell.err().lines().count());
        assertEquals(ExitCode.BAD_INPUT, none.exitCode());
        assertTrue(none.err().contains("must be a file: there is none"), none::err);
    }

    private static void write(Path file, long... values) throws FileNotFoundException {
        HistogramLogWriter writer = new HistogramLogWriter(file.toFile());
        writer.outputLogFormatVersion();
        writer.outputLegend();
        long startMs = 1_700_000_000_000L;
        for (long value : values) {
            Histogram histogram = new Histogram(3);
            histogram.recordValueWithCount(value, 100);
            histogram.setStartTimeStamp(startMs);
            histogram.setEndTimeStamp(startMs + 1_000);
            startMs += 1_000;
            writer.outputIntervalHistogram(histogram);
        }
        writer.close();
    }
}

package io.ringfence.tools.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ringfence.tools.ExitCode.EnvironmentException;
import io.ringfence.tools.Shell;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatenciesTest {
    private static final long TEN_MINUTES_NS = 600_000_000_000L;

    @TempDir
    Path folder;

    private final Latencies latencies = new Latencies();

    @Test
    void shouldAddUpIntervals() {
        latencies.record(100);
        long first = latencies.nextInterval().getTotalCount();
        latencies.record(200);
        latencies.record(300);
        long second = latencies.nextInterval().getTotalCount();

        assertEquals(1, first);
        assertEquals(2, second);
        assertEquals(3, latencies.total().getTotalCount());
        assertEquals(300, latencies.total().getMaxValue());
    }

    @Test
    void shouldCountWhatIsBeyondItsRangeAsItsEnds() {
        latencies.record(-5);
        latencies.record(Long.MAX_VALUE);
        latencies.nextInterval();

        assertEquals(1, latencies.total().getMinNonZeroValue());
        assertEquals(TEN_MINUTES_NS, latencies.total().getMaxValue(), TEN_MINUTES_NS / 1e3);
    }

    @Test
    void shouldWriteALogThatHistReads() throws IOException {
        Path file = folder.resolve("run.hlog");
        try (Latencies.Log log = new Latencies.Log(file)) {
            latencies.record(1_000);
            log.add(latencies.nextInterval());
            latencies.record(2_000);
            latencies.record(4_000);
            log.add(latencies.nextInterval());
        }

        JsonNode object = new ObjectMapper().readTree(new Shell("hist", "--json", file.toString()).out());

        assertEquals(3, object.get("count").longValue());
        assertEquals(2, object.get("intervals").longValue());
        assertEquals(2_000, object.get("latency_ns").get("p50").longValue(), 1);
    }

    @Test
    void shouldNameALogThatCannotBeWritten() {
        Path file = folder.resolve("no/such/run.hlog");

        EnvironmentException refused = assertThrows(EnvironmentException.class, () -> new Latencies.Log(file).close());

        assertEquals(0, refused.getMessage().indexOf(file + ": cannot be written: "));
    }
}

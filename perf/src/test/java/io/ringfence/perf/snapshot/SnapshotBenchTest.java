package io.ringfence.perf.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Tag("system")
@Timeout(600)
class SnapshotBenchTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    @BeforeAll
    static void home() {
        System.setProperty("ringfence.home", System.getProperty("ringfence.root"));
    }

    @Test
    void shouldMeasureRoundsWithAndWithoutSnapshotsAndLeaveNothingBehind() throws IOException {
        int exitCode = run("--json", "--holds", "20000", "--rounds", "1", "--seconds", "4", "--rate", "1000");

        assertEquals(0, exitCode, () -> out + err.toString());
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertEquals(20_000, json.path("holds").asInt());
        assertEquals(2, json.path("rounds").size());
        JsonNode with = json.at("/rounds/0");
        JsonNode without = json.at("/rounds/1");
        assertTrue(with.path("snapshots").asBoolean());
        assertTrue(with.path("snapshot_bytes").asLong() > 20_000 * 50, json::toString);
        assertEquals(0, without.path("snapshot_bytes").asLong());
        for (JsonNode round : List.of(with, without)) {
            assertEquals(4_000, round.path("commands").asInt());
            assertTrue(round.path("max_ns").asLong() >= round.path("p50_ns").asLong());
            assertTrue(round.path("probe_max_ns").asLong() > 0);
        }
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void shouldRefuseWhatItDoesNotKnowInOneLine() {
        assertEquals(2, run("--round", "1"));
        assertEquals(2, run("--holds", "0"));
        assertEquals(2, run("--dir", directory.resolve("nowhere").toString()));

        assertEquals(3, err.toString().lines().count(), err::toString);
        assertTrue(err.toString().lines().allMatch(line -> line.startsWith("bench snapshot: ")), err::toString);
    }

    private int run(String... args) {
        CommandLine line = SnapshotBench.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        String[] all = Stream.concat(Stream.of(args), Stream.of("--dir", directory.toString()))
                .toArray(String[]::new);
        return line.execute(Stream.of(args).anyMatch("--dir"::equals) ? args : all);
    }
}

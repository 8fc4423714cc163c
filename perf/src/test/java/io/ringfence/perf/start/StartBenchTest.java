package io.ringfence.perf.start;

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
class StartBenchTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    @BeforeAll
    static void home() {
        System.setProperty("ringfence.home", System.getProperty("ringfence.root"));
    }

    @Test
    void shouldStartWithAndWithoutASnapshotAndLeaveNothingBehind() throws IOException {
        assertEquals(0, run("--json", "--rounds", "1", "--records", "3000", "--behind", "500"), err::toString);

        JsonNode json = new ObjectMapper().readTree(out.toString());
        JsonNode snapshot = json.path("snapshot");
        JsonNode first = json.path("first");
        assertTrue(snapshot.path("restored_sequence").asLong() >= 2_500, json::toString);
        assertTrue(snapshot.path("applied_records").asLong() >= 490, json::toString);
        assertTrue(first.path("applied_records").asLong() >= 3_000, json::toString);
        assertTrue(snapshot.path("older_records").asLong() > 2_000, json::toString);
        assertTrue(snapshot.path("proved_records").asLong() < 600, json::toString);
        assertEquals(0, first.path("restored_sequence").asLong());
        assertEquals(first.path("proved_records"), first.path("applied_records"));
        for (String kind : List.of("snapshot", "first", "verify", "replay")) {
            assertTrue(json.path(kind).path("done_ns").asLong() > 0, json::toString);
            assertTrue(json.path(kind).path("cpu_ns").asLong() > 0, json::toString);
        }
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void shouldRefuseWhatItDoesNotKnowInOneLine() {
        assertEquals(2, run("--record", "5000"));
        assertEquals(2, run("--records", "999"));
        assertEquals(2, run("--records", "5000", "--behind", "4900"));
        assertEquals(2, run("--dir", directory.resolve("nowhere").toString()));

        assertEquals(4, err.toString().lines().count(), err::toString);
        assertTrue(err.toString().lines().allMatch(line -> line.startsWith("bench start: ")), err::toString);
        assertEquals("", out.toString());
    }

    private int run(String... args) {
        CommandLine line = StartBench.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        String[] all = Stream.concat(Stream.of(args), Stream.of("--dir", directory.toString()))
                .toArray(String[]::new);
        return line.execute(Stream.of(args).anyMatch("--dir"::equals) ? args : all);
    }
}

package io.ringfence.perf.soak;

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
class SoakBenchTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    @BeforeAll
    static void home() {
        System.setProperty("ringfence.home", System.getProperty("ringfence.root"));
    }

    @Test
    void shouldAccountForEveryAnswerAcrossLivesAndLeaveNothingBehind() throws IOException {
        int exitCode = run("--json", "--seconds", "1", "--only", "KILL", "--only", "FLIP_BELOW", "--only", "RESENDS");

        assertEquals(0, exitCode, err::toString);
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertTrue(
                json.path("answers").asLong() > 0, json::toString); // How many depends on what else the machine does.
        assertTrue(json.path("resends").asLong() > 0, json::toString);
        assertTrue(json.path("records").asLong() > json.path("answers").asLong(), json::toString);
        assertEquals(64, json.path("state_digest").asText().length());
        assertEquals(1, json.at("/faults/kill").asInt());
        assertEquals(3, json.at("/server/memory_bytes").size());
        assertTrue(json.at("/server/files/0").asLong() > 10, json::toString);
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void shouldRefuseWhatItDoesNotKnowInOneLine() {
        assertEquals(2, run("--cycle", "1"));
        assertEquals(2, run("--cycles", "0"));
        assertEquals(2, run("--only", "EARTHQUAKE"));
        assertEquals(2, run("--dir", directory.resolve("nowhere").toString()));

        assertEquals(4, err.toString().lines().count(), err::toString);
        assertTrue(err.toString().lines().allMatch(line -> line.startsWith("bench soak: ")), err::toString);
    }

    private int run(String... args) {
        CommandLine line = SoakBench.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        String[] all = Stream.concat(Stream.of(args), Stream.of("--dir", directory.toString()))
                .toArray(String[]::new);
        return line.execute(Stream.of(args).anyMatch("--dir"::equals) ? args : all);
    }
}

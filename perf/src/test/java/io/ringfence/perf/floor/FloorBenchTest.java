package io.ringfence.perf.floor;

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
class FloorBenchTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    @BeforeAll
    static void home() {
        System.setProperty("ringfence.home", System.getProperty("ringfence.root"));
    }

    @Test
    void shouldGiveFloorAndRingfenceTheSameWorkAndLeaveNothingBehind() throws IOException {
        int exitCode =
                run("--json", "--rounds", "1", "--warmup", "0", "--messages", "300", "--only", "one,flow,disk_128");

        assertEquals(0, exitCode, err::toString);
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertEquals(1, json.path("rounds").asInt());
        JsonNode one = json.at("/memory/one");
        for (String who : List.of("echo", "floor", "ringfence", "ratio")) {
            assertPositive(one, who + "/p50");
            assertPositive(one, who + "/p99");
        }
        for (JsonNode load : List.of(json.at("/memory/flow"), json.at("/disk_128"))) {
            for (String field : List.of("floor_per_s", "ringfence_per_s", "ratio", "cpu_ns")) {
                assertPositive(load, field);
            }
            assertTrue(load.path("page_faults_per_million").isNumber(), load::toString);
        }
        for (JsonNode load : List.of(one, json.at("/memory/flow"), json.at("/disk_128"))) {
            JsonNode work = load.path("work");
            assertTrue(work.path("is_same").asBoolean(), work::toString);
            assertEquals(300, work.at("/floor/commands").asInt());
            assertEquals(300, work.at("/ringfence/commands").asInt());
            assertEquals(work.at("/floor/hashes"), work.at("/ringfence/hashes"));
        }
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
    }

    private static void assertPositive(JsonNode object, String path) {
        assertTrue(object.at("/" + path).asDouble() > 0, () -> path + " must be positive: " + object);
    }

    @Test
    void shouldRefuseWhatItDoesNotKnowInOneLine() {
        assertEquals(2, run("--round", "1"));
        assertEquals(2, run("--rounds", "0"));
        assertEquals(2, run("--only", "speed"));
        assertEquals(2, run("--dir", directory.resolve("nowhere").toString()));

        assertEquals(4, err.toString().lines().count(), err::toString);
        assertTrue(err.toString().lines().allMatch(line -> line.startsWith("bench floor: ")), err::toString);
        assertEquals("", out.toString());
    }

    private int run(String... args) {
        CommandLine line = FloorBench.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        String[] all = Stream.concat(Stream.of(args), Stream.of("--dir", directory.toString()))
                .toArray(String[]::new);
        return line.execute(Stream.of(args).anyMatch("--dir"::equals) ? args : all);
    }
}

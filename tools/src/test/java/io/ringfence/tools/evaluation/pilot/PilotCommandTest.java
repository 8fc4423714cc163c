package io.ringfence.tools.evaluation.pilot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ringfence.engine.policy.Candidate;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.tools.ExitCode;
import io.ringfence.tools.Shell;
import io.ringfence.tools.evaluation.pilot.PilotWorld.Request;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("model")
@Tag("once")
class PilotCommandTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);

    @TempDir
    private static Path folder;

    private static JsonNode pilot;

    @BeforeAll
    static void run() throws IOException {
        System.setProperty("ringfence.home", System.getProperty("ringfence.root"));
        pilot = pilot(
                "--seed", "5", "--worth", "2", "--out", folder.resolve("out").toString());
    }

    @AfterAll
    static void forgetHome() {
        System.clearProperty("ringfence.home");
    }

    @Test
    void shouldDecideTenThousandRequestsOfFourWeeksWithoutAnError() {
        assertEquals(0, pilot.path("errors").asInt(), pilot::toString);
        assertEquals(4, pilot.path("weeks").size());
        pilot.path("weeks")
                .forEach(week -> assertEquals(2_500, week.path("decisions").asInt()));
        assertEquals(10_000, pilot.path("all").path("decisions").asInt());
        assertTrue(pilot.path("verify").path("ok").asBoolean());
        assertEquals(
                pilot.path("replay").path("live_state_digest").asText(),
                pilot.path("replay").path("state_digest").asText());
    }

    @Test
    void shouldFindTheSameBySeedAndOtherwiseByAnother() throws IOException {
        JsonNode again = pilot("--seed", "5", "--worth", "2");
        JsonNode other = pilot("--seed", "6", "--worth", "2");

        assertEquals(pilot.path("weeks"), again.path("weeks"));
        assertEquals(pilot.path("verify").path("head"), again.path("verify").path("head"));
        assertNotEquals(pilot.path("weeks"), other.path("weeks"));
        assertNotEquals(pilot.path("weeks"), pilot("--seed", "5").path("weeks"));
    }

    @Test
    void shouldSaveWhatTheReportSaysOfItsJournal() throws IOException {
        Shell shell =
                new Shell("report", "savings", folder.resolve("out/journal").toString(), "--json");
        assertEquals(ExitCode.DONE, shell.exitCode(), shell::err);
        long[] acted = new long[4];
        long[] none = new long[4];
        for (JsonNode row : MAPPER.readTree(shell.out()).path("rows")) {
            if (row.path("account").asText().equals("advice")) {
                int week = (Integer.parseInt(row.path("week").asText().substring(8)) - 5) / 7; // From 2026-01-05 on.
                acted[week] += row.path("acted_micros").asLong();
                none[week] +=
                        row.path("baselines").path("none").path("cost_micros").asLong();
            } else {
                assertEquals("as-done", row.path("account").asText());
                assertEquals(0, row.path("substituted").asInt());
            }
        }

        for (int week = 0; week < 4; week++) {
            JsonNode savings = pilot.path("weeks").get(week).path("savings");
            assertEquals(acted[week], savings.path("acted_micros").asLong());
            assertEquals(
                    none[week] - acted[week],
                    savings.path("baselines").path("none").path("saved_micros").asLong());
            assertTrue(none[week] > 0);
        }
    }

    /** Reads the advice from the journal with inspect, and counts it again in the same world. */
    @Test
    void shouldCountMissesAndPrecisionByWhatTheWorldKnows() throws IOException {
        CompiledPolicy policy = CompiledPolicy.read(folder.resolve("out/policy.yaml"));
        PilotWorld world = new PilotWorld(policy, 5, OptionalDouble.of(2));
        long missed = 0;
        long right = 0;
        long substituted = 0;
        for (JsonNode record : advice()) {
            Request request = world.next();
            long id = record.path("acted_candidate_id").asLong();
            int advised = policy.catalog().indexOf(id);
            if (id == 0) {
                continue; // The advice is to refuse it.
            }
            boolean isAskedGood = world.succeeds(request, request.asked());
            boolean isAdvisedGood = world.succeeds(request, advised);
            missed += isAskedGood && !isAdvisedGood ? 1 : 0;
            if (advised != request.asked()) {
                boolean isCheaper =
                        cost(policy, request, advised).compareTo(cost(policy, request, request.asked())) < 0;
                substituted++;
                right += isAdvisedGood && !isAskedGood || isAdvisedGood == isAskedGood && isCheaper ? 1 : 0;
            }
        }

        JsonNode all = pilot.path("all");
        assertEquals(missed, all.path("missed").asLong());
        assertEquals(substituted, all.path("substituted").asLong());
        assertEquals(right, all.path("right").asLong());
        assertEquals(
                (double) missed / all.path("advised").asLong(),
                all.path("miss_rate").asDouble());
        assertTrue(substituted > 1_000, all::toString);
    }

    @Test
    void shouldKeepNothingInAFolderThatHoldsSomething() throws IOException {
        Path other = Files.createDirectories(folder.resolve("other"));
        Files.writeString(other.resolve("mine"), "mine");

        Shell shell = new Shell("pilot", "--out", other.toString());

        assertEquals(ExitCode.BAD_INPUT, shell.exitCode());
        assertEquals(
                "ringfence pilot: --out: must be new or empty: " + other,
                shell.err().strip());
    }

    private static List<JsonNode> advice() throws IOException {
        Shell shell = new Shell("inspect", folder.resolve("out/journal").toString(), "--json", "--kind", "admission");
        assertEquals(ExitCode.DONE, shell.exitCode(), shell::err);
        List<JsonNode> records = new ArrayList<>();
        for (String line : shell.out().lines().toList()) {
            JsonNode record = MAPPER.readTree(line);
            if (record.path("account").asText().equals("advice")) {
                records.add(record);
            }
        }
        assertEquals(10_000, records.size());
        return records;
    }

    private static BigInteger cost(CompiledPolicy policy, Request request, int index) {
        Candidate candidate = policy.catalog().candidate(index);
        long outputUnits = policy.adaptive()
                .useCases()
                .get(request.useCaseIndex())
                .defaults()
                .outputUnits();
        return term(request.units(), candidate.inputPriceMicrosPerM())
                .add(term(outputUnits, candidate.outputPriceMicrosPerM()));
    }

    private static BigInteger term(long units, long price) {
        return BigInteger.valueOf(units)
                .multiply(BigInteger.valueOf(price))
                .add(MILLION)
                .subtract(BigInteger.ONE)
                .divide(MILLION);
    }

    private static JsonNode pilot(String... options) throws IOException {
        List<String> args = new ArrayList<>(List.of("pilot", "--json"));
        args.addAll(List.of(options));
        Shell shell = new Shell(args.toArray(String[]::new));
        assertEquals(ExitCode.DONE, shell.exitCode(), shell::err);
        return MAPPER.readTree(shell.out());
    }
}

package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reports on calls and orders of a running engine of another process; each way once from a process of its own. */
@Tag("system")
@Tag("once")
class ReportsOnDecisionTest {
    private static final Path MODELS = Path.of(System.getProperty("ringfence.root"), "conf/policies/models.yaml");

    @TempDir
    Path folder;

    @Test
    void shouldTeachCorrectAndSettleACall() throws IOException, InterruptedException {
        try (ShippedServer server = ShippedServer.start(folder, MODELS)) {
            JsonNode asked = server.doneByProcess(
                    "ask --dir j --account team-a --candidate gpt-4o --use-case support --input-units 1200 --json");
            String call = asked.get("sequence").asText();

            JsonNode first =
                    server.doneByProcess("outcome --dir j --success yes --cost 0.01 --latency-ms 800 --json", call);
            assertEquals("APPLIED", first.get("reason").asText());
            assertEquals(call, first.get("decision_sequence").asText());
            assertEquals("OUTCOME_REPEATED", reason(server, "--success yes --cost 0.01 --latency-ms 800", call));
            assertRefused(server, "outcome --success no", call, "SEQUENCE: OUTCOME_CONTRADICTORY: ");
            assertEquals("OUTCOME_REVISED", reason(server, "--success no --revision 1", call));
            assertEquals("OUTCOME_TAKEN_BACK", reason(server, "--not-done --revision 2", call));
            assertRefused(server, "outcome --success no --revision 1", call, "SEQUENCE: OUTCOME_SUPERSEDED: ");
            assertRefused(server, "outcome --success yes", "1", "SEQUENCE: must be that of a decision: 1");
            JsonNode record = server.done(
                    "inspect j --json --sequence", first.get("sequence").asText());
            assertEquals(
                    10_000, record.get("outcome").get("realized_cost_micros").asLong());
            assertEquals(800, record.get("outcome").get("realized_latency_ms").asLong());

            long available = asked.get("remaining_micros").asLong()
                    + asked.get("held_micros").asLong();
            JsonNode part = server.doneByProcess("settle --dir j --cost 0.0005 --part --json", call);
            assertEquals(
                    available,
                    part.get("held_micros").asLong()
                            + part.get("available_micros").asLong()
                            + 500);
            JsonNode last = server.done("settle --dir j --cost 0.002 --json", call);
            assertEquals(0, last.get("held_micros").asLong());
            assertEquals(available - 2_500, last.get("available_micros").asLong());
            assertRefused(server, "settle --release", call, "SEQUENCE: HOLD_UNKNOWN: ");
            Shell late = server.run("settle --dir j --cost 0.002", call);
            assertEquals(ExitCode.CHECK_FAILED, late.exitCode(), late::err);
            assertTrue(late.out().contains("FACT_OUTSTANDING"), late::out);
        }
    }

    @Test
    void shouldLeaveAnOrdersHoldToItsExecutions() throws IOException, InterruptedException {
        try (ShippedServer server = ShippedServer.start(folder)) {
            String order = server.done(
                            "ask --dir j --account desk-1 --candidate XNAS --quantity 100 --price 25.10 --json")
                    .get("sequence")
                    .asText();

            assertRefused(server, "settle --release", order, "SEQUENCE: HOLD_IS_ORDER: ");
            assertEquals("APPLIED", reason(server, "--quality-bps 9000 --follow-up escalation", order));
            assertRefused(
                    server, "outcome --success yes --principal 5", order, "--principal: must have the role trader: 5");
            String foreign = server.done(
                            "ask --dir j --account desk-2 --candidate XNAS --quantity 100 --price 25.10 --json")
                    .get("sequence")
                    .asText();
            assertRefused(
                    server,
                    "outcome --success yes --principal 6",
                    foreign,
                    "--principal: must have the right to act on the account of decision " + foreign + ": 6");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "outcome 5 | --success, --quality-bps or --not-done: must be given: one of the first two, both, or the last alone",
                "outcome 5 --success yes --not-done | --success, --quality-bps or --not-done: must be given: one of the first"
                        + " two, both, or the last alone",
                "outcome 5 --success maybe | --success: must be yes or no: \"maybe\"",
                "outcome 5 --quality-bps 10001 | --quality-bps: must be a whole number from 0 to 10000: \"10001\"",
                "outcome 5 --success no --cost -1 | --cost: must be 0 or more: \"-1\"",
                "outcome 0 --success no | SEQUENCE: must be a whole number from 1 to 9223372036854775807: \"0\"",
                "settle 5 | --cost or --release: one of them must be given",
                "settle 5 --cost 1 --release | --cost and --release: must not both be given",
                "settle 5 --release --part | --part: may stand only with --cost",
                "settle 5 --cost 0.0000001 | --cost: must have at most 6 digits behind the point: \"0.0000001\""
            })
    void shouldRefuseInOneLineWhatIsNoReport(String line, String expected) {
        Shell shell = new Shell((line + " --dir nowhere").split(" "));

        assertEquals("ringfence " + line.split(" ")[0] + ": " + expected + "\n", shell.err());
        assertEquals(ExitCode.BAD_INPUT, shell.exitCode());
    }

    private static String reason(ShippedServer server, String options, String sequence) {
        return server.done("outcome --dir j --json " + options, sequence)
                .get("reason")
                .asText();
    }

    private static void assertRefused(ShippedServer server, String line, String sequence, String said) {
        Shell child = server.run(line + " --dir j", sequence);
        assertEquals(ExitCode.BAD_INPUT, child.exitCode(), child::err);
        assertTrue(child.err().startsWith("ringfence " + line.split(" ")[0] + ": " + said), child::err);
        assertEquals("", child.out());
    }
}

package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.ReasonCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists the holds and facts of a running engine of another process, releases and settles them; each way once from a process of its own. */
@Tag("system")
@Tag("once")
class AccountCommandTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ORDER =
            "ask --dir j --account desk-1 --candidate XNAS --quantity 100 --price 25.10 --json";

    @TempDir
    Path folder;

    private ShippedServer server;

    @BeforeEach
    void serve() throws IOException, InterruptedException {
        server = ShippedServer.start(folder);
    }

    @AfterEach
    void end() {
        server.process().terminate();
        try {
            assertEquals(ExitCode.DONE, server.process().exitCode(), server.process()::err);
        } finally {
            server.close();
        }
    }

    @Test
    void shouldListAHoldWithItsOwnerAndReleaseIt() {
        String hold = server.done(ORDER).get("hold_id").asText();

        JsonNode listed =
                server.doneByProcess("account holds --dir j --account 1 --json").get("holds");
        assertEquals(1, listed.size(), listed::toString);
        JsonNode only = listed.get(0);
        assertEquals(hold, only.get("hold_id").asText());
        assertEquals(4, only.get("principal_id").intValue());
        assertEquals("BUY", only.get("side").textValue());
        assertEquals(10_000_000_000L, only.get("open_quantity").longValue());
        assertEquals(25_100_000L, only.get("limit_price_micros").longValue());
        assertTrue(only.get("held_micros").longValue() >= 2_510_000_000L);
        assertEquals(
                0,
                server.done("account holds --dir j --orphaned --json")
                        .get("holds")
                        .size());
        String page = server.run("account holds --dir j").out();
        assertTrue(page.contains("buy 100 of 0 at 25.1"), page);

        String release = "account release " + hold + " --dir j --json";
        String[] why = {"--why", "desk closed"};
        Shell byTheDesk = server.run(release + " --principal 1", why);
        assertEquals(ExitCode.BAD_INPUT, byTheDesk.exitCode());
        assertEquals(
                "ringfence account release: --principal: must have the role risk or operator: 1\n", byTheDesk.err());
        JsonNode released = server.doneByProcess(release, why);
        assertEquals("APPLIED", released.get("reason").textValue());
        Shell again = server.run(release, why);
        assertEquals(ExitCode.BAD_INPUT, again.exitCode());
        assertTrue(again.err().startsWith("ringfence account release: HOLD: HOLD_UNKNOWN: "), again::err);
        assertEquals(0, server.done("account holds --dir j --json").get("holds").size());
        JsonNode record = record(released);
        assertEquals(
                "desk closed", record.get("hold_command").get("justification").textValue());
        assertEquals(2, record.get("principal_id").intValue());
    }

    @Test
    void shouldShowAFactThatWaitsAndBookOrDropIt() throws IOException {
        String[] facts = {reportUnknownOrder(1), reportUnknownOrder(2)};
        String[] why = {"--why", "as the venue says"};

        JsonNode listed = server.doneByProcess("account facts --dir j --json").get("facts");
        assertEquals(2, listed.size(), listed::toString);
        assertEquals(facts[0], listed.get(0).get("sequence").asText());
        assertEquals(1, listed.get(0).get("account_id").intValue());
        assertEquals("ACCOUNT_OUTSTANDING", server.done(ORDER).get("reason").textValue());

        JsonNode booked = server.doneByProcess(settle("book", facts[0]) + " --charge 2510000 --json", why);
        assertEquals("APPLIED", booked.get("reason").textValue());
        Shell again = server.run(settle("drop", facts[0]), why);
        assertEquals(ExitCode.BAD_INPUT, again.exitCode());
        assertTrue(again.err().startsWith("ringfence account drop: not settled: FACT_UNKNOWN: "), again::err);
        Shell byTheDesk = server.run(settle("drop", facts[1]) + " --principal 1", why);
        assertEquals(ExitCode.BAD_INPUT, byTheDesk.exitCode(), byTheDesk::err);
        server.doneByProcess(settle("drop", facts[1]) + " --json", why);

        assertEquals(0, server.done("account facts --dir j --json").get("facts").size());
        assertNotEquals("REJECT", server.done(ORDER).get("action").textValue());
        assertEquals(
                "as the venue says",
                record(booked).get("fact_command").get("justification").textValue());
    }

    /** Reports a trade of an order that nobody knows, without its instrument, and returns the sequence of the fact. */
    private String reportUnknownOrder(long execution) throws IOException {
        try (RingfenceClient client = server.connect(1)) {
            client.execution()
                    .holdId(3)
                    .executionId(execution)
                    .kind(ExecutionKind.FILL)
                    .quantity(100_000_000)
                    .priceMicros(2_510_000)
                    .leavesQuantity(0)
                    .accountId(1);
            Answer answer = client.ask(PATIENCE);
            assertEquals(ReasonCode.FACT_OUTSTANDING, answer.reason());
            return Long.toString(answer.decision().sequence());
        }
    }

    private static String settle(String verb, String fact) {
        return "account " + verb + ' ' + fact + " --account 1 --dir j";
    }

    private JsonNode record(JsonNode answer) {
        return server.done(
                "inspect j --json --sequence " + answer.get("sequence").asText());
    }
}

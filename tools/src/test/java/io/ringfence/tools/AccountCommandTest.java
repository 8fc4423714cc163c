package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.ReasonCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists the holds and facts of a running engine, releases and settles them, each from a process of its own. */
@Tag("system")
class AccountCommandTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void shouldListAHoldWithItsOwnerAndReleaseIt() throws InterruptedException {
        try (ChildProcess server = ChildProcess.start(folder, "serve", "--dir", "j")) {
            server.firstLine();
            long hold = run(
                            "ask",
                            "--dir",
                            "j",
                            "--account",
                            "desk-1",
                            "--candidate",
                            "XNAS",
                            "--quantity",
                            "100",
                            "--price",
                            "25.10")
                    .get("hold_id")
                    .longValue();

            JsonNode listed =
                    run("account", "holds", "--dir", "j", "--account", "1").get("holds");
            assertEquals(1, listed.size(), listed::toString);
            JsonNode only = listed.get(0);
            assertEquals(hold, only.get("hold_id").longValue());
            assertEquals(4, only.get("principal_id").intValue());
            assertEquals("BUY", only.get("side").textValue());
            assertEquals(10_000_000_000L, only.get("open_quantity").longValue());
            assertEquals(25_100_000L, only.get("limit_price_micros").longValue());
            assertTrue(only.get("held_micros").longValue() >= 2_510_000_000L);
            assertEquals(
                    0,
                    run("account", "holds", "--dir", "j", "--orphaned")
                            .get("holds")
                            .size());
            String page =
                    ChildProcess.run(folder, "account", "holds", "--dir", "j").out();
            assertTrue(page.contains("buy 100 of 0 at 25.1"), page);

            String id = Long.toString(hold);
            ChildProcess byTheDesk = release(id, "--principal", "1");
            assertEquals(ExitCode.BAD_INPUT, byTheDesk.exitCode());
            assertEquals(
                    "ringfence account release: --principal: must have the role risk or operator: 1\n",
                    byTheDesk.err());
            JsonNode released = release(id).json();
            assertEquals("APPLIED", released.get("reason").textValue());
            ChildProcess again = release(id);
            assertEquals(ExitCode.BAD_INPUT, again.exitCode());
            assertTrue(again.err().startsWith("ringfence account release: HOLD: HOLD_UNKNOWN: "), again::err);
            assertEquals(0, run("account", "holds", "--dir", "j").get("holds").size());
            JsonNode record =
                    run("inspect", "j", "--sequence", released.get("sequence").asText());
            assertEquals(
                    "desk closed",
                    record.get("hold_command").get("justification").textValue());
            assertEquals(2, record.get("principal_id").intValue());
            server.terminate();
            assertEquals(ExitCode.DONE, server.exitCode(), server::err);
        }
    }

    @Test
    void shouldShowAFactThatWaitsAndBookOrDropIt() throws InterruptedException {
        try (ChildProcess server = ChildProcess.start(folder, "serve", "--dir", "j")) {
            server.firstLine();
            String[] facts = {reportUnknownOrder(1), reportUnknownOrder(2)};

            JsonNode listed = run("account", "facts", "--dir", "j").get("facts");
            assertEquals(2, listed.size(), listed::toString);
            assertEquals(facts[0], listed.get(0).get("sequence").asText());
            assertEquals(1, listed.get(0).get("account_id").intValue());
            assertEquals("ACCOUNT_OUTSTANDING", order().json().get("reason").textValue());

            JsonNode booked = run(settle("book", facts[0], "--charge", "2510000"));
            assertEquals("APPLIED", booked.get("reason").textValue());
            ChildProcess again = ChildProcess.run(folder, settle("drop", facts[0]));
            assertEquals(ExitCode.BAD_INPUT, again.exitCode());
            assertTrue(again.err().startsWith("ringfence account drop: not settled: FACT_UNKNOWN: "), again::err);
            ChildProcess byTheDesk = ChildProcess.run(folder, settle("drop", facts[1], "--principal", "1"));
            assertEquals(ExitCode.BAD_INPUT, byTheDesk.exitCode(), byTheDesk::err);
            run(settle("drop", facts[1]));

            assertEquals(0, run("account", "facts", "--dir", "j").get("facts").size());
            assertNotEquals("REJECT", order().json().get("action").textValue());
            JsonNode record =
                    run("inspect", "j", "--sequence", booked.get("sequence").asText());
            assertEquals(
                    "as the venue says",
                    record.get("fact_command").get("justification").textValue());
            server.terminate();
            assertEquals(ExitCode.DONE, server.exitCode(), server::err);
        }
    }

    /** Reports a trade of an order that nobody knows, without its instrument, and returns the sequence of the fact. */
    private String reportUnknownOrder(long execution) {
        try (RingfenceClient client = RunningEngine.connect(ClientSettings.ofJournal(folder.resolve("j"), 1))) {
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

    private static String[] settle(String verb, String fact, String... more) {
        List<String> args = new ArrayList<>(List.of("account", verb, fact, "--account", "1", "--dir", "j"));
        args.addAll(List.of("--why", "as the venue says"));
        args.addAll(List.of(more));
        return args.toArray(String[]::new);
    }

    private ChildProcess order() {
        return ChildProcess.run(
                folder,
                "ask",
                "--dir",
                "j",
                "--account",
                "desk-1",
                "--candidate",
                "XNAS",
                "--quantity",
                "100",
                "--price",
                "25.10",
                "--json");
    }

    private ChildProcess release(String hold, String... more) {
        String[] args = new String[8 + more.length];
        System.arraycopy(
                new String[] {"account", "release", hold, "--why", "desk closed", "--dir", "j", "--json"},
                0,
                args,
                0,
                8);
        System.arraycopy(more, 0, args, 8, more.length);
        return ChildProcess.run(folder, args);
    }

    private JsonNode run(String... args) {
        String[] withJson = Arrays.copyOf(args, args.length + 1);
        withJson[args.length] = "--json";
        ChildProcess child = ChildProcess.run(folder, withJson);
        assertEquals(ExitCode.DONE, child.exitCode(), child::err);
        return child.json();
    }
}

package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists the holds of a running engine and releases one, each from a process of its own. */
@Tag("system")
class AccountCommandTest {
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
            assertEquals(1, only.get("principal_id").intValue());
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

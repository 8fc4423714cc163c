package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Opens, tops up, caps, closes and shows accounts of a running engine of another process; each way once from a process of its own. */
@Tag("system")
@Timeout(300)
@Tag("once")
class ChangeAccountTest {
    /** Command, its line on standard error. */
    private static final List<String> REFUSALS = List.of(
            "open 8 --name a --granted 5 --principal 1|open: --principal: must have the role risk or operator: 1",
            "top-up 1 5 --why x --principal 1|top-up: --principal: must have the role risk or operator: 1",
            "cap 1 5 --why x --principal 1|cap: --principal: must have the role risk or operator: 1",
            "close 1 --why x --principal 1|close: --principal: must have the role risk or operator: 1",
            "open 8 --name a --granted 5 --principal 5|open: --principal: must have the right to act on ID 8: 5",
            "top-up 2 5 --why x --principal 5|top-up: --principal: must have the right to act on ACCOUNT 2: 5",
            "cap desk-2 5 --why x --principal 5|cap: --principal: must have the right to act on ACCOUNT desk-2: 5",
            "close 2 --why x --principal 5|close: --principal: must have the right to act on ACCOUNT 2: 5",
            "top-up 1 5 --why x --principal 9|top-up: --principal: the gateway knows none of this id: 9",
            "open 1 --name a --granted 5|open: ID: ACCOUNT_EXISTS: An account of this id was opened before: 1",
            "open 8 --name a --granted 5 --parent 99"
                    + "|open: --parent: PARENT_UNKNOWN: The account named as parent was never opened: 99",
            "open 8 --name a --granted 5 --parent desk-11"
                    + "|open: --parent: must be a known account, nearest known is desk-1: \"desk-11\"",
            "open 8 --name a --granted -1|open: --granted: must be 0 or more: \"-1\"",
            "open 8 --granted 1|open: --name: must be given",
            "open 8 --name a --granted 5 --currency usd|open: --currency: must be 1 to 8 of A-Z and 0-9: \"usd\"",
            "top-up 99 5 --why x|top-up: ACCOUNT: ACCOUNT_UNKNOWN: There is no such account: 99",
            "top-up desk-9 5 --why x"
                    + "|top-up: ACCOUNT: must be a known account, nearest known is desk-1: \"desk-9\"",
            "top-up 1 0 --why x|top-up: AMOUNT: must be above 0: \"0\"",
            "top-up 1 1e3 --why x|top-up: AMOUNT: must be a decimal number such as 12.50: \"1e3\"",
            "top-up 1 5|top-up: --why: must be given",
            "cap 1 0 --why x|cap: AMOUNT: must be above 0: \"0\"",
            "show 99|show: ACCOUNT: must be one that was opened: 99");

    @TempDir
    Path folder;

    private ShippedServer server;

    @BeforeEach
    void serve() throws IOException, InterruptedException {
        server = ShippedServer.start(folder);
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void shouldOpenTopUpCapAndCloseAnAccount() {
        JsonNode opened = server.doneByProcess(
                "account open 7 --name desk-7 --granted 1000 --cap 600 --parent desk-1 --principal 3 --dir j --json");
        assertEquals("APPLIED", opened.get("reason").textValue());
        assertEquals(1_000_000_000L, opened.get("available_micros").longValue());
        assertEquals("EXPOSURE_LIMIT", order("2000").get("reason").textValue());

        server.doneByProcess("account cap 7 none --dir j --json", "--why", "busy hours");
        assertEquals("BUDGET_EXHAUSTED", order("2000").get("reason").textValue());
        JsonNode granted = server.doneByProcess("account top-up 7 4000.5 --dir j --json", "--why", "day limit raised");
        assertEquals(5_000_500_000L, granted.get("available_micros").longValue());
        assertFalse(order("2000").get("hold_id").isNull());
        JsonNode shown = server.doneByProcess("account show 7 --dir j --json")
                .get("accounts")
                .get(0);
        assertEquals(5_000_500_000L, shown.get("granted_micros").longValue());
        assertTrue(shown.get("reserved_micros").longValue() >= 2_000_000_000L, shown::toString);
        assertTrue(shown.get("cap_micros").isNull(), shown::toString);
        assertEquals(1, shown.get("parent_account_id").longValue());
        assertEquals(1, shown.get("open_orders").longValue());
        assertTrue(shown.get("open").booleanValue());

        server.doneByProcess("account close 7 --dir j --json", "--why", "desk moved");
        assertEquals("ACCOUNT_CLOSED", order("1").get("reason").textValue());
        assertFalse(server.done("account show 7 --dir j --json")
                .get("accounts")
                .get(0)
                .get("open")
                .booleanValue());
        JsonNode record = server.done(
                "inspect j --json --sequence " + granted.get("sequence").asText());
        assertEquals(2, record.get("principal_id").intValue());
        assertEquals(
                "day limit raised",
                record.get("account_command").get("justification").textValue());
    }

    @Test
    void shouldShowEveryAccountByNameAlsoBesideAStoppedEngine() {
        server.process().terminate();
        assertEquals(ExitCode.DONE, server.process().exitCode(), server.process()::err);

        Shell all = server.run("account show --dir j");
        Shell one = server.run("account show desk-3 --dir j");

        assertEquals(ExitCode.DONE, all.exitCode(), all::err);
        assertTrue(all.out().startsWith("6 accounts after sequence "), all::out);
        assertTrue(all.out().contains("102 team-b"), all::out);
        assertTrue(one.out().contains("3 desk-3"), one::out);
        assertTrue(one.out().matches("(?s).*cap +150000\n.*"), one::out);
        Shell ended = server.run("account top-up 1 5 --why x --dir j");
        assertEquals(ExitCode.ENVIRONMENT_FAILED, ended.exitCode(), ended::err);
    }

    @Test
    void shouldRefuseInOneLine() {
        assertAll(REFUSALS.stream().map(row -> () -> {
            String[] columns = row.split("\\|");
            Shell refused = server.run("account " + columns[0] + " --dir j");

            assertEquals("ringfence account " + columns[1] + "\n", refused.err());
            assertEquals(ExitCode.BAD_INPUT, refused.exitCode());
            assertEquals("", refused.out());
        }));
    }

    private JsonNode order(String quantity) {
        return server.done("ask --dir j --account 7 --candidate XNAS --price 1 --json --quantity " + quantity);
    }
}

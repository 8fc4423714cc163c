package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ringfence.gateway.config.DecimalMicros;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose policy explores by a key, with the key, without it, and with one that others could read. */
@Tag("system")
@Tag("once")
class ExplorationSystemTest {
    private static final Path CONF =
            Path.of(System.getProperty("ringfence.root")).resolve("conf");
    private static final String KEY = "00ff102030405060708090a0b0c0d0e0f000112233445566778899aabbccddee";
    private static final int ASKED = 12;

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        String rule = "    exploration: {method: keyed, rate_bps: 10000, within: 1000, period: 365d, max_decisions: 5,"
                + " max_spend: 1000}\n";
        Files.writeString(
                folder.resolve("policy.yaml"),
                Files.readString(CONF.resolve("policies/venues.yaml"))
                        .replaceFirst("(equities: [^\\n]*\\n)", "$1" + rule));
        Files.writeString(folder.resolve("without.yaml"), ShippedServer.config(Path.of("policy.yaml")));
        Files.writeString(
                folder.resolve("with.yaml"),
                Files.readString(folder.resolve("without.yaml")).replace("key_file:", "key_file: key"));
        Files.writeString(folder.resolve("key"), KEY + "\n");
        permit("rw-------");
    }

    @Test
    void shouldExploreByTheKeyAndLeaveItToNobody() throws Exception {
        ChildProcess server = serve("with.yaml");

        assertEquals(ExitCode.DONE, server.exitCode(), server::err);
        assertEquals("", server.err());
        assertFalse(server.out().contains(KEY), server::out);
        List<JsonNode> orders = orders();
        int explored = 0;
        int guarded = 0;
        for (JsonNode order : orders) {
            JsonNode exploration = order.get("exploration");
            assertTrue(order.get("difference").isNull(), order::toString);
            if (exploration.get("guard").textValue().equals("DECISIONS")) {
                guarded++;
                assertEquals("FOLLOW", order.get("selection").get("strategy").textValue());
                continue;
            }
            assertEquals("NONE", exploration.get("guard").textValue(), order::toString);
            assertEquals("EXPLORE", order.get("selection").get("strategy").textValue());
            JsonNode propensities = order.get("propensities");
            double floor = propensities.get("floor_given_posteriors").doubleValue();
            assertTrue(floor > 0 && floor <= 1, order::toString);
            assertEquals(
                    order.get("selection").get("propensity_bps").intValue() / 10_000.0,
                    propensities.get("selection_given_floor").doubleValue(),
                    0.000_05);
            assertTrue(exploration.get("draw").isNumber(), order::toString);
            if (exploration.get("explored").booleanValue()) {
                explored++;
                assertEquals("EXPLORED", order.get("reason").textValue());
                assertFalse(
                        order.get("acted_candidate").equals(order.get("kernel").get("selected")));
            }
        }
        assertEquals(5, explored, "the bound of the policy");
        requireUsedShown(5, orders);
        assertTrue(guarded > 0, "guarded=" + guarded);
        Shell replayed = run("replay --json j");
        assertEquals(ExitCode.DONE, replayed.exitCode(), replayed::err);
        assertTrue(replayed.json().get("ok").booleanValue(), replayed::out);
        assertEquals(replayed.json().get("live_state_digest"), replayed.json().get("state_digest"));
        assertKeyIsNowhereBelow(folder.resolve("j"));
    }

    /** The engine was killed and started again in between, and stopped: what it has used is in its state. */
    private void requireUsedShown(int explored, List<JsonNode> orders) {
        long spentMicros = orders.stream()
                .filter(order -> order.get("exploration").get("explored").booleanValue())
                .mapToLong(order -> order.get("selection").get("cost_micros").longValue())
                .sum();

        JsonNode shown = run("status --json --dir j").json().get("exploration");
        String page = run("status --dir j").out().replaceAll("\\s+", " ");

        assertEquals(1, shown.size(), shown::toString);
        JsonNode equities = shown.get(0);
        assertEquals("equities", equities.get("name").textValue());
        assertEquals(explored, equities.get("decisions").intValue());
        assertEquals(spentMicros, equities.get("spend_micros").longValue());
        assertEquals(5, equities.get("max_decisions").intValue());
        assertEquals(1_000_000_000, equities.get("max_spend_micros").intValue());
        assertEquals(0, equities.get("period_begin_ns").longValue() % (365 * 86_400_000_000_000L));
        String text = "Explored 0 equities: 5 of 5 decisions, " + DecimalMicros.text(spentMicros)
                + " of 1000 spent in the period from 20";
        assertTrue(page.contains(text), page);
    }

    @Test
    void shouldFollowTheKernelWithoutAKeyAndSaySo() throws Exception {
        ChildProcess server = serve("without.yaml");

        assertEquals(ExitCode.DONE, server.exitCode(), server::err);
        assertEquals(
                "ringfence: no exploration key is configured (exploration.key_file), so these use cases follow the kernel's"
                        + " choice: equities\n",
                server.err());
        for (JsonNode order : orders()) {
            assertEquals("NO_KEY", order.get("exploration").get("guard").textValue(), order::toString);
            assertEquals("FOLLOW", order.get("selection").get("strategy").textValue());
        }
        Shell replayed = run("replay --json j");
        assertTrue(replayed.json().get("ok").booleanValue(), replayed::out);
    }

    @Test
    void shouldRefuseAKeyThatOthersMayRead() throws IOException {
        permit("rw-r--r--");

        ChildProcess refused = ChildProcess.run(folder, "serve", "--dir", "j", "--config", "with.yaml");

        assertEquals(ExitCode.BAD_INPUT, refused.exitCode());
        assertEquals(1, refused.err().lines().count(), refused::err);
        assertTrue(
                refused.err()
                        .endsWith(
                                "key: exploration.key_file: must be open to its owner alone (chmod 600): it is rw-r--r--\n"),
                refused::err);
        assertFalse(refused.err().contains(KEY));
    }

    /** Serves some orders to the end, twice: a start in between replays the draws. */
    private ChildProcess serve(String config) throws InterruptedException {
        try (ChildProcess server = ChildProcess.start(folder, "serve", "--dir", "j", "--config", config)) {
            server.firstLine();
            ask(ASKED / 2);
            server.kill();
        }
        try (ChildProcess server = ChildProcess.start(folder, "serve", "--dir", "j", "--config", config)) {
            server.firstLine();
            ask(ASKED / 2);
            server.terminate();
            server.exitCode();
            return server;
        }
    }

    private void ask(int count) {
        for (int i = 0; i < count; i++) {
            Shell asked = run(
                    "ask --dir j --use-case equities --account desk-1 --candidate XNAS --quantity 100 --price 25.10");
            assertEquals(ExitCode.DONE, asked.exitCode(), asked::err);
        }
    }

    private Shell run(String line) {
        return Shell.in(folder, line.split(" "));
    }

    private List<JsonNode> orders() throws IOException {
        Shell inspected = run("inspect --json --propensities --kind order j");
        List<JsonNode> orders = new ArrayList<>();
        for (String line : inspected.out().lines().toList()) {
            orders.add(new ObjectMapper().readTree(line));
        }
        assertEquals(ASKED, orders.size(), inspected::err);
        return orders;
    }

    private void permit(String permissions) throws IOException {
        Files.setPosixFilePermissions(folder.resolve("key"), PosixFilePermissions.fromString(permissions));
    }

    private static void assertKeyIsNowhereBelow(Path directory) throws IOException {
        String raw = new String(HexFormat.of().parseHex(KEY), StandardCharsets.ISO_8859_1);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertFalse(bytes.contains(raw) || bytes.contains(KEY), () -> "the key is in " + file);
            }
        }
    }
}

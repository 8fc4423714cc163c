package io.ringfence.tools.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.tools.ChildProcess;
import io.ringfence.tools.ExitCode;
import io.ringfence.tools.Page;
import io.ringfence.tools.Shell;
import io.ringfence.tools.input.BudgetCheck;
import io.ringfence.tools.input.OrderFile;
import io.ringfence.tools.input.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the demo as a person would, and has a script that knows nothing of the engine work out what must have come of it. */
@Tag("system")
class DemoSystemTest {
    private static final Path ROOT = Path.of(System.getProperty("ringfence.root"));
    private static final int ORDERS = 10_000;

    @TempDir
    Path folder;

    @Test
    void shouldDecideVerifyAndReplay() {
        Path hlog = folder.resolve("demo.hlog");

        ChildProcess demo = ChildProcess.run(
                folder,
                "demo",
                "--json",
                "--requests",
                "5000",
                "--mode",
                "compact",
                "--hlog",
                hlog.toString(),
                "--dir",
                "j");

        assertEquals(ExitCode.DONE, demo.exitCode(), demo::err);
        assertEquals("", demo.err());
        JsonNode object = demo.json();
        requireSound(object, 5_000);
        assertEquals("closed", object.get("loop").textValue());
        assertTrue(object.get("substituted").longValue() > 0);
        assertTrue(object.get("rejected").longValue() > 0);
        assertTrue(object.get("executions").longValue() > 0);
        assertTrue(object.get("outcomes").longValue() > 0);
        assertTrue(new Shell("hist", hlog.toString()).out().contains("5,000 values"));
        JsonNode status =
                ChildProcess.run(folder, "status", "--json", "--dir", "j").json();
        assertEquals(object.get("accounts"), status.get("accounts"));
        long reasons = 0;
        for (JsonNode count : status.get("reasons")) {
            reasons += count.longValue();
        }
        assertEquals(object.get("replaces_denied"), status.get("replaces_denied"));
        assertEquals(
                reasons,
                status.get("rejected").longValue()
                        + status.get("refused").longValue()
                        + status.get("replaces_denied").longValue());
        assertFalse(status.get("alive").booleanValue());
    }

    @Test
    void shouldKeepAnOpenLoopsPaceAndSayWhatItCameTo() {
        ChildProcess demo = ChildProcess.run(
                folder, "demo", "--requests", "1000", "--rate", "1000", "--durability", "disk", "--dir", "j");

        assertEquals(ExitCode.DONE, demo.exitCode(), demo::err);
        for (String word : List.of(
                "Decisions   1,000 orders",
                "as asked",
                "Rejected because",
                "Substituted",
                "desk-1",
                "open loop at 1,000",
                "one in flight",
                "Warm-up",
                "p99.9",
                "Journal",
                "verify    ok",
                "replay    ok")) {
            assertTrue(demo.out().contains(word), () -> word + " in\n" + demo.out());
        }
        demo.out()
                .lines()
                .filter(line -> !line.startsWith("Demo ")) // Names files, wherever they are.
                .forEach(line -> assertTrue(line.length() <= Page.WIDTH, line));
    }

    @Test
    void shouldComeToWhatTheScriptWorksOutOfTheRealOrders() throws IOException, InterruptedException {
        Path orders = SharedData.find("crypto_orders/orders.csv.bz2");

        JsonNode object = demo(orders, "policies/crypto.yaml", "accounts.yaml");

        requireSound(object, ORDERS);
        checkTold(orders);
    }

    @Test
    void shouldComeToWhatTheScriptWorksOutOfAFilePlayedAgain() throws IOException, InterruptedException {
        Path orders = OrderFile.write(folder.resolve("orders.csv"), 3, ORDERS);

        JsonNode object = demo(orders, "policies/crypto.yaml", "accounts.yaml");

        requireSound(object, ORDERS);
        assertTrue(object.get("rounds").longValue() > 2, object::toString);
        checkTold(orders);
        check(
                orders,
                "--events",
                object.get("events").asText(),
                "--records",
                folder.resolve("records.jsonl").toString(),
                "--fees",
                folder.resolve("policy.json").toString());
    }

    @Test
    void shouldComeToWhatTheScriptWorksOutOfOrderIdsOf19Digits() throws IOException, InterruptedException {
        Path orders = OrderFile.write(folder.resolve("orders.csv"), 3, ORDERS);
        List<String> lines = Files.readAllLines(orders);
        lines.replaceAll(line -> {
            int comma = line.indexOf(',');
            return line.startsWith("id,")
                    ? line
                    : Long.MAX_VALUE - Long.parseLong(line.substring(0, comma)) + line.substring(comma);
        });
        Files.write(orders, lines);

        JsonNode object = demo(orders, "policies/crypto.yaml", "accounts.yaml");

        requireSound(object, ORDERS);
        checkTold(orders);
    }

    @Test
    void shouldComeToWhatTheScriptWorksOutOfTheRealOrdersAlone() throws IOException, InterruptedException {
        Path orders = SharedData.find("crypto_orders/orders.csv.bz2");

        JsonNode object = demo(orders, "policies/admit-all.yaml", "accounts-admit-all.yaml");

        requireSound(object, ORDERS);
        assertEquals(ORDERS, object.get("admitted").longValue());
        assertEquals(0, object.get("replaces_denied").longValue());
        check(orders);
    }

    private JsonNode demo(Path orders, String policy, String accounts) {
        ChildProcess demo = ChildProcess.run(
                folder,
                "demo",
                "--json",
                "--warmup",
                "0.5",
                "--input",
                "bitstamp:" + orders,
                "--requests",
                Integer.toString(ORDERS),
                "--policy",
                conf(policy),
                "--accounts",
                conf(accounts),
                "--dir",
                "j");
        assertEquals(ExitCode.DONE, demo.exitCode(), demo::err);
        return demo.json();
    }

    private static String conf(String name) {
        return ROOT.resolve("conf").resolve(name).toString();
    }

    private static void requireSound(JsonNode object, long requests) {
        assertEquals(requests, object.get("requests").longValue());
        assertEquals(
                requests,
                object.get("admitted").longValue()
                        + object.get("rejected").longValue()
                        + object.get("refused").longValue());
        assertEquals(0, object.get("executions_denied").longValue());
        assertEquals(0, object.get("outcomes_denied").longValue());
        JsonNode latency = object.get("latency_ns");
        long before = 0;
        for (String name : List.of("p50", "p90", "p99", "p999", "max")) {
            assertTrue(latency.get(name).longValue() >= before, name);
            before = latency.get(name).longValue();
        }
        JsonNode one = object.get("one_in_flight");
        assertTrue(one.get("requests").longValue() > 0, one::toString);
        assertTrue(one.get("p50").longValue() > 0
                && one.get("p99").longValue() >= one.get("p50").longValue());
        assertTrue(object.get("warmup_s").doubleValue() > 0);
        assertTrue(object.get("commands_per_s").doubleValue()
                >= object.get("throughput_per_s").doubleValue());
        assertTrue(object.get("duration_s").doubleValue() > 0);
        assertTrue(object.get("throughput_per_s").doubleValue() > 0);
        assertEquals(object.get("head"), object.get("verify").get("head"));
        assertTrue(object.get("verify").get("ok").booleanValue());
        assertTrue(object.get("verify").get("anchored").booleanValue());
        JsonNode replay = object.get("replay");
        assertTrue(replay.get("ok").booleanValue());
        assertEquals(object.get("head").get("sequence"), replay.get("records"));
        assertEquals(replay.get("live_state_digest"), replay.get("state_digest"));
    }

    private Path write(String name, Shell child) throws IOException {
        assertEquals(ExitCode.DONE, child.exitCode(), child::err);
        return Files.writeString(folder.resolve(name), child.out());
    }

    private void checkTold(Path orders) throws IOException, InterruptedException {
        Path records = write("records.jsonl", Shell.in(folder, "inspect", "j", "--json"));
        Path fees = write("policy.json", Shell.in(folder, "policy", "show", "--json", conf("policies/crypto.yaml")));
        check(orders, "--records", records.toString(), "--fees", fees.toString());
    }

    private void check(Path orders, String... options) throws IOException, InterruptedException {
        Shell status = Shell.in(folder, "status", "--json", "--dir", "j");
        assertEquals(ExitCode.DONE, status.exitCode(), status::err);
        new BudgetCheck(folder).agrees(status.out(), orders, options);
    }
}

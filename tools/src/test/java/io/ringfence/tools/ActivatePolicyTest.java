package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.gateway.ActivePolicyFile;
import io.ringfence.gateway.RunFile;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.schemas.PolicySection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Puts policies into force in a running engine of another process, once from a process of its own. */
@Tag("system")
@Timeout(600)
@Tag("once")
class ActivatePolicyTest {
    private static final Path CONF = Path.of(System.getProperty("ringfence.root"), "conf");
    private static final int POLICY_BYTES_MAX = 8 << 20;

    @TempDir
    Path folder;

    private ShippedServer server;

    @BeforeEach
    void serve() throws IOException, InterruptedException {
        Files.copy(CONF.resolve("policies/venues.yaml"), folder.resolve("venues.yaml"));
        server = ShippedServer.start(folder, Path.of("venues.yaml"));
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void shouldDecideByTheNewPolicyFromItsSequenceOnAndKeepItThroughARestart() throws Exception {
        String best = acting();
        CompiledPolicy policy = policy("new.yaml", 2, best);

        JsonNode done = server.doneByProcess(
                "policy activate new.yaml --principal 3 --dir j --json", "--why", "XNAS is closed");

        assertEquals("APPLIED", done.get("reason").textValue());
        assertEquals(2, done.get("epoch").longValue());
        assertEquals(hex(policy), done.get("policy_digest").textValue());
        assertNotEquals(best, acting());
        JsonNode record =
                done("inspect j --json --sequence " + done.get("sequence").asText());
        assertEquals(3, record.get("principal_id").intValue());
        assertEquals(2, record.at("/policy_change/epoch").longValue());
        assertEquals(record.at("/policy_change/adaptive_digest"), done.get("adaptive_digest"));
        assertEquals("XNAS is closed", record.at("/policy_change/justification").textValue());
        JsonNode status = done("status --dir j --json");
        assertEquals(2, status.get("policy_epoch").longValue());
        assertEquals(hex(policy), status.get("policy_digest").textValue());
        assertEquals(
                done.get("sequence").longValue(), status.get("policy_sequence").longValue());
        String told = "venues.yaml is another policy, which the next start refuses: copy ";
        server.process()
                .await("the server says so", () -> server.process().err().contains(told));
        assertEquals(2, epochOfRunFile());
        assertArrayEquals(
                Files.readAllBytes(folder.resolve("new.yaml")),
                Files.readAllBytes(folder.resolve("j").resolve(ActivePolicyFile.NAME)));

        server.process().kill();
        refusedStart();
        Files.copy(
                folder.resolve("j").resolve(ActivePolicyFile.NAME),
                folder.resolve("venues.yaml"),
                StandardCopyOption.REPLACE_EXISTING);
        server.serve();

        assertTrue(server.process().out().contains("; policy epoch 2, digest " + hex(policy)), server.process()::out);
        assertNotEquals(best, acting());
        assertEquals(2, done("status --dir j --json").get("policy_epoch").longValue());
        assertEquals(2, epochOfRunFile());
        server.process().terminate();
        assertEquals(ExitCode.DONE, server.process().exitCode(), server.process()::err);
        assertTrue(done("verify j --json").get("ok").booleanValue());
        assertTrue(done("replay j --json").get("ok").booleanValue());
        server.serve(); // From the snapshot of the stop.
        assertNotEquals(best, acting());
    }

    /** The file still is the one of epoch 1: one line, and where the policy is that it must follow. */
    private void refusedStart() {
        ChildProcess refused = ChildProcess.run(folder, "serve", "--config", "c.yaml", "--dir", "j");

        assertEquals(ExitCode.BAD_INPUT, refused.exitCode());
        assertEquals(1, refused.err().lines().count(), refused::err);
        String line =
                "venues.yaml: policy.epoch: must be above 2, the epoch of the other policy that this journal has in"
                        + " force and that ";
        assertTrue(refused.err().contains(line), refused::err);
        assertTrue(refused.err().endsWith("j/active-policy.yaml has: found 1\n"), refused::err);
    }

    @Test
    void shouldSayNothingMoreWhenTheConfiguredFileIsThePolicy() throws Exception {
        policy("venues.yaml", 2, acting());

        Shell done = run("policy activate venues.yaml --dir j", "--why", "x");

        assertEquals(ExitCode.DONE, done.exitCode(), done::err);
        assertEquals("", done.err());
        assertTrue(done.out().startsWith("policy of epoch 2 is in force since sequence "), done::out);
        server.process()
                .await("the server says so", () -> server.process().err().contains("venues.yaml is this policy"));
        assertEquals(2, epochOfRunFile());
        assertFalse(Files.exists(folder.resolve("j").resolve(ActivePolicyFile.NAME)));
    }

    @Test
    void shouldRefuseInOneLineAndKeepThePolicyInForce() throws Exception {
        policy("new.yaml", 2, "");
        policy("same.yaml", 1, "");
        policy("far.yaml", 1L << 60, "");
        Files.writeString(folder.resolve("bad.yaml"), "policy:\n  epoch: 2\n  epok: 3\n");
        List<String> rows = List.of(
                "new.yaml --why x --principal 1|--principal: must have the role risk or operator: 1",
                "new.yaml --why x --principal 5|--principal: must have the right to act on all accounts: 5",
                "new.yaml --why x --principal 9|--principal: the gateway knows none of this id: 9",
                "new.yaml|--why: must be given",
                "none.yaml --why x|FILE: must be a file: there is none: none.yaml",
                "same.yaml --why x"
                        + "|same.yaml: policy.epoch: must be above that of the policy in force, see status: found 1",
                "far.yaml --why x|far.yaml: policy.epoch: must be at most 72057594037927936 above that of the policy in"
                        + " force, so that it does not use up the epochs that are left: found 1152921504606846976");

        assertAll(rows.stream().map(row -> () -> {
            String[] columns = row.split("\\|");
            Shell refused = run("policy activate " + columns[0] + " --dir j");

            assertEquals(ExitCode.BAD_INPUT, refused.exitCode());
            assertEquals("ringfence policy activate: " + columns[1] + "\n", refused.err());
            assertEquals("", refused.out());
        }));
        Shell malformed = run("policy activate bad.yaml --why x --dir j");
        Shell check = run("policy check bad.yaml");
        assertEquals(ExitCode.BAD_INPUT, malformed.exitCode());
        assertEquals(1, malformed.err().lines().count());
        assertEquals(check.err().replace("policy check", "policy activate"), malformed.err());
        assertEquals(1, done("status --dir j --json").get("policy_epoch").longValue());
        server.process().terminate();
        assertEquals(ExitCode.DONE, server.process().exitCode(), server.process()::err);
        Shell ended = run("policy activate new.yaml --why x --dir j");
        assertEquals(ExitCode.ENVIRONMENT_FAILED, ended.exitCode(), ended::err);
    }

    @Test
    void shouldKeepThePolicyInForceWhenAClientDiesBetweenItsPieces() throws Exception {
        String best = acting();
        policy("new.yaml", 2, best);
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(ChildProcess.flags());
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), DyingUploader.class.getName(), "j", "2", "new.yaml"));
        try (ChildProcess dying = ChildProcess.startProgram(folder, command)) {
            assertEquals("APPLIED APPLIED APPLIED", dying.firstLine());
            dying.kill();
        }

        assertEquals(best, acting());
        assertEquals(1, done("status --dir j --json").get("policy_epoch").longValue());
        server.process().kill();
        server.serve(); // With the pieces in the journal.
        assertEquals(best, acting());
        assertEquals(
                2,
                done("policy activate new.yaml --dir j --json", "--why", "x")
                        .get("epoch")
                        .longValue());
        assertNotEquals(best, acting());
    }

    @Test
    void shouldGoOnWithTheClientThatBeganLast() throws Exception {
        CompiledPolicy policy = policy("new.yaml", 2, "");
        Path journal = folder.resolve("j");
        try (RingfenceClient first = RingfenceClient.connect(ClientSettings.ofJournal(journal, 2));
                RingfenceClient second = RingfenceClient.connect(ClientSettings.ofJournal(journal, 3))) {
            DyingUploader mine = new DyingUploader(first, policy);
            DyingUploader yours = new DyingUploader(second, policy);
            assertEquals("APPLIED", mine.piece());
            assertEquals("APPLIED", yours.piece());
            assertEquals("POLICY_INCOMPLETE", mine.piece());
            assertEquals("APPLIED", yours.piece());
        }

        assertEquals(
                "APPLIED",
                done("policy activate new.yaml --dir j --json", "--why", "x")
                        .get("reason")
                        .textValue());
        assertEquals(2, done("status --dir j --json").get("policy_epoch").longValue());
    }

    @Test
    void shouldTakeAPolicyOfTheLargestSizeAndNoByteMore() throws Exception {
        CompiledPolicy small = policy("new.yaml", 2, "");
        int others = 0;
        for (PolicySection section : List.of(PolicySection.CATALOG, PolicySection.ADAPTIVE, PolicySection.NAMES)) {
            others += small.section(section).length;
        }
        String text = Files.readString(folder.resolve("new.yaml"));
        int room = POLICY_BYTES_MAX - others - small.section(PolicySection.SOURCE).length;
        Files.writeString(folder.resolve("beyond.yaml"), text + comment(room + 1));
        Files.writeString(folder.resolve("largest.yaml"), text + comment(room));

        Shell beyond = run("policy activate beyond.yaml --dir j --why x");
        JsonNode largest = done("policy activate largest.yaml --dir j --json", "--why", "x");

        assertEquals(
                "ringfence policy activate: beyond.yaml: policy: must be, with its names and its text, at most"
                        + " deciding.policy_size_max long\n",
                beyond.err());
        assertEquals(ExitCode.BAD_INPUT, beyond.exitCode());
        assertEquals("APPLIED", largest.get("reason").textValue());
        server.process().await("run.properties says so", () -> epochOfRunFile() == 2);
        Files.copy(folder.resolve("largest.yaml"), folder.resolve("venues.yaml"), StandardCopyOption.REPLACE_EXISTING);
        server.process().kill();
        server.serve();
        assertEquals(2, done("status --dir j --json").get("policy_epoch").longValue());
    }

    /** So many bytes of comment. */
    private static String comment(int length) {
        StringBuilder text = new StringBuilder(length);
        while (text.length() < length) {
            int line = Math.min(100, length - text.length());
            text.append(line == 1 ? "\n" : "#".repeat(line - 1) + "\n");
        }
        return text.toString();
    }

    /** The shipped policy under another epoch, with a candidate disabled if one is named. */
    private CompiledPolicy policy(String name, long epoch, String disabled) throws IOException {
        String text =
                Files.readString(CONF.resolve("policies/venues.yaml")).replace("epoch: 1  ", "epoch: " + epoch + "  ");
        if (!disabled.isEmpty()) {
            text = text.replace("    name: " + disabled, "    enabled: false\n    name: " + disabled);
        }
        Files.writeString(folder.resolve(name), text);
        return CompiledPolicy.read(folder.resolve(name));
    }

    private static String hex(CompiledPolicy policy) {
        return HexFormat.of().formatHex(policy.policyDigest());
    }

    private long epochOfRunFile() {
        try {
            return RunFile.read(folder.resolve("j")).orElseThrow().policy().epoch();
        } catch (IOException unreadable) {
            return 0;
        }
    }

    /** Who acts on an order that any venue may have. */
    private String acting() {
        return done("ask --dir j --account 1 --price 25.10 --quantity 100 --json --candidate any")
                .get("acted_candidate")
                .textValue();
    }

    private JsonNode done(String command, String... more) {
        return server.done(command, more);
    }

    private Shell run(String command, String... more) {
        return server.run(command, more);
    }
}

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

/** Freezes, thaws, names and resets what a running engine of another process learns; each way once from a process of its own. */
@Tag("system")
@Timeout(300)
@Tag("once")
class LearningCommandTest {
    /** Command, its line on standard error. */
    private static final List<String> REFUSALS = List.of(
            "freeze|freeze: --why: must be given",
            "freeze --why x --principal 1|freeze: --principal: must have the role risk or operator: 1",
            "name --why x --principal 5|name: --principal: must have the right to act on all accounts: 5",
            "thaw --why x --use-case bonds"
                    + "|thaw: --use-case: must be a known use case of the policy, known are equities, ",
            "reset --why x --use-case program --regime 1|reset: --tier, --candidate: one of them must be given",
            "reset --why x --use-case program --regime 1 --tier prime --candidate XNAS"
                    + "|reset: --tier, --candidate: one of them must be given",
            "reset --why x --use-case program --regime 8 --tier prime|reset: --regime: must be",
            "reset --why x --use-case program --regime 1 --tier primes"
                    + "|reset: --tier: must be a known tier of the policy, nearest known is prime: \"primes\"",
            "reset --why x --use-case program --regime 1 --candidate any"
                    + "|reset: --candidate: must be one candidate: \"any\"");

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
    void shouldChangeWhatIsLearntAndJournalWhoAndWhy() {
        JsonNode frozen =
                server.doneByProcess("learning freeze --use-case equities --dir j --json", "--why", "labels are wrong");
        server.doneByProcess("learning thaw --dir j --json", "--why", "labels are right");
        server.doneByProcess("learning name --dir j --principal 3 --json", "--why", "audited");
        JsonNode reset = server.doneByProcess(
                "learning reset --use-case 2 --regime 3 --candidate XNAS --dir j --json", "--why", "a new version");
        server.doneByProcess(
                "learning reset --use-case program --regime 3 --tier prime --dir j --json", "--why", "a new version");

        assertEquals("APPLIED", frozen.get("reason").textValue());
        JsonNode first = record(frozen);
        assertEquals("LEARNING", first.get("kind").textValue());
        assertEquals(2, first.get("principal_id").intValue());
        assertEquals("FREEZE", first.get("learning").get("verb").textValue());
        assertEquals("equities", first.get("learning").get("use_case").textValue());
        assertEquals(
                "labels are wrong", first.get("learning").get("justification").textValue());
        JsonNode last = record(reset);
        assertEquals("program", last.get("learning").get("use_case").textValue());
        assertEquals(3, last.get("learning").get("regime").intValue());
        assertEquals("XNAS", last.get("learning").get("candidate").textValue());
        assertTrue(server.done("status --dir j --json").get("learning_alarms").isNumber());
        List<String> lines =
                server.run("inspect j --kind learning").out().lines().toList();
        assertEquals(5, lines.size(), lines::toString);
        for (int line = 0; line < lines.size(); line++) {
            String verb = List.of("FREEZE", "THAW", "NAME", "RESET", "RESET").get(line);
            assertTrue(lines.get(line).contains(" APPLIED  "), lines::toString);
            assertTrue(lines.get(line).contains("  verb " + verb + ", "), lines::toString);
        }
        assertTrue(lines.get(3).contains("use case program, regime 3, "), lines::toString);
    }

    @Test
    void shouldSayOfAFreezeOrAThawThatItWasSoAlready() {
        for (String line : List.of(
                "thaw --use-case equities|equities: was not frozen, only alarms begin anew; recorded at sequence ",
                "freeze --use-case equities|equities: frozen at sequence ",
                "freeze --use-case equities|equities: was frozen already, nothing changed; recorded at sequence ",
                "freeze|all use cases: frozen at sequence ",
                "freeze|all use cases: was frozen already, nothing changed; recorded at sequence ",
                "thaw --use-case program|program: learns again at sequence ",
                "thaw|all use cases: learns again at sequence ",
                "thaw|all use cases: was not frozen, only alarms begin anew; recorded at sequence ")) {
            String[] parts = line.split("\\|");

            String said =
                    server.run("learning " + parts[0] + " --dir j --why x").out();

            assertTrue(said.startsWith(parts[1]), () -> line + ": " + said);
        }
        assertTrue(server.done("learning thaw --dir j --json", "--why", "x")
                .get("repeated")
                .booleanValue());
        assertFalse(server.done("learning freeze --dir j --json", "--why", "x")
                .get("repeated")
                .booleanValue());
    }

    @Test
    void shouldSayInOneLineWhyNot() {
        assertAll(REFUSALS.stream().map(line -> () -> {
            String[] parts = line.split("\\|");
            Shell refused = server.run("learning " + parts[0] + " --dir j");
            assertEquals(ExitCode.BAD_INPUT, refused.exitCode(), refused::err);
            String err = refused.err();
            assertTrue(err.startsWith("ringfence learning " + parts[1]), err);
            assertEquals(1, err.lines().count(), err);
        }));
    }

    private JsonNode record(JsonNode answer) {
        return server.done(
                "inspect j --json --sequence " + answer.get("sequence").asText());
    }
}

package io.ringfence.tools.report;

import static io.ringfence.tools.report.PricedPolicy.HIGH;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.journal.store.RollFiles;
import io.ringfence.schemas.Substitution;
import io.ringfence.schemas.Tristate;
import io.ringfence.tools.ExitCode;
import io.ringfence.tools.Shell;
import io.ringfence.tools.journal.WrittenJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code calibrate --propose}, over policies in both ways to write YAML. */
class ProposedPolicyTest {
    private static final long GRANTED_MICROS = 1_000_000_000;

    @TempDir
    private Path folder;

    private Path directory;
    private Path proposal;
    private long nextRequestId = 1;

    @BeforeEach
    void nameTheFiles() {
        directory = folder.resolve("journal");
        proposal = folder.resolve("proposed.yaml");
    }

    @Test
    void shouldProposeThePolicyInForceWithMeasuredQualitiesAndChangeNothing() throws IOException {
        try (WrittenJournal journal = PricedPolicy.journal(folder)) {
            grade(journal, PricedPolicy.CHEAP, 6_000, 201);
            grade(journal, PricedPolicy.MIDDLE, 8_900, 201); // Its interval holds 9,000.
            grade(journal, PricedPolicy.DEAR, 9_000, 199); // Too few.
        }
        byte[] before = Files.readAllBytes(RollFiles.list(directory).get(0));

        JsonNode object = propose(ExitCode.DONE).path("proposal");

        assertEquals(2, object.path("epoch").asInt());
        assertEquals(1, object.path("changes").size(), object::toString);
        assertEquals("cheap", object.path("changes").get(0).path("name").asText());
        assertEquals(8_000, object.path("changes").get(0).path("quality_bps").asInt());
        assertEquals(
                6_100,
                object.path("changes").get(0).path("proposed_quality_bps").asInt());
        assertEquals(ExitCode.DONE, new Shell("policy", "check", proposal.toString()).exitCode());
        List<String> expected = new ArrayList<>(Files.readAllLines(folder.resolve("policy-1.yaml")));
        expected.replaceAll(
                line -> line.replace("epoch: 1", "epoch: 2").replace("quality_bps: 8000", "quality_bps: 6100"));
        List<String> lines = Files.readAllLines(proposal);
        List<String> comments =
                lines.stream().takeWhile(line -> line.startsWith("#")).toList();
        assertEquals(expected, lines.subList(comments.size(), lines.size()));
        assertTrue(comments.contains("#   epoch 1 -> 2"), comments::toString);
        assertTrue(
                comments.get(comments.size() - 1)
                        .startsWith("#   candidate cheap (id 1): quality_bps 8000 -> 6100: mean of 201 grades"),
                comments::toString);
        assertArrayEquals(before, Files.readAllBytes(RollFiles.list(directory).get(0)));
    }

    @Test
    void shouldProposeWhatAPersonCanActivate() throws IOException {
        try (WrittenJournal journal = new WrittenJournal(directory, shipped(), 1_000_000_000_000L)) {
            grade(journal, 7, 6_000, 201);
            Shell shell = calibrate();
            assertEquals(ExitCode.DONE, shell.exitCode(), shell::err);
            assertTrue(shell.out().contains("is not in force"), shell::out);
            journal.activate(CompiledPolicy.read(proposal));
        }

        JsonNode memx = MAPPER.readTree(new Shell("calibrate", directory.toString(), "--json").out())
                .path("candidates")
                .get(0);

        assertEquals(6_100, memx.path("catalog_quality_bps").asInt(), memx::toString);
        assertFalse(memx.path("below_catalog").asBoolean());
    }

    @Test
    void shouldProposeNothingWhereNothingIsMeasuredOtherwise() throws IOException {
        try (WrittenJournal journal = PricedPolicy.journal(folder)) {
            grade(journal, PricedPolicy.MIDDLE, 8_900, 201);
        }

        JsonNode object = propose(ExitCode.DONE).path("proposal");

        assertTrue(object.path("file").isNull());
        assertEquals(0, object.path("changes").size());
        assertFalse(Files.exists(proposal));
    }

    /** Nobody would belong to the tier called dear any more. */
    @Test
    void shouldNotWriteWhatPolicyCheckWouldWarnOf() throws IOException {
        try (WrittenJournal journal = PricedPolicy.journal(folder)) {
            grade(journal, PricedPolicy.DEAR, 5_000, 201);
        }

        Shell shell = calibrate();

        assertEquals(ExitCode.CHECK_FAILED, shell.exitCode());
        assertTrue(shell.err().startsWith(proposal + ": not written: policy check would warn: tiers.dear"), shell::err);
        assertEquals(1, shell.err().lines().count());
        assertFalse(Files.exists(proposal));
    }

    @Test
    void shouldReplaceNoFile() throws IOException {
        PricedPolicy.journal(folder).close();
        Files.writeString(proposal, "mine");

        Shell shell = calibrate();

        assertEquals(ExitCode.BAD_INPUT, shell.exitCode());
        assertEquals(
                "ringfence calibrate: --propose: must name a file that is not there yet: " + proposal,
                shell.err().strip());
        assertEquals("mine", Files.readString(proposal));
    }

    /** The same key stands twice on the line, and which one is meant cannot be seen by a look at it. */
    @Test
    void shouldRefuseATextWhoseNumbersItCannotChangeSurely() throws IOException {
        Path file = folder.resolve("policy-1.yaml");
        PricedPolicy.of(folder, 1, 1, 3, 10);
        String text = Files.readString(file);
        Files.writeString(file, text.replace("quality_bps: 8000,", "quality_bps: 8000, # quality_bps: 8000\n     "));
        try (WrittenJournal journal = new WrittenJournal(directory, CompiledPolicy.read(file), GRANTED_MICROS)) {
            grade(journal, PricedPolicy.CHEAP, 6_000, 201);
        }

        Shell shell = calibrate();

        assertEquals(ExitCode.CHECK_FAILED, shell.exitCode(), shell::out);
        assertTrue(shell.err().contains("quality_bps must stand once on it"), shell::err);
        assertFalse(Files.exists(proposal));
    }

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static CompiledPolicy shipped() {
        return CompiledPolicy.read(Path.of(System.getProperty("ringfence.root"), "conf", "policies", "venues.yaml"));
    }

    /** So many grades, each 1 bps above the one before. */
    private void grade(WrittenJournal journal, int candidateId, int fromBps, int count) {
        for (int i = 0; i < count; i++) {
            journal.call(nextRequestId++, 1, 0, candidateId, Substitution.NEVER, HIGH, 0, 0);
            assertTrue(
                    journal.event().verdict().isAdmitted(),
                    () -> journal.event().verdict().reason().name());
            journal.rememberFacts();
            journal.outcome(nextRequestId++, 0, fromBps + i, Tristate.UNKNOWN);
        }
    }

    private Shell calibrate(String... options) {
        List<String> args =
                new ArrayList<>(List.of("calibrate", directory.toString(), "--propose", proposal.toString()));
        args.addAll(List.of(options));
        return new Shell(args.toArray(String[]::new));
    }

    private JsonNode propose(int exitCode) throws IOException {
        Shell shell = calibrate("--json");
        assertEquals(exitCode, shell.exitCode(), shell::err);
        return MAPPER.readTree(shell.out());
    }
}

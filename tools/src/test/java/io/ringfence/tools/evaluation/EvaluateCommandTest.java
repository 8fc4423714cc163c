package io.ringfence.tools.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ringfence.tools.ExitCode;
import io.ringfence.tools.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real command over a small set whose truth is known. */
class EvaluateCommandTest {
    private static final int ROWS = 4_000;
    private static final int DECIDED = ROWS * 9 / 10;

    @TempDir
    private Path folder;

    @Test
    void shouldBuyTheDearArmWhereOutcomesTaughtThatItIsNeeded() throws IOException {
        PlantedSet set = new PlantedSet(folder, ROWS);

        JsonNode object = evaluate(set);

        JsonNode engine = object.path("policies").path("ringfence");
        assertEquals("planted", object.path("set").asText());
        assertEquals(DECIDED, object.path("records").asInt());
        assertEquals(0, object.path("errors").asInt(), object::toString);
        double taught = 1 - (1 - PlantedSet.HARD_SHARE) * (1 - PlantedSet.EASY_SUCCESS);
        assertEquals(taught, engine.path("quality").asDouble(), 0.02);
        assertEquals(
                PlantedSet.HARD_SHARE * 1.0 + (1 - PlantedSet.HARD_SHARE) * 0.1,
                engine.path("cost").asDouble(),
                0.05);
        assertTrue(engine.path("advantage").asDouble() > 0.1, engine::toString);
        assertTrue(engine.path("cost_at_equal_quality").asDouble() < cost(object, "epsilon_greedy"), object::toString);
        assertTrue(engine.path("quality_ci").get(0).asDouble()
                < engine.path("quality").asDouble());
    }

    /** Each candidate is learnt of by itself: one that is as cheap as another and worse neither acts, nor makes its tier look bad. */
    @Test
    void shouldNotBeMisledByAnArmThatIsWorse() throws IOException {
        PlantedSet set = new PlantedSet(folder, ROWS);
        String dear = "  - {name: dear,";
        set.change(dear, "  - {name: wrong, quality: {column: cheap_right, is: 0}, cost: {fixed: 0.1}}\n" + dear);

        double cost = costOfEngine(evaluate(set));

        // Where rows are hard, the wrong arm is right on 80 of 100, and the dear one is not worth ten more.
        double utilityOfWrong = 1 - PlantedSet.HARD_SUCCESS - 0.1 / 10;
        double utilityOfDear = 1 - 1.0 / 10;
        assertTrue(utilityOfDear > utilityOfWrong);
        assertEquals(PlantedSet.HARD_SHARE * 1.0 + (1 - PlantedSet.HARD_SHARE) * 0.1, cost, 0.05);
    }

    private static double costOfEngine(JsonNode object) {
        return object.path("policies").path("ringfence").path("cost").asDouble();
    }

    @Test
    void shouldRefuseAWorthInCostsOfAnArmThatIsFree() throws IOException {
        PlantedSet set = new PlantedSet(folder, ROWS);
        set.change("cost: {column: dear_cost}", "cost: {fixed: 0}");

        Shell shell = new Shell(
                "evaluate", set.mapping().toString(), "--data", set.data().toString());

        assertEquals(ExitCode.BAD_INPUT, shell.exitCode());
        assertTrue(
                shell.err().contains("planted: worth: the arm that is best on training rows must cost something: dear"),
                shell.err());
    }

    @Test
    void shouldRefuseAStreamOfAMappingWithoutStreamsAndACurveWithoutWorths() throws IOException {
        PlantedSet set = new PlantedSet(folder, ROWS);
        String[] args = {
            "evaluate", set.mapping().toString(), "--data", set.data().toString(), "--stream", "thinned"
        };

        Shell stream = new Shell(args);
        set.change("before: [kind, size]", "before: [kind, size]\ncurve: {arm: dear, worths: []}");
        Shell curve = new Shell(args);

        assertEquals(ExitCode.BAD_INPUT, stream.exitCode());
        assertTrue(stream.err().contains("--stream: this mapping has no streams: thinned"), stream.err());
        assertEquals(ExitCode.BAD_INPUT, curve.exitCode());
        assertTrue(curve.err().contains("curve.worths: must list one worth at least: there is none"), curve.err());
    }

    /** Of a logged set only the rows count on which the shown arm was chosen. */
    @Test
    void shouldSayOfWhichRowsOfALoggedSetItExplored() throws IOException {
        PlantedSet set = new PlantedSet(folder, ROWS);
        set.logged();

        JsonNode object = evaluate(set);

        double share = object.path("explored_share").asDouble();
        assertTrue(share > 0 && share < 1, object::toString);
        assertTrue(object.path("policies")
                .path("ringfence")
                .path("utility_by_tenth")
                .isMissingNode());
    }

    @Test
    void shouldSayWhatEachTenthOfTheRowsWasWorth() throws IOException {
        PlantedSet set = new PlantedSet(folder, ROWS);
        set.change("order: shuffled", "order: as_read");

        JsonNode object = evaluate(set);

        JsonNode best = object.path("policies").path("always_best");
        assertEquals(10, best.path("utility_by_tenth").size(), object::toString);
        best.path("utility_by_tenth").forEach(utility -> assertEquals(0.9, utility.asDouble(), 1e-9));
        assertEquals(0.9, best.path("utility").asDouble(), 1e-9);
        JsonNode few = evaluate(set, "--limit", "7")
                .path("policies")
                .path("always_best")
                .path("utility_by_tenth");
        assertEquals(10, few.size(), "a tenth without a row is null");
        double share = object.path("explored_share").asDouble();
        assertTrue(share > 0 && share < 1, object::toString);
    }

    @Test
    void shouldLoseItsAdvantageWhereLabelsAreShuffled() throws IOException {
        PlantedSet set = new PlantedSet(folder, ROWS);

        JsonNode beside = evaluate(set);
        JsonNode alone = evaluate(set, "--shuffle-labels");

        assertEquals(
                0, beside.path("policies").path("shuffled").path("advantage").asDouble(), 0.02);
        assertEquals(
                0, alone.path("policies").path("ringfence").path("advantage").asDouble(), 0.02);
        assertTrue(alone.path("labels_shuffled").asBoolean());
    }

    @Test
    void shouldPrintWhatScriptsReadAndJournalsThatReplay() throws IOException {
        PlantedSet set = new PlantedSet(folder, ROWS);

        JsonNode object = evaluate(set, "--seeds", "2");

        Set<String> names = new TreeSet<>();
        object.path("policies").fieldNames().forEachRemaining(names::add);
        assertEquals(
                Set.of(
                        "ringfence",
                        "always_best",
                        "always_cheapest",
                        "random",
                        "greedy",
                        "epsilon_greedy",
                        "ucb1",
                        "oracle",
                        "shuffled"),
                names);
        assertEquals(2 * DECIDED, object.path("records").asInt());
        assertEquals(4, object.path("journals").asInt());
        assertTrue(object.path("verify").path("ok").asBoolean());
        assertTrue(object.path("replay").path("ok").asBoolean());
        assertEquals(
                object.path("replay").path("live_state_digest").asText(),
                object.path("replay").path("state_digest").asText());
        assertEquals(64, object.path("engine_configuration_sha256").asText().length());
    }

    @Test
    void shouldDecideTheSameWithTheSameSeed() throws IOException {
        PlantedSet set = new PlantedSet(folder, ROWS);

        JsonNode one = evaluate(set, "--limit", "500");
        JsonNode again = evaluate(set, "--limit", "500");

        assertEquals(one.path("verify").path("head"), again.path("verify").path("head"));
        assertEquals(one.path("policies"), again.path("policies"));
    }

    @Test
    void shouldSayWhatItHasWritten() throws IOException {
        Path out = folder.resolve("out");

        Shell shell = run(new PlantedSet(folder, ROWS), "--limit", "500", "--out", out.toString());

        assertWritten(
                out,
                shell.out()
                        .lines()
                        .filter(line -> line.startsWith("written "))
                        .map(line -> line.replaceFirst("written +", ""))
                        .toList());
    }

    private static void assertWritten(Path out, List<String> said) {
        List<String> names = List.of(
                "posterior.png", "quality-cost.png", "regret.png", "report.json", "ringfence-1", "ringfence-1/journal");
        assertEquals(names.stream().map(name -> out.resolve(name).toString()).toList(), said);
    }

    @Test
    void shouldDrawWhatItFound() throws IOException {
        PlantedSet set = new PlantedSet(folder, ROWS);
        Path out = folder.resolve("out");

        JsonNode printed = evaluate(set, "--limit", "500", "--out", out.toString());

        assertWritten(
                out,
                StreamSupport.stream(printed.get("written").spliterator(), false)
                        .map(JsonNode::textValue)
                        .toList());
        for (String name : List.of("quality-cost", "regret", "posterior")) {
            assertTrue(ImageIO.read(out.resolve(name + ".png").toFile()).getWidth() > 0, name);
        }
        assertEquals(
                "planted",
                new ObjectMapper()
                        .readTree(out.resolve("report.json").toFile())
                        .path("set")
                        .asText());
        Shell verified = new Shell("verify", out.resolve("ringfence-1/journal").toString());
        assertEquals(ExitCode.DONE, verified.exitCode(), verified.out() + verified.err());
        Shell refused = run(set, "--out", out.toString());
        assertEquals(ExitCode.BAD_INPUT, refused.exitCode());
        assertEquals(
                "ringfence evaluate: --out: must be new or empty: " + out,
                refused.err().strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "before: [kind, size]|before: [kind, size, cheap_right]|before: must list nothing that an outcome is"
                        + " read from: cheap_right",
                "before: [kind, size]|before: [kind, size, dear_cost]|before: must list nothing that an outcome is"
                        + " read from: dear_cost",
                "- {column: kind, most: 4}|- {column: cheap_right, most: 4}|request: must read only what is known"
                        + " before the act: kind, size: cheap_right",
                "units: {column: size}|units: {column: note}|request: must read only what is known before the act:"
                        + " kind, size: note",
                "worth: 10|worth: 10\\n"
                        + "derive: [{name: next, change_of: size, ahead: 1}]\\n"
                        + "fit: {reference: cheap, columns: [next]}|fit: must read only what is known before the act:"
                        + " kind, size: next",
                "before: [kind, size]|before: [kind, size, next]\\n"
                        + "derive: [{name: next, change_of: size, ahead: 1}]|before: must list a computed column only with"
                        + " what it is computed of, and none that looks ahead: next",
                "before: [kind, size]|before: [kind, size, twice]\\n"
                        + "derive: [{name: twice, length_of: cheap_right}]|before: must list a computed column only with"
                        + " what it is computed of, and none that looks ahead: twice",
                "most: 4|most: 4, least: 2|request.use_case[0].least: is no known key",
                "worth: 10|wort: 10|worth: must be given: it is missing",
            })
    void shouldRefuseAMappingThatReadsWhatIsKnownOnlyAfterTheAct(String text, String other, String line)
            throws IOException {
        PlantedSet set = new PlantedSet(folder, 100);
        set.change(text, other.replace("\\n", "\n"));

        Shell refused = run(set);

        assertEquals(ExitCode.BAD_INPUT, refused.exitCode(), refused.out());
        assertTrue(refused.err().contains(line), refused.err());
        assertEquals(1, refused.err().strip().lines().count(), refused.err());
    }

    @Test
    void shouldSayWhichFileOrSetIsMissing() throws IOException {
        PlantedSet set = new PlantedSet(folder, 100);
        Files.delete(set.data().resolve("planted/rows.csv"));

        List<String> lines = new ArrayList<>();
        lines.add(run(set).err().strip());
        lines.add(new Shell("evaluate", "planted", "--data", set.data().toString())
                .err()
                .strip());
        lines.add(run(set, "--stream", "other").err().strip());

        assertArrayEquals(
                new String[] {
                    "--data: must be the folder that holds planted/rows.csv: there is none in " + set.data(),
                    "or a file that ends with .yaml: planted",
                    "--stream: this mapping has no streams: other"
                },
                new String[] {
                    lines.get(0).substring(lines.get(0).indexOf("--data")),
                    lines.get(1).substring(lines.get(1).indexOf("or a file")),
                    lines.get(2).substring(lines.get(2).indexOf("--stream"))
                });
    }

    private static double cost(JsonNode object, String policy) {
        return object.path("policies")
                .path(policy)
                .path("cost_at_equal_quality")
                .asDouble();
    }

    private static Shell run(PlantedSet set, String... options) {
        List<String> args = new ArrayList<>(List.of(
                "evaluate", set.mapping().toString(), "--data", set.data().toString()));
        args.addAll(List.of(options));
        return new Shell(args.toArray(String[]::new));
    }

    private static JsonNode evaluate(PlantedSet set, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--json");
        Shell shell = run(set, all.toArray(String[]::new));
        assertEquals(ExitCode.DONE, shell.exitCode(), shell.err());
        return new ObjectMapper().readTree(shell.out());
    }
}

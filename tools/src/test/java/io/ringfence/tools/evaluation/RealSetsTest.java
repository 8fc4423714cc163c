package io.ringfence.tools.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ringfence.tools.ExitCode;
import io.ringfence.tools.Shell;
import io.ringfence.tools.evaluation.data.Mapping;
import io.ringfence.tools.evaluation.data.MappingReader;
import io.ringfence.tools.input.SharedData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped mappings over the real data. Skipped where there is none. */
@Tag("system")
@Tag("once")
class RealSetsTest {
    private static final Path CONF = Path.of(System.getProperty("ringfence.root"), "conf", "evaluation");

    /** The folder of all data, known by the first file that a set reads. */
    private static Path data(Mapping mapping) {
        String first = mapping.sources().get(0).file();
        Path file = SharedData.find(first);
        return file.getRoot()
                .resolve(file.subpath(0, file.getNameCount() - Path.of(first).getNameCount()));
    }

    private static JsonNode evaluate(String set, String... options) throws IOException {
        Path mapping = CONF.resolve(set + ".yaml");
        List<String> args = new ArrayList<>(List.of(
                "evaluate",
                mapping.toString(),
                "--json",
                "--data",
                data(MappingReader.read(mapping)).toString()));
        args.addAll(List.of(options));
        Shell shell = new Shell(args.toArray(String[]::new));
        assertEquals(ExitCode.DONE, shell.exitCode(), shell.err());
        return new ObjectMapper().readTree(shell.out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "routerbench",
                "routellm",
                "llmrouterbench",
                "kddcup99",
                "covertype",
                "california_housing",
                "sp500",
                "openbandit",
                "elec2"
            })
    void shouldRunEverySetThroughTheEngineWithoutAnError(String set) throws IOException {
        JsonNode object = evaluate(set, "--limit", "100");

        Set<String> names = new TreeSet<>();
        object.path("policies").fieldNames().forEachRemaining(names::add);
        assertEquals(set, object.path("set").asText());
        assertEquals(100, object.path("records").asInt());
        assertEquals(0, object.path("errors").asInt(), object::toString);
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
        object.path("policies").forEach(policy -> {
            if (policy.path("quality").isNull()) {
                return; // Of a logged set: it never chose what was shown.
            }
            assertEquals(2, policy.path("quality_ci").size(), policy::toString);
            assertEquals(2, policy.path("cost_ci").size(), policy::toString);
        });
        assertTrue(object.path("verify").path("ok").asBoolean(), object::toString);
        assertTrue(object.path("replay").path("ok").asBoolean(), object::toString);
    }

    /** The logs of two policies of one shop in one week: each must tell what the other earned, as far as it can. */
    @Test
    void shouldFindTheLoggedTruthOfTheThompsonPolicyInRandomLogs() throws IOException {
        JsonNode directions = evaluate("openbandit", "--limit", "1").path("off_policy");

        assertEquals(4, directions.size());
        for (JsonNode direction : directions) {
            boolean isFromRandom = direction.path("from").asText().contains("/random/");
            boolean isSupported = direction.path("effective_size").asDouble() >= 10;
            assertEquals(!isSupported, direction.path("warnings").toString().contains("low_effective_sample_size"));
            assertTrue(isSupported || !isFromRandom, direction::toString);
            if (isSupported) {
                assertTrue(direction.path("dr_holds_truth").asBoolean(), direction::toString);
                assertTrue(direction.path("dr_width_by_snips_width").asDouble() <= 1.5, direction::toString);
            }
        }
    }
}

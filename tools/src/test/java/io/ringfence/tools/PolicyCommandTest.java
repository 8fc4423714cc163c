package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("once")
class PolicyCommandTest {
    private static final Path POLICIES = Path.of(System.getProperty("ringfence.root"), "conf", "policies");

    @TempDir
    Path folder;

    @Test
    void shouldFindTheShippedPoliciesRight() throws IOException {
        for (String name : new String[] {"venues.yaml", "crypto.yaml", "models.yaml", "admit-all.yaml"}) {
            Shell shell = new Shell(
                    "policy", "check", "--json", POLICIES.resolve(name).toString());

            JsonNode object = new ObjectMapper().readTree(shell.out());
            assertEquals(ExitCode.DONE, shell.exitCode(), shell::err);
            assertTrue(object.get("ok").booleanValue());
            assertEquals(64, object.get("policy_digest").textValue().length());
            assertEquals(0, object.get("warnings").size());
            assertEquals(0, object.get("price_warnings").size());
            assertEquals(0, object.get("exploration_warnings").size());
            assertEquals("", shell.err());
        }
    }

    @Test
    void shouldNameFileLineFieldAndRuleOfAWrongPolicy() throws IOException {
        String text = Files.readString(POLICIES.resolve("models.yaml")).replace("provider: xai", "provider: xia");
        Path file = Files.writeString(folder.resolve("wrong.yaml"), text);

        Shell plain = new Shell("policy", "check", file.toString());
        Shell json = new Shell("policy", "check", "--json", file.toString());

        assertEquals(ExitCode.BAD_INPUT, plain.exitCode());
        assertEquals("", plain.out());
        assertTrue(
                plain.err()
                        .matches(file + ":[0-9]+: candidates\\[17\\]\\.provider: must be a known provider, nearest"
                                + " known is xai: \"xia\"\\R"),
                plain::err);
        assertEquals(ExitCode.BAD_INPUT, json.exitCode());
        assertEquals(
                plain.err().strip(),
                new ObjectMapper().readTree(json.out()).get("fault").textValue());
    }

    @Test
    void shouldExitOtherwiseForAWarning() throws IOException {
        String text = Files.readString(POLICIES.resolve("models.yaml")).replace("value: 0.05", "value: 0");
        Path file = Files.writeString(folder.resolve("worthless.yaml"), text);

        Shell shell = new Shell("policy", "check", file.toString());

        assertEquals(ExitCode.CHECK_FAILED, shell.exitCode());
        assertTrue(shell.out().contains("warning: use_cases.support: its defaults let no candidate"), shell::out);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "models|input_per_million: 1.25, output_per_million: 10}   # gpt-5"
                        + "|input_per_million: 0, output_per_million: 10}"
                        + "|candidates[0].price.input_per_million: warning: is 0, where others are above 0: is it free?: 0",
                "models|input_per_million: 1.25, output_per_million: 10}   # gpt-5"
                        + "|input_per_million: 1.25, output_per_million: 9000}"
                        + "|candidates[0].price.output_per_million: warning: is 1000 times the median of its kind, 2, or more:"
                        + " is it meant?: 9000",
                "models|input_per_million: 1.25, output_per_million: 10}   # gpt-5"
                        + "|input_per_million: 0.000002, output_per_million: 10}"
                        + "|candidates[0].price.input_per_million: warning: is below 0.001 for a million units: is it the price of"
                        + " one unit?: 0.000002",
                "venues|bps_of_notional: 0.30, per_order: 0.10|per_order: 0"
                        + "|candidates[0].fee.per_order: warning: is 0, where others are above 0: is it free?: 0",
                "venues|bps_of_notional: 0.30, per_order: 0.10|bps_of_notional: 300"
                        + "|candidates[0].fee.bps_of_notional: warning: is 1000 times the median of its kind, 0.22, or more:"
                        + " is it meant?: 300"
            })
    void shouldWarnOfPricesThatCanHardlyBeMeant(String policy, String price, String by, String expected)
            throws IOException {
        String text = Files.readString(POLICIES.resolve(policy + ".yaml"));
        Path file = Files.writeString(folder.resolve("prices.yaml"), text.replace(price, by));
        assertNotEquals(text, Files.readString(file));

        Shell plain = new Shell("policy", "check", file.toString());
        Shell json = new Shell("policy", "check", "--json", file.toString());

        assertEquals(ExitCode.DONE, plain.exitCode(), plain::err);
        assertTrue(plain.err().startsWith(file + ":"), plain::err);
        assertTrue(plain.err().endsWith(": " + expected + "\n"), plain::err);
        assertEquals(1, plain.err().lines().count());
        assertEquals(ExitCode.DONE, json.exitCode());
        assertEquals("", json.err());
        JsonNode warnings = new ObjectMapper().readTree(json.out()).get("price_warnings");
        assertEquals(plain.err().strip(), warnings.get(0).textValue());
        assertEquals(1, warnings.size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "per_order: 0.10|per_order: 0", // The rate is charged.
                "bps_of_notional: 0.30|bps_of_notional: -0.30", // A rebate.
                "bps_of_notional: 0.30|bps_of_notional: 200"
            })
    void shouldNotWarnOfPricesThatCanBeMeant(String price, String by) throws IOException {
        String text = Files.readString(POLICIES.resolve("venues.yaml")).replace(price, by);
        Path file = Files.writeString(folder.resolve("prices.yaml"), text);

        assertEquals("", new Shell("policy", "check", file.toString()).err());
    }

    @Test
    void shouldShowNamesBesideNumbers() throws IOException {
        String file = POLICIES.resolve("venues.yaml").toString();

        Shell plain = new Shell("policy", "show", file);
        Shell json = new Shell("policy", "show", "--json", file);

        assertTrue(plain.out().contains("XNAS"), plain::out);
        assertTrue(plain.out().contains("equities_block"), plain::out);
        JsonNode first =
                new ObjectMapper().readTree(json.out()).get("candidates").get(0);
        assertEquals("XNAS", first.get("name").textValue());
        assertEquals(30_000_000, first.get("input_price_micros_per_million").longValue());
        assertEquals(
                100_000_000_000L, first.get("output_price_micros_per_million").longValue());
    }

    @Test
    void shouldShowAllThatTheFileSaysOfAUseCase() throws IOException {
        String text = Files.readString(POLICIES.resolve("models.yaml"));
        String rules = """
                use_cases:
                  taught:
                    code: 63
                    pattern: coding
                    value: 1
                    risk_bps: 1
                    confidence_bps: 9999
                    max_p95_latency_ms: 4321
                    hard_floor_bps: 11
                    recommended_floor_bps: 12
                    prior_outcomes: 77
                    exploration: {method: keyed, rate_bps: 301, within: 0.007, period: 36h, max_decisions: 503, max_spend: 21}
                    reward: {quality_weight: 31, cost_weight: 32, latency_weight: 33, retry_weight: 34, escalation_weight: 35,
                             cost: 0.06, latency_ms: 2001, threshold_bps: 6501}
                    alarms: {drift: {window: 1001, slack_bps: 1002, threshold: 23}, divergence: {tolerated_bps: 1003, threshold: 14}}
                """;
        String learning = "learning: {half_life_minutes: 10081}\n";
        String file = Files.writeString(
                        folder.resolve("full.yaml"), learning + text.replaceFirst("(?m)^use_cases:\n", rules))
                .toString();

        String plain = new Shell("policy", "show", file).out().replaceAll("\\s+", " ");
        JsonNode object = new ObjectMapper().readTree(new Shell("policy", "show", "--json", file).out());

        for (String shown : new String[] {
            "63 taught defaults 0 output units, p95 latency at most 4321 ms floors hard 11 bps, recommended 12 bps"
                    + " beliefs worth 77 outcomes: small succeeds in 55.0 %,",
            "exploration keyed, on 301 bps of requests, within 0.007 of the best;"
                    + " in each period of 129600 s at most 503 decisions and 21 spent",
            "reward weights: quality 31, cost 32 (score 0 at 0.06), latency 33 (score 0 at 2001 ms), retry 34, escalation 35;"
                    + " a success from 6501 bps on",
            "alarms drift: window 1001 outcomes, slack 1002 bps, threshold 23; divergence: tolerated 1003 bps, threshold 14",
            "what was learnt halves every 10081 minutes"
        }) {
            assertTrue(plain.contains(shown), () -> shown + " is not in " + plain);
        }
        assertEquals(10_081, object.get("half_life_minutes").intValue());
        JsonNode useCases = object.get("use_cases");
        JsonNode taught = useCases.get(useCases.size() - 1);
        assertEquals(77, taught.get("prior_outcomes").intValue());
        assertEquals(5_500, taught.get("prior_success_bps").get(0).intValue());
        assertEquals(4_321, taught.get("max_p95_latency_ms").intValue());
        assertEquals(11, taught.get("hard_floor_bps").intValue());
        assertEquals(12, taught.get("recommended_floor_bps").intValue());
        assertEquals(503, taught.get("exploration").get("max_decisions").intValue());
        assertEquals(60_000, taught.get("reward").get("cost_micros").intValue());
        assertEquals(35, taught.get("reward").get("escalation_weight").intValue());
        assertEquals(23, taught.get("alarms").get("drift").get("threshold").intValue());
        assertEquals(14, taught.get("alarms").get("divergence").get("threshold").intValue());
        assertTrue(useCases.get(0).get("reward").isNull(), useCases::toString);
        assertTrue(useCases.get(0).get("alarms").isNull(), useCases::toString);
    }

    /** The policy digest covers the catalog alone. */
    @ParameterizedTest
    @ValueSource(strings = {"check", "show"})
    void shouldTellPoliciesApartThatDifferInLearningAlone(String command) throws IOException {
        String text = Files.readString(POLICIES.resolve("models.yaml"));
        String taught = text.replaceFirst("(?m)^    pattern: support$", "$0\n    prior_outcomes: 3");
        assertNotEquals(text, taught);
        Path file = folder.resolve("p.yaml");

        JsonNode[] objects = new JsonNode[2];
        String[] plain = new String[2];
        for (int policy = 0; policy < 2; policy++) {
            Files.writeString(file, policy == 0 ? text : taught);
            objects[policy] =
                    new ObjectMapper().readTree(new Shell("policy", command, "--json", file.toString()).out());
            plain[policy] = new Shell("policy", command, file.toString()).out();
        }

        assertEquals(objects[0].get("policy_digest"), objects[1].get("policy_digest"));
        assertNotEquals(objects[0].get("adaptive_digest"), objects[1].get("adaptive_digest"));
        for (int policy = 0; policy < 2; policy++) {
            for (String digest : new String[] {"policy_digest", "adaptive_digest"}) {
                String shown = digest.replace('_', ' ') + " +"
                        + objects[policy].get(digest).textValue() + " .*";
                assertTrue(plain[policy].lines().anyMatch(line -> line.strip().matches(shown)), plain[policy]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "thompson|max_decisions: 9|max_decisions: 0|max_decisions: warning: is 0: the use case never explores: 0",
                "keyed, rate_bps: 5|rate_bps: 5|rate_bps: 0|rate_bps: warning: is 0: the use case never explores: 0",
                "thompson|max_spend: 9|max_spend: 0|max_spend: warning: is 0: the use case explores only where every near candidate costs nothing: 0",
                "keyed, rate_bps: 5|within: 0.04|within: 0.05"
                        + "|within: warning: is the value of the use case, 0.05, or more: for a request without a value of its own every candidate that passes is near: 0.05",
                "thompson|within: 0.04|within: 0.049999|",
                "none|method: none|method: none|"
            })
    void shouldWarnOfExplorationThatCanHardlyBeMeant(String method, String key, String by, String expected)
            throws IOException {
        String bounds = method.equals("none") ? "" : ", within: 0.04, period: 1d, max_decisions: 9, max_spend: 9";
        String rule = ("    exploration: {method: " + method + bounds + "}").replace(key, by);
        String text = Files.readString(POLICIES.resolve("models.yaml"));
        Path file = Files.writeString(
                folder.resolve("explores.yaml"), text.replaceFirst("(?m)^    pattern: support$", "$0\n" + rule));
        assertNotEquals(text, Files.readString(file));

        Shell plain = new Shell("policy", "check", file.toString());
        Shell json = new Shell("policy", "check", "--json", file.toString());

        assertEquals(ExitCode.DONE, plain.exitCode(), plain::err);
        assertEquals("", json.err());
        JsonNode warnings = json.json().get("exploration_warnings");
        if (expected == null) {
            assertEquals("", plain.err());
            assertEquals(0, warnings.size());
        } else {
            assertTrue(plain.err().startsWith(file + ":"), plain::err);
            assertTrue(plain.err().endsWith(": use_cases.support.exploration." + expected + "\n"), plain::err);
            assertEquals(1, plain.err().lines().count(), plain::err);
            assertEquals(plain.err().strip(), warnings.get(0).textValue());
        }
    }
}

package io.ringfence.gateway.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.policy.AdaptiveCodec;
import io.ringfence.engine.policy.AlarmRule;
import io.ringfence.engine.policy.Candidate;
import io.ringfence.engine.policy.CatalogCodec;
import io.ringfence.engine.policy.ExplorationRule;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.engine.policy.PriorPattern;
import io.ringfence.engine.policy.RewardRule;
import io.ringfence.gateway.config.Names.NameKind;
import io.ringfence.schemas.PolicySection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("once")
class PolicyReaderTest {
    private static final String POLICY = """
            policy:
              epoch: 3
              hard_risk_limit_bps: 9000
              minimum_confidence_bps: 5000
              risk_penalty_multiplier_bps: 3500
              latency_penalty_micros_per_ms: 2
            providers: {nasdaq: 0, ice: 63}
            capabilities: {equities: 0, hidden: 5}
            regions: {us: 1}
            tiers: [{name: open, floor_bps: 0}, {name: prime, floor_bps: 8800}]
            use_cases:
              equities: {code: 7, pattern: trading, value: 1.5, value_bps_of_notional: 6, risk_bps: 400, confidence_bps: 8500}
            candidates:
              - {id: 2, name: XNYS, provider: ice, quality_bps: 9200, risk_ceiling_bps: 3000, p95_latency_ms: 3, fee: {bps_of_notional: 1.5, per_order: 0.10}}
              - {id: 1, name: gpt, provider: nasdaq, quality_bps: 9100, risk_ceiling_bps: 2500, p95_latency_ms: 2, enabled: false, capabilities: [equities, hidden], regions: [us], price: {input_per_million: 2.50, output_per_million: 10.00}}
            """;

    @TempDir
    Path folder;

    @Test
    void shouldCompileTheDomainsWordsToCandidates() throws IOException {
        CompiledPolicy policy = CompiledPolicy.read(write(POLICY));

        assertEquals(3, policy.epoch());
        assertEquals(3, policy.catalog().catalogEpoch());
        assertEquals(
                new Candidate(1, 0, 9_100, 2_500, 0, 2, 0b100001, 0b10, 2_500_000, 10_000_000),
                policy.catalog().candidate(0));
        assertEquals(
                new Candidate(2, 63, 9_200, 3_000, 1, 3, 0, -1L, 150_000_000, 100_000_000_000L),
                policy.catalog().candidate(1));
    }

    /** The kernel knows no cost below 0; what a venue pays back is told by the fill that earns it. */
    @Test
    void shouldTakeAMakerRebateAndCountItAsNoCost() throws IOException {
        CompiledPolicy rebate =
                CompiledPolicy.read(write(POLICY.replace("bps_of_notional: 1.5,", "bps_of_notional: -0.2,")));
        CompiledPolicy free =
                CompiledPolicy.read(write(POLICY.replace("bps_of_notional: 1.5,", "bps_of_notional: 0,")));

        assertArrayEquals(free.policyDigest(), rebate.policyDigest());
        assertTrue(new String(joined(rebate, PolicySection.SOURCE), java.nio.charset.StandardCharsets.UTF_8)
                .contains("bps_of_notional: -0.2,"));
    }

    @Test
    void shouldCompileUseCasesWithTheirPatternsBeliefs() throws IOException {
        CompiledPolicy policy = CompiledPolicy.read(write(POLICY));

        UseCase useCase = policy.adaptive().useCases().get(0);
        assertEquals(7, useCase.code());
        assertEquals(1_500_000, useCase.defaults().businessValueMicros());
        assertEquals(6, useCase.defaults().valueBpsOfNotional());
        assertEquals(PriorPattern.TRADING.targetSuccessBps(), useCase.targetSuccessBps());
        assertEquals(PriorPattern.TRADING.priors(2), useCase.priors());
        assertEquals("equities", policy.names().name(NameKind.USE_CASE, 7));
        assertEquals("prime", policy.names().name(NameKind.TIER, 1));
    }

    @Test
    void shouldLetAPolicySayHowManyOutcomesItsBeliefsAreWorth() throws IOException {
        String pattern = "pattern: trading";

        CompiledPolicy policy = CompiledPolicy.read(write(POLICY.replace(pattern, pattern + ", prior_outcomes: 3")));

        assertEquals(
                PriorPattern.TRADING.priors(2, 3),
                policy.adaptive().useCases().get(0).priors());
    }

    @Test
    void shouldCompileHowAUseCaseExplores() throws IOException {
        String keyed =
                "exploration: {method: keyed, rate_bps: 300, within: 0.25, period: 1h, max_decisions: 100, max_spend: 12.5}";
        String thompson = "exploration: {method: thompson, within: 1, period: 1d, max_decisions: 0, max_spend: 0}";

        assertEquals(
                new ExplorationRule(ExplorationRule.Method.KEYED, 300, 250_000, 3_600_000_000_000L, 100, 12_500_000),
                exploration(keyed));
        assertEquals(
                new ExplorationRule(ExplorationRule.Method.THOMPSON, 0, 1_000_000, 86_400_000_000_000L, 0, 0),
                exploration(thompson));
        assertEquals(ExplorationRule.NONE, exploration("exploration: {method: none}"));
        assertEquals(ExplorationRule.NONE, exploration("target_success_bps: 5000"));
    }

    @Test
    void shouldCompileTheExampleOfThePage() throws IOException {
        String page =
                Files.readString(Path.of(System.getProperty("ringfence.root")).resolve("docs/POLICY.md"));
        int begin = page.indexOf("exploration:\n", page.indexOf("```yaml\n    exploration:"));
        String example = page.substring(begin, page.indexOf("```", begin));
        String policy = POLICY.replace(
                "{code: 7, pattern: trading, value: 1.5, value_bps_of_notional: 6, risk_bps: 400, confidence_bps: 8500}",
                "\n    code: 7\n    pattern: trading\n    value: 1.5\n    risk_bps: 400\n    confidence_bps: 8500\n    "
                        + example);

        ExplorationRule rule =
                CompiledPolicy.read(write(policy)).adaptive().useCases().get(0).exploration();

        assertEquals(
                new ExplorationRule(ExplorationRule.Method.KEYED, 300, 5_000, 86_400_000_000_000L, 500, 20_000_000),
                rule);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = { // what is wrong; field; rule
                "{within: 1}; method; must be given: it is missing",
                "{method: often}; method; must be one of none, keyed, thompson: \"often\"",
                "{method: keyed, within: 1, period: 1h, max_decisions: 1, max_spend: 1}; rate_bps; must be given: it is missing",
                "{method: keyed, rate_bps: 10001, within: 1, period: 1h, max_decisions: 1, max_spend: 1}; rate_bps; must be a whole number from 0 to 10000: \"10001\"",
                "{method: keyed, rate_bps: 1, within: 1, period: 1h, max_spend: 1}; max_decisions; must be given: it is missing",
                "{method: keyed, rate_bps: 1, within: 1, period: 1h, max_decisions: 1}; max_spend; must be given: it is missing",
                "{method: thompson, within: 1, period: 10ms, max_decisions: 1, max_spend: 1}; period; must be a time from 1s to 365d: \"10ms\"",
                "{method: thompson, rate_bps: 1, within: 1, period: 1h, max_decisions: 1, max_spend: 1}; rate_bps; may stand only with method keyed",
                "{method: none, within: 1}; within; may stand only with method keyed or thompson",
                "{method: none, rate_bps: 1}; rate_bps; may stand only with method keyed",
                "{method: none, max_spends: 1}; max_spends; is no known key: known are method"
            })
    void shouldRefuseToExploreWithoutBounds(String wrong, String field, String rule) throws IOException {
        Path file = write(POLICY.replace("confidence_bps: 8500}", "confidence_bps: 8500, exploration: " + wrong + "}"));

        ConfigFault refused = assertThrows(ConfigFault.class, () -> CompiledPolicy.read(file));

        assertEquals("use_cases.equities.exploration." + field, refused.field());
        assertTrue(refused.rule().startsWith(rule), refused.rule());
    }

    @Test
    void shouldReadAlarms() throws IOException {
        String both =
                "alarms: {drift: {window: 500, slack_bps: 1000, threshold: 20}, divergence: {tolerated_bps: 900, threshold: 10}}";
        String one = "alarms: {divergence: {tolerated_bps: 900, threshold: 10}}";

        assertEquals(new AlarmRule(500, 1_000, 20, 900, 10), alarms(both));
        assertEquals(new AlarmRule(0, 0, 0, 900, 10), alarms(one));
        assertEquals(AlarmRule.NONE, alarms("target_success_bps: 5000"));
    }

    @Test
    void shouldCompileTheAlarmsOfThePage() throws IOException {
        String page =
                Files.readString(Path.of(System.getProperty("ringfence.root")).resolve("docs/POLICY.md"));
        int begin = page.indexOf("alarms:\n", page.indexOf("```yaml\n    alarms:"));
        String example = page.substring(begin, page.indexOf("```", begin));
        String policy = POLICY.replace(
                "{code: 7, pattern: trading, value: 1.5, value_bps_of_notional: 6, risk_bps: 400, confidence_bps: 8500}",
                "\n    code: 7\n    pattern: trading\n    value: 1.5\n    risk_bps: 400\n    confidence_bps: 8500\n    "
                        + example);

        AlarmRule rule =
                CompiledPolicy.read(write(policy)).adaptive().useCases().get(0).alarms();

        assertEquals(new AlarmRule(1_000, 1_000, 20, 1_000, 10), rule);
    }

    @Test
    void shouldCompileTheHalfLifeAndRefuseAnyOther() throws IOException {
        assertEquals(0, CompiledPolicy.read(write(POLICY)).adaptive().halfLifeMinutes());
        assertEquals(
                10_080,
                CompiledPolicy.read(write(POLICY + "learning: {half_life_minutes: 10080}\n"))
                        .adaptive()
                        .halfLifeMinutes());
        Path tooLong = write(POLICY + "learning: {half_life_minutes: 5256001}\n");
        assertEquals(
                "learning.half_life_minutes",
                assertThrows(ConfigFault.class, () -> CompiledPolicy.read(tooLong))
                        .field());
        Path misspelt = write(POLICY + "learning: {half_live_minutes: 1}\n");
        assertEquals(
                "learning.half_live_minutes",
                assertThrows(ConfigFault.class, () -> CompiledPolicy.read(misspelt))
                        .field());
    }

    @Test
    void shouldCompileHowAUseCaseRewards() throws IOException {
        assertEquals(
                new RewardRule(6, 2, 1, 1, 0, 50_000, 2_000, 6_500),
                reward("reward: {quality_weight: 6, cost_weight: 2, latency_weight: 1, retry_weight: 1, cost: 0.05,"
                        + " latency_ms: 2000, threshold_bps: 6500}"));
        assertEquals(RewardRule.NONE, reward("reward: {quality_weight: 0}"));
        assertEquals(RewardRule.NONE, reward("target_success_bps: 5000"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = { // what is wrong; field; rule
                "{}; ; must have drift or divergence",
                "{drift: {slack_bps: 1, threshold: 1}}; .drift.window; must be given: it is missing",
                "{drift: {window: 0, slack_bps: 1, threshold: 1}}; .drift.window; must be a whole number from 1 to 1000000",
                "{drift: {window: 1, slack_bps: 1}}; .drift.threshold; must be given: it is missing",
                "{drift: {window: 1, slack_bps: 1, threshold: 1, period: 1h}}; .drift.period; is no known key",
                "{divergence: {threshold: 1}}; .divergence.tolerated_bps; must be given: it is missing",
                "{level: 1, drift: {window: 1, slack_bps: 1, threshold: 1}}; .level; is no known key"
            })
    void shouldRefuseAlarmsWithoutTheirThresholds(String wrong, String field, String rule) throws IOException {
        Path file = write(POLICY.replace("confidence_bps: 8500}", "confidence_bps: 8500, alarms: " + wrong + "}"));

        ConfigFault refused = assertThrows(ConfigFault.class, () -> CompiledPolicy.read(file));

        assertEquals("use_cases.equities.alarms" + (field == null ? "" : field), refused.field());
        assertTrue(refused.rule().startsWith(rule), refused.rule());
    }

    private AlarmRule alarms(String keys) throws IOException {
        String policy = POLICY.replace("confidence_bps: 8500}", "confidence_bps: 8500, " + keys + "}");
        return CompiledPolicy.read(write(policy)).adaptive().useCases().get(0).alarms();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = { // what is wrong; field; rule
                "{quality_weight: 10001, threshold_bps: 1}; quality_weight; must be a whole number from 0 to 10000: \"10001\"",
                "{cost_weight: 1, threshold_bps: 1}; cost; must be given: it is missing",
                "{latency_weight: 1, threshold_bps: 1}; latency_ms; must be given: it is missing",
                "{retry_weight: 1}; threshold_bps; must be given: it is missing",
                "{retry_weight: 1, threshold_bps: 0}; threshold_bps; must be a whole number from 1 to 10000: \"0\"",
                "{retry_weight: 1, threshold_bps: 1, cost: 1}; cost; may stand only with a cost_weight above 0",
                "{retry_weight: 1, threshold_bps: 1, latency_ms: 1}; latency_ms; may stand only with a latency_weight above 0",
                "{retry_weight: 0, threshold_bps: 1}; threshold_bps; may stand only with a weight above 0"
            })
    void shouldRefuseARewardThatSaysTooLittleOrTooMuch(String wrong, String field, String rule) throws IOException {
        Path file = write(POLICY.replace("confidence_bps: 8500}", "confidence_bps: 8500, reward: " + wrong + "}"));

        ConfigFault refused = assertThrows(ConfigFault.class, () -> CompiledPolicy.read(file));

        assertEquals("use_cases.equities.reward." + field, refused.field());
        assertTrue(refused.rule().startsWith(rule), refused.rule());
    }

    private RewardRule reward(String keys) throws IOException {
        String policy = POLICY.replace("confidence_bps: 8500}", "confidence_bps: 8500, " + keys + "}");
        return CompiledPolicy.read(write(policy)).adaptive().useCases().get(0).reward();
    }

    private ExplorationRule exploration(String keys) throws IOException {
        String policy = POLICY.replace("confidence_bps: 8500}", "confidence_bps: 8500, " + keys + "}");
        return CompiledPolicy.read(write(policy)).adaptive().useCases().get(0).exploration();
    }

    @Test
    void shouldCutSectionsIntoPiecesThatMakeThemUpAgain() throws IOException {
        Path file = write(POLICY + "#" + "x".repeat(70_000) + "\n");

        CompiledPolicy policy = CompiledPolicy.read(file);

        assertArrayEquals(Files.readAllBytes(file), joined(policy, PolicySection.SOURCE));
        assertArrayEquals(policy.names().encode(), joined(policy, PolicySection.NAMES));
        byte[] catalog = joined(policy, PolicySection.CATALOG);
        assertArrayEquals(
                policy.policyDigest(),
                io.ringfence.engine.policy.Policy.digestOf(
                        CatalogCodec.decode(catalog, 0, catalog.length).value()));
        byte[] adaptive = joined(policy, PolicySection.ADAPTIVE);
        assertEquals(
                policy.adaptive(),
                AdaptiveCodec.decode(new UnsafeBuffer(adaptive), 0, adaptive.length)
                        .value());
        assertTrue(policy.pieces().stream()
                .allMatch(piece -> piece.content().length <= CompiledPolicy.PolicyPiece.LENGTH_MAX));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "epoch: 3|epoch: 0|2: policy.epoch: must be a whole number from 1 to 4611686018427387904: \"0\"",
                "'hard_risk_limit_bps: 9000\\n  '||2: policy.hard_risk_limit_bps: must be given: it is missing",
                "multiplier_bps: 3500|multiplier_bps: 50001|5: policy.risk_penalty_multiplier_bps: must be a whole number from 0 to 50000: \"50001\"",
                "ice: 63|ice: 64|7: providers.ice: must be a whole number from 0 to 63: \"64\"",
                "ice: 63|ice: 0|7: providers.ice: must be the number of one provider only: \"0\"",
                "provider: ice|provider: icee|14: candidates[0].provider: must be a known provider, nearest known is ice: \"icee\"",
                "[equities, hidden]|[equity]|15: candidates[1].capabilities[0]: must be a known capability, known are equities, hidden: \"equity\"",
                "floor_bps: 8800|floor_bps: 0|10: tiers[1].floor_bps: must be above the cheaper tier's, which is 0: \"0\"",
                "pattern: trading|pattern: trading, prior_outcomes: 0|12: use_cases.equities.prior_outcomes: must be a whole number from 1 to 1000: \"0\"",
                "pattern: trading|pattern: trading, prior_outcomes: 1001|12: use_cases.equities.prior_outcomes: must be a whole number from 1 to 1000: \"1001\"",
                "pattern: trading|pattern: tradng|12: use_cases.equities.pattern: must be one of support, summary, extraction, coding, trading, logistics, compliance, security: \"tradng\"",
                "code: 7|code: 64|12: use_cases.equities.code: must be a whole number from 0 to 63: \"64\"",
                "value: 1.5, value_bps_of_notional: 6, ||12: use_cases.equities: must have value or value_bps_of_notional: neither",
                "bps_of_notional: 1.5,|bps_of_notional: 0.000000001,|14: candidates[0].fee.bps_of_notional: must have at most 8 digits behind the point: \"0.000000001\"",
                "bps_of_notional: 1.5,|bps_of_notional: -10000.1,|14: candidates[0].fee.bps_of_notional: must not be below -10000: \"-10000.1\"",
                "per_order: 0.10|per_order: 0.0000001|14: candidates[0].fee.per_order: must have at most 6 digits behind the point: \"0.0000001\"",
                "per_order: 0.10|per_order: -0.10|14: candidates[0].fee.per_order: must not be negative: \"-0.10\"",
                "per_order: 0.10|per_order: 99999999999|14: candidates[0].fee.per_order: must be at most 18446744.073709551615: \"99999999999\"",
                "per_order: 0.10}|per_order: 0.10}, price: {}|14: candidates[0]: must have either fee (of orders) or price (of units): both",
                "input_per_million: 2.50|input_per_million: 2.5000001|15: candidates[1].price.input_per_million: must have at most 6 digits behind the point: \"2.5000001\"",
                "id: 1,|id: 2,|15: candidates[1].name: must have an id and a name that no other candidate has: \"gpt\", id 2",
                "quality_bps: 9200|qualty_bps: 9200|14: candidates[0].quality_bps: must be given: it is missing, but there is qualty_bps",
                "enabled: false|enabledd: false|15: candidates[1].enabledd: is no known key: nearest known is enabled",
                "regions: {us: 1}|region: {us: 1}|9: region: is no known key: nearest known is regions",
                "p95_latency_ms: 3,|p95_latency_ms: 3, enabled: false,|14: candidates: at least one candidate must be enabled: value=0"
            })
    void shouldNameLineFieldAndRule(String part, String replacement, String expected) throws IOException {
        String text =
                POLICY.replace(part.replace("\\n", "\n"), replacement == null ? "" : replacement.replace("\\n", "\n"));
        if (expected.contains("is no known key: nearest known is regions")) {
            text = text.replace("regions: [us], ", "");
        }
        Path file = write(text);

        ConfigFault fault = assertThrows(ConfigFault.class, () -> CompiledPolicy.read(file));

        assertEquals(file + ":" + expected, fault.getMessage());
    }

    @Test
    void shouldWarnOfAUseCaseWhoseDefaultsLeadNowhere() throws IOException {
        String worthless = POLICY.replace("value_bps_of_notional: 6", "value_bps_of_notional: 1")
                .replace("pattern: trading, value: 1.5", "pattern: trading, value: 0")
                .replace("enabled: false, ", "")
                .replace("input_per_million: 2.50", "input_per_million: 1000000");

        assertEquals(List.of(), CompiledPolicy.read(write(POLICY)).check());
        assertEquals(
                List.of(
                        "use_cases.equities: its defaults let no candidate reach a positive utility, for orders of 10 to"
                                + " 100000 and inputs of 100 to 100000 units: [UTILITY_NOT_POSITIVE]"),
                CompiledPolicy.read(write(worthless)).check());
    }

    @Test
    void shouldWarnOfATierThatNobodyReaches() throws IOException {
        String steep = POLICY.replace("floor_bps: 8800", "floor_bps: 9300");

        assertEquals(
                List.of("tiers.prime: no enabled candidate reaches its floor of 9300 bps"),
                CompiledPolicy.read(write(steep)).check());
    }

    private static byte[] joined(CompiledPolicy policy, PolicySection section) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        policy.pieces().stream()
                .filter(piece -> piece.section() == section)
                .forEach(piece -> bytes.writeBytes(piece.content()));
        return bytes.toByteArray();
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("policy.yaml"), text);
    }
}

package io.ringfence.tools.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.schemas.Substitution;
import io.ringfence.tools.ExitCode;
import io.ringfence.tools.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Explains calls under a policy in which each candidate can fail a gate of its own. */
class ExplainCommandTest {
    private static final String POLICY = """
            policy:
              epoch: 1
              hard_risk_limit_bps: 9500
              minimum_confidence_bps: 0
              risk_penalty_multiplier_bps: 10000
              latency_penalty_micros_per_ms: 10
            providers: {north: 0, south: 1}
            capabilities: {text: 0, pictures: 1}
            regions: {eu: 0, us: 1}
            tiers:
              - {name: any, floor_bps: 0}
              - {name: good, floor_bps: 9000}
            use_cases:
              asking:
                {code: 0, pattern: support, value: 1, risk_bps: 0, confidence_bps: 10000, output_units: 0}
              exploring:
                code: 1
                pattern: support
                value: 1
                risk_bps: 0
                confidence_bps: 10000
                output_units: 0
                exploration: {method: thompson, within: 0.5, period: 1d, max_decisions: 1, max_spend: 5}
            candidates:
              - {id: 1, name: best, provider: north, quality_bps: 9500, risk_ceiling_bps: 9000, p95_latency_ms: 100,
                 capabilities: [text, pictures], price: {input_per_million: 10, output_per_million: 0}}
              - {id: 2, name: slow, provider: north, quality_bps: 9400, risk_ceiling_bps: 9000, p95_latency_ms: 900,
                 capabilities: [text, pictures], price: {input_per_million: 10, output_per_million: 0}}
              - {id: 3, name: wordy, provider: north, quality_bps: 9300, risk_ceiling_bps: 9000, p95_latency_ms: 100,
                 capabilities: [text], price: {input_per_million: 10, output_per_million: 0}}
              - {id: 4, name: southern, provider: south, quality_bps: 9200, risk_ceiling_bps: 9000, p95_latency_ms: 100,
                 capabilities: [text, pictures], price: {input_per_million: 10, output_per_million: 0}}
              - {id: 5, name: local, provider: north, quality_bps: 9200, risk_ceiling_bps: 9000, p95_latency_ms: 100,
                 capabilities: [text, pictures], regions: [us], price: {input_per_million: 10, output_per_million: 0}}
              - {id: 6, name: timid, provider: north, quality_bps: 9200, risk_ceiling_bps: 50, p95_latency_ms: 100,
                 capabilities: [text, pictures], price: {input_per_million: 10, output_per_million: 0}}
              - {id: 7, name: dear, provider: north, quality_bps: 9200, risk_ceiling_bps: 9000, p95_latency_ms: 100,
                 capabilities: [text, pictures], price: {input_per_million: 500, output_per_million: 0}}
              - {id: 8, name: vain, provider: north, quality_bps: 9200, risk_ceiling_bps: 9000, p95_latency_ms: 100,
                 capabilities: [text, pictures], price: {input_per_million: 200, output_per_million: 0}}
              - {id: 9, name: poor, provider: north, quality_bps: 100, risk_ceiling_bps: 9000, p95_latency_ms: 100,
                 capabilities: [text, pictures], price: {input_per_million: 10, output_per_million: 0}}
              - {id: 10, name: gone, provider: north, enabled: false, quality_bps: 9200, risk_ceiling_bps: 9000,
                 p95_latency_ms: 100, capabilities: [text], price: {input_per_million: 10, output_per_million: 0}}
            """;

    @TempDir
    static Path folder;

    private static Path directory;
    private static long gated;
    private static long directed;
    private static long insisted;
    private static long refused;
    private static long explored;
    private static long guarded;
    private static long overBudget;
    private static long duplicate;
    private static long tick;

    @BeforeAll
    static void write() throws IOException {
        directory = folder.resolve("journal");
        CompiledPolicy policy = CompiledPolicy.read(Files.writeString(folder.resolve("policy.yaml"), POLICY));
        try (WrittenJournal journal = new WrittenJournal(directory, policy, 1_000_000)) {
            gated = gated(journal, 1);
            directed = journal.call(2, call -> call.requestedCandidateId(3).substitution(Substitution.NEVER));
            insisted = journal.call(901, call -> call.requestedCandidateId(10).substitution(Substitution.NEVER));
            refused = journal.call(902, call -> call.riskBps(9_500));
            explored = exploring(journal);
            guarded = journal.event().sequence();
            overBudget = journal.call(900, call -> call.exposureMicros(2_000_000));
            duplicate = gated(journal, 1);
            tick = journal.tick(1);
        }
    }

    private static long gated(WrittenJournal journal, long requestId) {
        return journal.call(
                requestId,
                call -> call.requestedCandidateId(8)
                        .businessValueMicros(200_000)
                        .minimumQualityBps(5_000)
                        .maxP95LatencyMs(500)
                        .requiredCapabilities(3)
                        .allowedProviderMask(1)
                        .requiredRegionMask(1)
                        .costLimitMicros(300_000));
    }

    /** Asks until a call was explored, and then until the bound of one a period kept the kernel's choice. */
    private static long exploring(WrittenJournal journal) {
        long found = 0;
        for (int request = 10; request < 500; request++) {
            long sequence = journal.call(request, call -> call.useCase((short) 1));
            if (found == 0 && journal.event().selection().explored().isExplored()) {
                found = sequence;
            } else if (found != 0) {
                return found;
            }
        }
        throw new AssertionError("of so many calls one is explored");
    }

    @ParameterizedTest
    @CsvSource({
        "best, ELIGIBLE, , , utility 0.177 = gain 0.19 - risk 0.002 - cost 0.01 - latency 0.001  <- the kernel's choice; acts",
        "slow, LATENCY_TOO_HIGH, 900, 500, 'p95 latency 900 ms, at most 500'",
        "wordy, CAPABILITY_MISSING, 1, 3, lacks pictures",
        "southern, PROVIDER_NOT_ALLOWED, 1, 1, provider south is not allowed",
        "local, REGION_NOT_ALLOWED, 2, 1, serves none of eu",
        "timid, RISK_CEILING_EXCEEDED, 100, 50, 'takes risk up to 0.5 %, the request has 1 %'",
        "dear, COST_LIMIT_EXCEEDED, 500000, 300000, 'costs 0.5, at most 0.3'",
        "vain, UTILITY_NOT_POSITIVE, , , not worth it: utility -0.019 = gain 0.184 - risk 0.002 - cost 0.2 - latency 0.001  <- requested",
        "poor, QUALITY_TOO_LOW, 100, 5000, 'quality 1 %, asked for 50 %'",
        "gone, CANDIDATES_DISABLED, 0, 1, disabled in the policy"
    })
    void shouldSayOfEachCandidateWhereItStopped(
            String candidate, String verdict, Long measured, Long limit, String said) {
        JsonNode record = json("--sequence", gated);

        JsonNode row = row(record, candidate);
        assertEquals(verdict, row.path("verdict").asText());
        assertEquals(Optional.ofNullable(measured), number(row, "measured"));
        assertEquals(Optional.ofNullable(limit), number(row, "limit"));
        String line = line(page("--sequence", gated), candidate);
        assertEquals(said.replace(';', ','), line.substring(candidate.length()).strip());
    }

    @Test
    void shouldTellTheDecisionInTheOrderOfItsStages() {
        String page = page("--sequence", gated);

        int at = 0;
        for (String said : List.of(
                "record " + gated + ", ADMISSION",
                "SUBSTITUTE, BETTER_CANDIDATE. ",
                "asked       1000 units in, 0 out, use case asking, account desk-1, requested vain, substitution allowed",
                "value       0.2, risk 1 %, confidence 100 %, cost at most 0.3, p95 latency at most 500 ms",
                "requires    capabilities text, pictures; one of regions eu; one of providers north",
                "regime      0",
                "floor       quality of at least 50 %, the client's own",
                "candidates  10 of policy epoch 1, 1 eligible; stopped: 1 CANDIDATES_DISABLED, 1 QUALITY_TOO_LOW",
                "choice      best, cost 0.01",
                "controls    checked ACCOUNT_OVERDRAWN",
                "budget      held 0.01, available 0.99",
                "proof       decision ")) {
            int next = page.indexOf(said, at);
            assertTrue(next >= at, () -> said + " in " + page);
            at = next;
        }
    }

    @Test
    void shouldSayWhatTheClientInsistedOnAndWhatTheFloorWasDrawnFrom() {
        String page = page("--sequence", directed);

        assertTrue(page.contains("choice      wordy, cost 0.01, as the client insists"), page);
        assertTrue(line(page, "wordy").endsWith("<- requested, acts"), page);
        assertTrue(line(page, "best").endsWith("<- the kernel's choice"), page);
        assertTrue(page.contains("recommended, tier "), page);
        assertTrue(page.contains("(the first tier whose drawn success reaches 55 %: any "), page);
    }

    @Test
    void shouldSayThatNobodyActsWhereTheClientInsistsOnOneThatFails() {
        String page = page("--sequence", insisted);

        assertTrue(
                page.contains("choice      none: the client takes only the requested candidate, which fails a gate"),
                page);
        assertTrue(line(page, "gone").endsWith("disabled in the policy  <- requested"), page);
    }

    @Test
    void shouldSayThatNobodyWasLookedAtWhenTheRequestItselfFails() {
        assertTrue(page("--sequence", refused)
                .contains("candidates  none looked at: the request's risk reaches the policy's limit of 95 %\n"));
        assertEquals(0, json("--sequence", refused).path("candidates").size());
    }

    @Test
    void shouldSayWhatWasDrawnAndWhatKeptTheKernelsChoice() {
        String page = page("--sequence", explored);

        assertTrue(page.contains(", explored; "), page);
        assertTrue(page.contains("; 6 in play, success drawn: best "), page);
        JsonNode draws = json("--sequence", explored).path("exploration").path("candidate_draws");
        long highest = LongStream.range(0, draws.size())
                .map(place ->
                        draws.get((int) place).path("worth_by_draw_micros").asLong())
                .max()
                .orElseThrow();
        for (JsonNode draw : draws) {
            if (draw.path("candidate").equals(json("--sequence", explored).path("acted_candidate"))) {
                assertEquals(highest, draw.path("worth_by_draw_micros").asLong());
            }
        }
        assertTrue(page.contains("; chosen with probability 0."), page);
        String kept = page("--sequence", guarded);
        assertTrue(kept.contains(" near the best: the period's explored decisions were used up"), kept);
    }

    @Test
    void shouldSayWhichControlFailedAndByHowMuch() {
        String page = page("--sequence", overBudget);

        assertTrue(page.contains("REJECT, BUDGET_EXHAUSTED. "), page);
        assertTrue(page.contains("control BUDGET_EXHAUSTED, limit "), page);
        assertTrue(page.contains(", asked 2, "), page);
        assertTrue(page.contains("; failed BUDGET_EXHAUSTED\n"), page);
    }

    @Test
    void shouldFindTheFirstRecordOfAnId() {
        Shell both = explain("--request", "1");
        assertEquals(ExitCode.DONE, both.exitCode(), both::err);
        assertTrue(both.out().startsWith("record " + gated + ", "), both::out);
        assertTrue(
                both.err()
                        .contains("1 more record matches --request 1: sequence " + duplicate + System.lineSeparator()),
                both::err);
        Shell foreign = explain("--request", "1", "--principal", "4");
        assertEquals(ExitCode.CHECK_FAILED, foreign.exitCode());
        assertEquals(
                directory + ": no record matches --request 1 --principal 4" + System.lineSeparator(), foreign.err());
    }

    @Test
    void shouldShowAsARecordWhatWasNotDecided() {
        for (long sequence : new long[] {duplicate, tick}) {
            String page = page("--sequence", sequence);
            assertTrue(page.startsWith("record " + sequence + ", "), page);
            assertFalse(page.contains("candidates"), page);
            assertFalse(json("--sequence", sequence).has("candidates"));
        }
        assertTrue(page("--sequence", duplicate).contains("The same request came before"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | --sequence, --request or --external-id: must say which record",
                "--sequence 3 --request 1 | --sequence and --request: must not both be given",
                "--sequence 3 --external-id A | --sequence and --external-id: must not both be given",
                "--sequence 3 --principal 3 | --sequence and --principal: must not both be given",
                "--sequence 0 | --sequence: must be ",
                "--request -1 | --request: must be a whole number of 1 or more: \"-1\"",
                "--external-id= | --external-id: must not be empty",
                "--sequence 99999 | has no sequence 99999: it ends at ",
            })
    void shouldRefuseWhatNamesNoRecord(String options, String said) {
        Shell shell = explain(options.isEmpty() ? new String[0] : options.split(" "));

        assertEquals(ExitCode.BAD_INPUT, shell.exitCode());
        assertEquals(1, shell.err().lines().count(), shell::err);
        assertTrue(shell.err().contains(said), shell::err);
        assertEquals("", shell.out());
    }

    private Shell explain(String... options) {
        List<String> args = new ArrayList<>(List.of("explain", directory.toString()));
        args.addAll(List.of(options));
        return new Shell(args.toArray(String[]::new));
    }

    private String page(String option, long value) {
        Shell shell = explain(option, Long.toString(value));
        assertEquals(ExitCode.DONE, shell.exitCode(), shell::err);
        assertTrue(shell.err().contains("not authenticated"), shell::err);
        return shell.out();
    }

    private JsonNode json(String option, long value) {
        return explain(option, Long.toString(value), "--json").json();
    }

    private static JsonNode row(JsonNode record, String candidate) {
        for (JsonNode row : record.path("candidates")) {
            if (row.path("candidate").asText().equals(candidate)) {
                return row;
            }
        }
        throw new AssertionError(candidate + " in " + record);
    }

    private static Optional<Long> number(JsonNode node, String name) {
        return node.has(name) ? Optional.of(node.path(name).asLong()) : Optional.empty();
    }

    private static String line(String page, String candidate) {
        return page.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(candidate + " "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(candidate + " in " + page));
    }
}

package io.ringfence.tools.report;

import static io.ringfence.tools.report.PricedPolicy.HIGH;
import static io.ringfence.tools.report.PricedPolicy.LOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.schemas.Substitution;
import io.ringfence.schemas.Tristate;
import io.ringfence.tools.ExitCode;
import io.ringfence.tools.Shell;
import io.ringfence.tools.journal.WrittenJournal;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearningReportTest {
    private static final int NOT_GRADED = 65_535;

    @TempDir
    private Path folder;

    private Path directory;
    private long nextRequestId = 1;

    @BeforeEach
    void nameTheJournal() {
        directory = folder.resolve("journal");
    }

    @Test
    void shouldCountWhereAnotherTierActedThanWasSampled() {
        TreeMap<String, Long> expected = new TreeMap<>();
        try (WrittenJournal journal = PricedPolicy.journal(folder)) {
            for (int i = 0; i < 60; i++) {
                long value = i % 2 == 0 ? LOW : HIGH; // The dear one is worth it in half of them, whatever the floor.
                journal.call(nextRequestId++, 1, 0, 0, Substitution.ALLOWED, value, 0, null);
                long acted = journal.event().verdict().actedCandidateId() - 1; // One candidate a tier.
                expected.merge(journal.event().choice().tier() + ">" + acted, 1L, Long::sum);
            }
            journal.call(nextRequestId++, 1, 0, 0, Substitution.ALLOWED, HIGH, 0, 0); // A stated floor samples none.
        }

        JsonNode pairs = learning().path("use_cases").get(0).path("sampled_and_acted");

        TreeMap<String, Long> counted = new TreeMap<>();
        pairs.forEach(pair -> {
            counted.put(
                    pair.path("sampled") + ">" + pair.path("acted"),
                    pair.path("decisions").asLong());
            assertEquals(
                    pair.path("sampled").asInt() == pair.path("acted").asInt(),
                    pair.path("agree").asBoolean());
        });
        assertEquals(expected, counted);
        assertTrue(counted.containsKey("0>2"), counted::toString);
    }

    @Test
    void shouldTrackEachTierOfAUseCaseAndRecommendAFloorFromFiftyOutcomesOn() {
        try (WrittenJournal journal = PricedPolicy.journal(folder)) {
            act(journal, 0, PricedPolicy.CHEAP, 48, 12);
            act(journal, 0, PricedPolicy.MIDDLE, 57, 3);
            act(journal, 0, PricedPolicy.DEAR, 290, 0);
            act(journal, 1, PricedPolicy.CHEAP, 49, 0);
        }

        JsonNode useCases = learning().path("use_cases");

        JsonNode asking = useCases.get(0);
        assertTrack(asking.path("tiers").get(0), 48, 12, "medium");
        assertTrack(asking.path("tiers").get(1), 57, 3, "medium");
        assertTrack(asking.path("tiers").get(2), 290, 0, "high");
        assertEquals("middle", asking.path("tiers").get(1).path("name").asText());
        // The cheap tier's interval begins at 68.2 %, below the target of 70 %; the middle one's at 86.3 %.
        assertEquals(8_500, asking.path("learnt_floor_bps").asInt());
        JsonNode telling = useCases.get(1);
        assertTrack(telling.path("tiers").get(0), 49, 0, "low");
        assertTrue(telling.path("learnt_floor_bps").isNull(), telling::toString);
    }

    /** Newcombe 1998, table I: method 3 without continuity correction. */
    @Test
    void shouldShowTheIntervalsOfTheLiterature() {
        try (WrittenJournal journal = PricedPolicy.journal(folder)) {
            act(journal, 0, PricedPolicy.CHEAP, 81, 263 - 81);
            act(journal, 0, PricedPolicy.MIDDLE, 15, 148 - 15);
            act(journal, 0, PricedPolicy.DEAR, 0, 20);
            act(journal, 1, PricedPolicy.DEAR, 1, 28);
        }

        JsonNode useCases = learning().path("use_cases");

        assertInterval(useCases.get(0).path("tiers").get(0), 0.2553, 0.3662);
        assertInterval(useCases.get(0).path("tiers").get(1), 0.0624, 0.1605);
        assertInterval(useCases.get(0).path("tiers").get(2), 0.0000, 0.1611);
        assertInterval(useCases.get(1).path("tiers").get(0), 0.0061, 0.1718);
    }

    @Test
    void shouldFindACandidateThatIsBelowItsCatalogQuality() {
        try (WrittenJournal journal = PricedPolicy.journal(folder)) {
            act(journal, 0, PricedPolicy.CHEAP, 48, 12); // 80 % where the policy says 80 %.
            act(journal, 0, PricedPolicy.DEAR, 40, 20);
            for (int i = 0; i < 60; i++) {
                act(journal, 1, PricedPolicy.MIDDLE, 6_000 + i, Tristate.UNKNOWN); // Graded alone.
            }
        }

        JsonNode candidates = learning().path("candidates");

        assertFalse(candidates.get(0).path("below_catalog").asBoolean(), candidates::toString);
        assertEquals("successes", candidates.get(0).path("measured_by").asText());
        assertTrue(candidates.get(1).path("below_catalog").asBoolean(), candidates::toString);
        assertEquals("grades", candidates.get(1).path("measured_by").asText());
        assertEquals(6_029.5, candidates.get(1).path("quality_bps").asDouble());
        assertTrue(candidates.get(1).path("success_rate").isNull());
        assertTrue(candidates.get(2).path("below_catalog").asBoolean(), candidates::toString);
        assertEquals(9_900, candidates.get(2).path("catalog_quality_bps").asInt());

        Shell shell = new Shell("report", "learning", directory.toString());
        assertEquals(ExitCode.DONE, shell.exitCode(), shell::err);
        String words = shell.out().replaceAll("\\s+", " ");
        assertTrue(
                words.contains("dear is below its catalog quality: 6667 bps by successes, at most 7727"), shell::out);
        assertFalse(words.contains("cheap is below"), shell::out);
    }

    @Test
    void shouldJudgeNobodyByFewOutcomes() {
        try (WrittenJournal journal = PricedPolicy.journal(folder)) {
            act(journal, 0, PricedPolicy.DEAR, 0, 49);
        }

        JsonNode dear = learning().path("candidates").get(0);

        assertEquals("nothing", dear.path("measured_by").asText());
        assertTrue(dear.path("quality_bps").isNull());
        assertFalse(dear.path("below_catalog").asBoolean());
    }

    @Test
    void shouldCountTheLatestRevisionOfADecisionOnce() {
        try (WrittenJournal journal = PricedPolicy.journal(folder)) {
            direct(journal, 0, PricedPolicy.CHEAP);
            journal.outcome(nextRequestId++, 0, NOT_GRADED, Tristate.YES);
            journal.outcome(nextRequestId++, 2, NOT_GRADED, Tristate.NO);
            journal.outcome(nextRequestId++, 1, NOT_GRADED, Tristate.YES);
        }

        JsonNode object = learning();

        JsonNode tier = object.path("use_cases").get(0).path("tiers").get(0);
        assertTrack(tier, 0, 1, "low");
        assertEquals(1, object.path("candidates").get(0).path("outcomes").asInt());
    }

    @Test
    void shouldBeginAnewWithTheTiersOfAPolicyThatHasAnotherNumberOfThem() {
        try (WrittenJournal journal = PricedPolicy.journal(folder)) {
            act(journal, 0, PricedPolicy.MIDDLE, 5, 0);
            direct(journal, 0, PricedPolicy.MIDDLE);
            journal.activate(PricedPolicy.ofTwoTiers(folder, 2));
            journal.outcome(nextRequestId++, 0, NOT_GRADED, Tristate.YES); // Late: its tier was one of the three.
            act(journal, 0, PricedPolicy.MIDDLE, 0, 2);
        }

        JsonNode object = learning();

        JsonNode tiers = object.path("use_cases").get(0).path("tiers");
        assertEquals(1, tiers.size(), object::toString);
        assertEquals("middle", tiers.get(0).path("name").asText());
        assertTrack(tiers.get(0), 0, 2, "low");
        assertEquals(8, object.path("candidates").get(0).path("outcomes").asInt());
    }

    private void act(WrittenJournal journal, int useCase, int candidateId, int successes, int failures) {
        for (int i = 0; i < successes + failures; i++) {
            act(journal, useCase, candidateId, NOT_GRADED, i < successes ? Tristate.YES : Tristate.NO);
        }
    }

    private void act(WrittenJournal journal, int useCase, int candidateId, int qualityBps, Tristate success) {
        direct(journal, useCase, candidateId);
        journal.outcome(nextRequestId++, 0, qualityBps, success);
    }

    private void direct(WrittenJournal journal, int useCase, int candidateId) {
        journal.call(nextRequestId++, 1, useCase, candidateId, Substitution.NEVER, HIGH, 0, 0);
        assertTrue(journal.event().verdict().isAdmitted());
        journal.rememberFacts();
    }

    /** Against the closed form: the ends are the roots of (seen - p)^2 = z^2 p (1 - p) / n. */
    private static void assertTrack(JsonNode track, int successes, int failures, String confidence) {
        assertEquals(successes + failures, track.path("outcomes").asInt(), track::toString);
        assertEquals(successes, track.path("successes").asInt(), track::toString);
        assertEquals(failures, track.path("failures").asInt(), track::toString);
        assertEquals(confidence, track.path("confidence").asText(), track::toString);
        double n = successes + failures;
        double seen = successes / n;
        double z2n = 1.96 * 1.96 / n;
        double a = 1 + z2n;
        double b = -(2 * seen + z2n);
        double root = Math.sqrt(b * b - 4 * a * seen * seen);
        assertEquals(
                (-b - root) / (2 * a), track.path("success_interval").get(0).asDouble(), 1e-12);
        assertEquals(
                (-b + root) / (2 * a), track.path("success_interval").get(1).asDouble(), 1e-12);
    }

    private static void assertInterval(JsonNode track, double low, double high) {
        assertEquals(low, track.path("success_interval").get(0).asDouble(), 0.00006, track::toString);
        assertEquals(high, track.path("success_interval").get(1).asDouble(), 0.00006, track::toString);
    }

    private JsonNode learning() {
        return new Shell("report", "learning", directory.toString(), "--json").json();
    }
}

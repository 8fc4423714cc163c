package io.ringfence.tools.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.gateway.config.Names.NameKind;
import io.ringfence.gateway.replay.RecordedDecision;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.CommandKind;
import io.ringfence.tools.Json;
import io.ringfence.tools.Page;
import io.ringfence.tools.evaluation.SuccessRate;
import io.ringfence.tools.journal.JournalReport;
import io.ringfence.tools.journal.OutcomeLog;
import io.ringfence.tools.journal.OutcomeLog.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** Shows what the outcomes of a journal say about tiers and candidates, and where another tier acted than was sampled. */
@Command(
        name = "learning",
        description = {
            "Show what the outcomes of a journal say about the tiers of each use case and about each candidate, and on how many"
                    + " admitted requests another tier acted than the sampled one, which gave the floor. An outcome teaches the tier"
                    + " that acted.",
            "Of a decision the last revision counts, once. The interval is Wilson's, at 95 %, of the outcomes that say yes or no"
                    + " to success. Confidence is low below 50 of them; high from 200 on with an interval of at most 10 points of"
                    + " 100; else medium.",
            "The learnt floor of a use case is that of its cheapest tier whose interval, of 50 outcomes or more, begins at the target"
                    + " or above; never below its hard floor. The policy is not changed.",
            "A candidate is below its catalog quality when the 95 % interval of its real quality ends below: of the mean of 50"
                    + " grades or more, else of the success rate of 50 outcomes or more.",
            "Tiers count since their number changed last; candidates since the first record.",
            JournalReport.EXIT_CODES
        },
        footer = {"  ringfence report learning ringfence-data", "  ringfence report learning ringfence-data --json"})
public final class LearningCommand extends JournalReport {
    private final RecordedDecision recorded = new RecordedDecision();
    private final OutcomeLog log = new OutcomeLog();
    private final TierPairs pairs = new TierPairs();
    private final Map<Integer, Map<Integer, QualityTrack>> byTier = new TreeMap<>();
    private final Map<Long, QualityTrack> byCandidate = new TreeMap<>();
    private String difference;

    @Override
    protected void accept(RecordView record) {
        if (record.isPolicyActivation() && history().policy() != null) {
            pairs.activated(record.sequence(), history().policy().adaptive().tierCount());
        }
        if (record.kind() == CommandKind.ADMISSION || record.kind() == CommandKind.ORDER) {
            recorded.read(record, history().policy());
            if (recorded.difference() == null) {
                pairs.accept(recorded.event());
            } else if (difference == null) {
                difference = recorded.difference();
            }
        }
        log.accept(record);
    }

    @Override
    protected String difference() {
        return difference == null ? log.difference() : difference;
    }

    @Override
    protected void conclude(String fault) {
        log.outcomes().stream()
                .collect(Collectors.groupingBy(Outcome::candidateId))
                .forEach((candidateId, outcomes) -> byCandidate.put(candidateId, QualityTrack.of(outcomes)));
        log.outcomes().stream()
                .filter(outcome -> outcome.decision() > pairs.since() && outcome.tier() < pairs.tierCount())
                .collect(Collectors.groupingBy(Outcome::useCase, Collectors.groupingBy(Outcome::tier)))
                .forEach((useCase, tiers) -> {
                    Map<Integer, QualityTrack> tracks = new TreeMap<>();
                    tiers.forEach((tier, outcomes) -> tracks.put(tier, QualityTrack.of(outcomes)));
                    byTier.put(useCase, tracks);
                });
    }

    private List<UseCase> useCases() {
        Policy policy = history().policy();
        return policy == null ? List.of() : policy.adaptive().useCases();
    }

    private Map<Integer, QualityTrack> tracks(UseCase useCase) {
        return byTier.getOrDefault(useCase.code(), Map.of());
    }

    /** The floor that the outcomes of a use case recommend, in bps; null as long as no tier has shown that it reaches the target. */
    private Integer learntFloorBps(UseCase useCase) {
        for (Map.Entry<Integer, QualityTrack> tier : tracks(useCase).entrySet()) {
            if (tier.getValue().reaches(useCase.targetSuccessBps())) {
                return useCase.floorBps(history().policy().tierFloorBps(tier.getKey()));
            }
        }
        return null;
    }

    private Integer catalogQualityBps(long candidateId) {
        Policy policy = history().policy();
        int index = policy == null ? Catalog.NO_INDEX : policy.catalog().indexOf(candidateId);
        return index == Catalog.NO_INDEX
                ? null
                : policy.catalog().candidate(index).qualityBps();
    }

    private boolean isBelowCatalog(long candidateId) {
        Integer catalogBps = catalogQualityBps(candidateId);
        return catalogBps != null && byCandidate.get(candidateId).isBelow(catalogBps);
    }

    private String tier(int tier) {
        return history().name(NameKind.TIER, tier);
    }

    private String useCase(UseCase useCase) {
        return history().name(NameKind.USE_CASE, useCase.code());
    }

    @Override
    protected ObjectNode json() {
        ObjectNode object = Json.object().put("directory", directory().toString());
        Json.unsigned(object, "tiers_since", pairs.since());
        ArrayNode useCases = object.putArray("use_cases");
        for (UseCase useCase : useCases()) {
            ObjectNode node = useCases.addObject()
                    .put("code", useCase.code())
                    .put("name", useCase(useCase))
                    .put("target_success_bps", useCase.targetSuccessBps())
                    .put("hard_floor_bps", useCase.hardFloorBps())
                    .put("policy_floor_bps", useCase.floorBps(useCase.recommendedFloorBps(0, 0)))
                    .put("learnt_floor_bps", learntFloorBps(useCase));
            ArrayNode tiers = node.putArray("tiers");
            tracks(useCase)
                    .forEach((tier, track) -> put(
                            track,
                            tiers.addObject()
                                    .put("tier", tier)
                                    .put("name", tier(tier))
                                    .put("floor_bps", history().policy().tierFloorBps(tier))));
            ArrayNode sampled = node.putArray("sampled_and_acted");
            pairs.of(useCase.code())
                    .forEach((pair, count) -> sampled.addObject()
                            .put("sampled", pair.sampled())
                            .put("sampled_name", tier(pair.sampled()))
                            .put("acted", pair.acted())
                            .put("acted_name", tier(pair.acted()))
                            .put("agree", pair.isEqual())
                            .put("decisions", count));
        }
        ArrayNode candidates = object.putArray("candidates");
        byCandidate.forEach((id, track) -> {
            ObjectNode node = candidates
                    .addObject()
                    .put("id", id)
                    .put("name", history().name(NameKind.CANDIDATE, id))
                    .put("catalog_quality_bps", catalogQualityBps(id));
            put(track, node);
            node.put("measured_by", track.measure().name().toLowerCase(Locale.ROOT));
            putNumber(node, "quality_bps", track.qualityBps());
            putNumber(node, "quality_high_bps", track.highBps());
            node.put("below_catalog", isBelowCatalog(id));
        });
        return object;
    }

    private static void put(QualityTrack track, ObjectNode node) {
        SuccessRate successes = track.successes();
        node.put("outcomes", track.outcomes())
                .put("successes", successes.successes())
                .put("failures", successes.trials() - successes.successes())
                .put("graded", track.graded());
        putNumber(node, "success_rate", successes.rate());
        ArrayNode interval = node.putArray("success_interval");
        if (successes.trials() > 0) {
            interval.add(successes.low()).add(successes.high());
        }
        node.put("confidence", track.confidence().name().toLowerCase(Locale.ROOT));
    }

    /** Null for what is not a number. */
    private static void putNumber(ObjectNode node, String name, double value) {
        node.put(name, Double.isNaN(value) ? null : (Double) value);
    }

    @Override
    protected void print(Page page) {
        printTiers(page);
        printPairs(page);
        printCandidates(page);
    }

    private void printTiers(Page page) {
        page.line(
                "%s: %,d outcomes of acts that have ended",
                directory(), log.outcomes().size());
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("use case", "tier", "outcomes", "success", "95 %", "confidence", "target", "learnt floor"));
        for (UseCase useCase : useCases()) {
            Integer floorBps = learntFloorBps(useCase);
            tracks(useCase)
                    .forEach((tier, track) -> rows.add(List.of(
                            useCase(useCase),
                            tier(tier),
                            Long.toString(track.outcomes()),
                            rate(track.successes()),
                            interval(track.successes()),
                            track.confidence().name().toLowerCase(Locale.ROOT),
                            Integer.toString(useCase.targetSuccessBps()),
                            floorBps == null ? "-" : floorBps.toString())));
        }
        if (rows.size() > 1) {
            page.line("");
            page.table(rows);
        }
    }

    private void printPairs(Page page) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("use case", "sampled", "acted", "decisions"));
        long all = 0;
        long differing = 0;
        for (UseCase useCase : useCases()) {
            for (Map.Entry<TierPairs.Pair, Long> entry :
                    pairs.of(useCase.code()).entrySet()) {
                all += entry.getValue();
                if (!entry.getKey().isEqual()) {
                    differing += entry.getValue();
                    rows.add(List.of(
                            useCase(useCase),
                            tier(entry.getKey().sampled()),
                            tier(entry.getKey().acted()),
                            entry.getValue().toString()));
                }
            }
        }
        page.line("");
        page.line("%,d admitted with a sampled tier, on %,d another tier acted", all, differing);
        if (rows.size() > 1) {
            page.table(rows);
        }
    }

    private void printCandidates(Page page) {
        if (byCandidate.isEmpty()) {
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("candidate", "catalog", "real", "by", "outcomes", "success", "95 %", "confidence"));
        byCandidate.forEach((id, track) -> rows.add(List.of(
                history().name(NameKind.CANDIDATE, id),
                catalogQualityBps(id) == null ? "-" : catalogQualityBps(id).toString(),
                bps(track.qualityBps()),
                track.measure().name().toLowerCase(Locale.ROOT),
                Long.toString(track.outcomes()),
                rate(track.successes()),
                interval(track.successes()),
                track.confidence().name().toLowerCase(Locale.ROOT))));
        page.line("");
        page.table(rows);
        page.line("");
        byCandidate.forEach((id, track) -> {
            if (isBelowCatalog(id)) {
                page.text(
                        "  ",
                        "%s is below its catalog quality: %s bps by %s, at most %s, where the policy says %d.",
                        history().name(NameKind.CANDIDATE, id),
                        bps(track.qualityBps()),
                        track.measure().name().toLowerCase(Locale.ROOT),
                        bps(track.highBps()),
                        catalogQualityBps(id));
            }
        });
        page.text("", "Qualities, targets and floors in bps.");
    }

    private static String bps(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.0f", value);
    }

    private static String rate(SuccessRate successes) {
        return successes.trials() == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * successes.rate());
    }

    private static String interval(SuccessRate successes) {
        return successes.trials() == 0
                ? "-"
                : String.format(Locale.ROOT, "%.1f-%.1f", 100 * successes.low(), 100 * successes.high());
    }
}

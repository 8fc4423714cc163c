package io.ringfence.tools.journal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.engine.policy.Policy;
import io.ringfence.gateway.config.Names.NameKind;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.Tristate;
import io.ringfence.tools.Json;
import io.ringfence.tools.Page;
import io.ringfence.tools.evaluation.GradeSummary;
import io.ringfence.tools.evaluation.SuccessRate;
import io.ringfence.tools.journal.OutcomeLog.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the quality that candidates really had, by the outcomes of a journal, beside the quality that the policy gives them. */
@Command(
        name = "calibrate",
        description = {
            "Show the quality that candidates really had, from the graded outcomes of a journal alone, beside the quality that the"
                    + " policy in force at its end gives them. Changes nothing.",
            "--propose FILE writes the text of that policy with the means in place of the qualities, for a person to review and"
                    + " then policy activate: of candidates with 200 grades or more whose quality lies outside of the 95 % interval"
                    + " of the mean. Epochs are raised; comments at its head say what changes. It is not written if policy"
                    + " check would warn of something new.",
            "Of a decision the last revision counts. Below 200 grades only counts are shown: of all, and of each candidate."
                    + " The band is the 5th to the 95th percentile of the grades; the interval of the success rate is Wilson's, at 95 %.",
            JournalReport.EXIT_CODES
        },
        footer = {
            "  ringfence calibrate ringfence-data --json",
            "  ringfence calibrate ringfence-data --propose measured.yaml"
        })
public final class CalibrateCommand extends JournalReport {
    /**
     * Outcomes of one candidate, or of all.
     *
     * @param grades null where there are too few.
     */
    private record Line(long graded, long ungraded, GradeSummary grades, SuccessRate successes) {
        static Line of(Collection<Outcome> outcomes) {
            int[] grades = outcomes.stream()
                    .filter(Outcome::isGraded)
                    .mapToInt(Outcome::qualityBps)
                    .toArray();
            long yes = outcomes.stream()
                    .filter(outcome -> outcome.success() == Tristate.YES)
                    .count();
            long no = outcomes.stream()
                    .filter(outcome -> outcome.success() == Tristate.NO)
                    .count();
            return new Line(
                    grades.length,
                    outcomes.size() - grades.length,
                    grades.length < GradeSummary.COUNT_MIN ? null : GradeSummary.of(grades),
                    new SuccessRate(yes, yes + no));
        }

        /** Share of the outcomes that were graded; null without outcomes. */
        Double coverage() {
            return graded + ungraded == 0 ? null : (double) graded / (graded + ungraded);
        }
    }

    @Option(
            names = "--propose",
            paramLabel = "FILE",
            description = "Write a changed policy there; it must not exist yet.")
    private Path proposed;

    private final OutcomeLog log = new OutcomeLog();
    private final Map<Long, Line> byCandidate = new TreeMap<>();
    private Line all;
    private long lastSequence;
    private PolicyProposal proposal;
    private String failure;

    @Override
    protected void check() {
        if (proposed != null) {
            PolicyProposal.requireFree(proposed);
        }
    }

    @Override
    protected void accept(RecordView record) {
        log.accept(record);
        lastSequence = record.sequence();
    }

    @Override
    protected String difference() {
        return log.difference();
    }

    @Override
    protected void conclude(String fault) {
        log.outcomes().stream()
                .collect(Collectors.groupingBy(Outcome::candidateId))
                .forEach((candidateId, outcomes) -> byCandidate.put(candidateId, Line.of(outcomes)));
        all = Line.of(log.outcomes());
        if (proposed != null) {
            propose(fault);
        }
    }

    private void propose(String fault) {
        if (fault != null || history().policy() == null) {
            failure = proposed + ": not written: "
                    + (fault == null ? "the journal has no policy" : "the journal is damaged");
            return;
        }
        Map<Long, GradeSummary> measured = new TreeMap<>();
        byCandidate.forEach((candidateId, line) -> {
            if (line.grades() != null) {
                measured.put(candidateId, line.grades());
            }
        });
        PolicyProposal of = new PolicyProposal(history(), measured);
        if (of.changes().isEmpty()) {
            proposal = of;
            return;
        }
        try {
            of.write(proposed, lastSequence);
            proposal = of;
        } catch (PolicyProposal.RefusedException refused) {
            failure = proposed + ": not written: " + refused.getMessage();
        }
    }

    @Override
    protected String failure() {
        return failure;
    }

    /** Quality that the policy in force gives a candidate, in bps; null for one that it does not have. */
    private Integer catalogQualityBps(long candidateId) {
        Policy policy = history().policy();
        int index = policy == null ? Catalog.NO_INDEX : policy.catalog().indexOf(candidateId);
        return index == Catalog.NO_INDEX
                ? null
                : policy.catalog().candidate(index).qualityBps();
    }

    private boolean isBelowCatalog(long candidateId, Line line) {
        Integer catalogBps = catalogQualityBps(candidateId);
        return catalogBps != null && line.grades() != null && line.grades().isBelow(catalogBps);
    }

    private long candidatesWithGrades() {
        return byCandidate.values().stream().filter(line -> line.graded() > 0).count();
    }

    @Override
    protected ObjectNode json() {
        ObjectNode object = json(all, Json.object());
        object.put("candidates_with_grades", candidatesWithGrades());
        ArrayNode candidates = object.putArray("candidates");
        byCandidate.forEach((candidateId, line) -> json(
                line,
                candidates
                        .addObject()
                        .put("id", candidateId)
                        .put("name", history().name(NameKind.CANDIDATE, candidateId))
                        .put("catalog_quality_bps", catalogQualityBps(candidateId))
                        .put("below_catalog", isBelowCatalog(candidateId, line))));
        if (proposal != null) {
            putProposal(object.putObject("proposal"));
        }
        return object;
    }

    private void putProposal(ObjectNode object) {
        boolean isWritten = !proposal.changes().isEmpty();
        object.put("file", isWritten ? proposed.toString() : null).put("epoch", isWritten ? proposal.epoch() : null);
        ArrayNode list = object.putArray("changes");
        proposal.changes()
                .forEach(change -> list.addObject()
                        .put("id", change.candidate().id())
                        .put(
                                "name",
                                history()
                                        .name(
                                                NameKind.CANDIDATE,
                                                change.candidate().id()))
                        .put("quality_bps", change.fromBps())
                        .put("proposed_quality_bps", change.toBps()));
    }

    private static ObjectNode json(Line line, ObjectNode object) {
        object.put("graded", line.graded()).put("ungraded", line.ungraded()).put("coverage", line.coverage());
        GradeSummary grades = line.grades();
        object.put("mean_bps", grades == null ? null : grades.mean())
                .put("p5_bps", grades == null ? null : grades.low())
                .put("p95_bps", grades == null ? null : grades.high());
        SuccessRate successes = line.successes();
        object.put("successes", successes.successes()).put("failures", successes.trials() - successes.successes());
        ArrayNode interval = object.putArray("success_interval");
        if (grades != null && successes.trials() > 0) {
            interval.add(successes.low()).add(successes.high());
        }
        return object;
    }

    @Override
    protected void print(Page page) {
        page.line(
                "%s: %,d outcomes of acts that have ended, %,d of them graded%s",
                directory(),
                all.graded() + all.ungraded(),
                all.graded(),
                all.coverage() == null ? "" : String.format(Locale.ROOT, " (%.1f %%)", 100 * all.coverage()));
        page.line("%d candidates with grades%s", candidatesWithGrades(), ofAll(all.grades()));
        if (!byCandidate.isEmpty()) {
            printCandidates(page);
        }
        if (proposal != null) {
            printProposal(page);
        }
    }

    private void printProposal(Page page) {
        page.line("");
        if (proposal.changes().isEmpty()) {
            page.text("", "Nothing to propose: %s is not written.", proposed);
            return;
        }
        page.text("", "%s has epoch %s, and changes:", proposed, Long.toUnsignedString(proposal.epoch()));
        proposal.changes().forEach(change -> page.text("  ", "%s", proposal.text(change)));
        page.text("", "It is not in force: review it, then ringfence policy activate %s --why TEXT.", proposed);
    }

    private void printCandidates(Page page) {
        page.line("");
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("candidate", "policy", "mean", "band", "graded", "not", "success", ""));
        byCandidate.forEach((candidateId, line) -> rows.add(row(candidateId, line)));
        page.table(rows);
        page.line("");
        page.text("", "Qualities in bps. Only counts are shown of fewer than %d grades.", GradeSummary.COUNT_MIN);
    }

    private static String ofAll(GradeSummary grades) {
        return grades == null
                ? ""
                : String.format(
                        Locale.ROOT, "; mean %.0f bps, band %.0f to %.0f", grades.mean(), grades.low(), grades.high());
    }

    private List<String> row(long candidateId, Line line) {
        Integer catalogBps = catalogQualityBps(candidateId);
        GradeSummary grades = line.grades();
        return List.of(
                history().name(NameKind.CANDIDATE, candidateId),
                catalogBps == null ? "-" : catalogBps.toString(),
                grades == null ? "-" : String.format(Locale.ROOT, "%.0f", grades.mean()),
                grades == null ? "-" : String.format(Locale.ROOT, "%.0f-%.0f", grades.low(), grades.high()),
                Long.toString(line.graded()),
                Long.toString(line.ungraded()),
                grades == null ? "-" : success(line.successes()),
                isBelowCatalog(candidateId, line) ? "below policy" : "");
    }

    private static String success(SuccessRate successes) {
        return successes.trials() == 0
                ? "-"
                : String.format(Locale.ROOT, "%.1f-%.1f %%", 100 * successes.low(), 100 * successes.high());
    }
}

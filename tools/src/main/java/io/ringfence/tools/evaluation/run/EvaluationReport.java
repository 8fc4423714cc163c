package io.ringfence.tools.evaluation.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.tools.Json;
import io.ringfence.tools.Page;
import io.ringfence.tools.evaluation.data.Mapping;
import io.ringfence.tools.evaluation.run.Evaluation.Sample;
import io.ringfence.tools.journal.ReplayCommand;
import io.ringfence.tools.journal.VerifyCommand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What an evaluation found: as one JSON object, and as tables for people. */
public final class EvaluationReport {
    private static final List<String> FOLLOWED =
            List.of(Evaluation.RINGFENCE, "greedy", "epsilon_greedy", "ucb1", "oracle");
    private static final double[] SHARES = {0.05, 0.1, 0.2, 0.3, 0.5, 0.8};

    private final Evaluation evaluation;
    private final List<CurveStudy.Curve> curves;
    private final List<OffPolicyStudy.Direction> offPolicy;
    private final int seeds;

    /**
     * Runs what is beside the policies: curves, and estimates from logs.
     *
     * @param evaluation that has run its seeds.
     * @param seeds      how many.
     * @param offPolicy  estimates of the set's logs; empty for none.
     */
    public EvaluationReport(Evaluation evaluation, int seeds, List<OffPolicyStudy.Direction> offPolicy) {
        this.evaluation = evaluation;
        this.seeds = seeds;
        this.offPolicy = offPolicy;
        this.curves = CurveStudy.run(evaluation, seeds);
    }

    List<CurveStudy.Curve> curves() {
        return curves;
    }

    Evaluation evaluation() {
        return evaluation;
    }

    /** Did every journal verify and replay to equal states, without an error? */
    public boolean isOk() {
        return evaluation.runs().stream().allMatch(EngineRun.Result::isOk);
    }

    private long errors() {
        return evaluation.runs().stream().mapToLong(EngineRun.Result::errors).sum();
    }

    private EngineRun.Result shown() {
        return evaluation.runs().stream()
                .filter(run -> !run.isOk())
                .findFirst()
                .orElse(evaluation.runs().get(evaluation.runs().size() - 1));
    }

    private long engineRecords() {
        return evaluation.runs().stream()
                .mapToLong(run -> run.replayed().records())
                .sum();
    }

    private static Interval quality(List<Sample> samples) {
        return Interval.of(
                samples.stream().mapToDouble(sample -> sample.tally().quality()).toArray(),
                samples.get(0).tally().qualityHalf());
    }

    private static Interval cost(List<Sample> samples) {
        return Interval.of(
                samples.stream().mapToDouble(sample -> sample.tally().cost()).toArray(),
                samples.get(0).tally().costHalf());
    }

    private static Interval advantage(List<Sample> samples) {
        return Interval.of(
                samples.stream().mapToDouble(Sample::advantage).toArray(),
                samples.get(0).tally().qualityHalf());
    }

    /**
     * Mean cost of a policy that is mixed at random with always_best or always_cheapest until it is as good as the engine; not a number when
     * that cannot be.
     */
    private double costAtEqualQuality(String name) {
        double wanted = quality(evaluation.samples().get(Evaluation.RINGFENCE)).mean();
        double ownQuality = quality(evaluation.samples().get(name)).mean();
        double ownCost = cost(evaluation.samples().get(name)).mean();
        List<Sample> other = evaluation.samples().get(ownQuality >= wanted ? "always_cheapest" : "always_best");
        double otherQuality = quality(other).mean();
        if (ownQuality == wanted || ownQuality > wanted && otherQuality >= wanted) {
            return ownQuality == wanted
                    ? ownCost
                    : Math.min(ownCost, cost(other).mean());
        }
        if (ownQuality < wanted && otherQuality < wanted) {
            return Double.NaN;
        }
        double part = (wanted - ownQuality) / (otherQuality - ownQuality);
        return ownCost + part * (cost(other).mean() - ownCost);
    }

    private static double utility(List<Sample> samples) {
        return samples.stream().mapToDouble(Sample::utility).average().orElseThrow();
    }

    private static double[] tenths(List<Sample> samples) {
        double[] means = new double[Tally.PARTS];
        for (Sample sample : samples) {
            double[] utilities = sample.tally().utilities(sample.price());
            for (int part = 0; part < means.length; part++) {
                means[part] += utilities[part] / samples.size();
            }
        }
        return means;
    }

    /** Do rows have an order, and does each count? */
    private boolean isInOrder() {
        Mapping mapping = evaluation.set().mapping();
        return !mapping.rows().isShuffled() && mapping.logged().isEmpty();
    }

    /** The object of {@code evaluate}. */
    public ObjectNode json() {
        Mapping mapping = evaluation.set().mapping();
        ObjectNode object = Json.object()
                .put("set", mapping.name())
                .put("records", evaluation.rows())
                .put("errors", errors())
                .put("seeds", seeds)
                .put("engine_configuration_sha256", evaluation.files().sha256())
                .put("mapping_sha256", mapping.sha256())
                .put("stream", evaluation.options().stream().isEmpty() ? null : evaluation.options().stream())
                .put("labels_shuffled", evaluation.options().isShuffled());
        ObjectNode policies = object.putObject("policies");
        evaluation.samples().forEach((name, samples) -> {
            ObjectNode policy = policies.putObject(name);
            finite(policy, "quality", quality(samples).mean());
            finite(policy, "cost", cost(samples).mean());
            interval(policy, "quality_ci", quality(samples));
            interval(policy, "cost_ci", cost(samples));
            finite(policy, "advantage", advantage(samples).mean());
            interval(policy, "advantage_ci", advantage(samples));
            finite(policy, "cost_at_equal_quality", costAtEqualQuality(name));
            finite(policy, "utility", utility(samples));
            if (isInOrder()) {
                ArrayNode parts = policy.putArray("utility_by_tenth");
                Arrays.stream(tenths(samples)).forEach(part -> parts.add(Double.isFinite(part) ? part : null));
            }
            policy.put(
                    "rejected",
                    samples.stream()
                            .mapToLong(sample -> sample.tally().rejected())
                            .sum());
        });
        object.put("explored_share", evaluation.exploredShare());
        object.set("verify", VerifyCommand.json(shown().verified()));
        object.set("replay", ReplayCommand.json(shown().replayed()));
        object.put("journals", evaluation.runs().size()).put("journal_records", engineRecords());
        object.put(
                "first_error",
                evaluation.runs().stream()
                        .map(EngineRun.Result::firstError)
                        .filter(error -> error != null)
                        .findFirst()
                        .orElse(null));
        putCurves(object);
        if (!offPolicy.isEmpty()) {
            ArrayNode directions = object.putArray("off_policy");
            offPolicy.forEach(direction -> direction.putInto(directions.addObject()));
        }
        return object;
    }

    private void putCurves(ObjectNode object) {
        if (curves.isEmpty()) {
            return;
        }
        ArrayNode array = object.putArray("curves");
        for (CurveStudy.Curve curve : curves) {
            ObjectNode node = array.addObject()
                    .put("stream", curve.stream())
                    .put("seeds", curve.seeds())
                    .put("failing", curve.failing());
            ArrayNode points = node.putArray("points");
            curve.points()
                    .forEach(point -> points.addObject()
                            .put("worth", point.worth())
                            .put("share", point.share())
                            .put("quality", point.quality())
                            .put("cost", point.cost())
                            .put("missed", point.missed())
                            .put("bound", point.bound()));
            ArrayNode atShares = node.putArray("at_shares");
            for (double share : curve.isCertain() ? SHARES : new double[0]) {
                Interval missed = curve.missedAt(share);
                ObjectNode at = atShares.addObject().put("share", share).put("missed", missed.mean());
                interval(at, "missed_ci", missed);
                at.put("bound", curve.boundAt(share)).put("random", 1 - share);
            }
        }
    }

    private static void interval(ObjectNode object, String name, Interval interval) {
        ArrayNode ends = object.putArray(name);
        if (Double.isFinite(interval.mean())) {
            ends.add(interval.low()).add(interval.high());
        }
    }

    /** Puts null for what cannot be said, as of a policy that chose no logged arm. */
    private static void finite(ObjectNode object, String name, double value) {
        object.put(name, Double.isFinite(value) ? value : null);
    }

    /** Prints for a person. */
    public void print(Page page) {
        Mapping mapping = evaluation.set().mapping();
        page.text("", "%s: %s", mapping.name(), mapping.about());
        page.line(
                "%,d records decided, %d seeds, %,d errors, %,d rejected",
                evaluation.rows(),
                seeds,
                errors(),
                evaluation.samples().get(Evaluation.RINGFENCE).stream()
                        .mapToLong(sample -> sample.tally().rejected())
                        .sum());
        page.line("");
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("policy", "quality", "+-", "cost", "+-", "at = quality", "advantage", "utility"));
        evaluation
                .samples()
                .forEach((name, samples) -> rows.add(List.of(
                        name,
                        number(100 * quality(samples).mean(), "%.2f"),
                        number(100 * (quality(samples).high() - quality(samples).mean()), "%.2f"),
                        number(cost(samples).mean(), "%.6f"),
                        number(cost(samples).high() - cost(samples).mean(), "%.6f"),
                        number(costAtEqualQuality(name), "%.6f"),
                        number(100 * advantage(samples).mean(), "%+.2f"),
                        number(100 * utility(samples), "%.2f"))));
        page.table(rows);
        printTenths(page);
        page.line("");
        page.text(
                "",
                "Quality and advantage in points of 100. At = quality: cost when mixed with always_best or"
                        + " always_cheapest to the engine's quality. Advantage: quality above the best mixture of arms, at"
                        + " the same cost, that looks at no request; with shuffled labels there must be none. Utility: quality less"
                        + " what the cost is worth.");
        curves.forEach(curve -> print(page, curve));
        if (!offPolicy.isEmpty()) {
            page.line("");
            OffPolicyStudy.print(page, offPolicy);
        }
        page.line("");
        page.line(
                "%d journals, %,d records: %s",
                evaluation.runs().size(),
                engineRecords(),
                isOk() ? "all verified and replayed to equal states" : "NOT all sound");
        page.line("explored on %.1f %% of the rows", 100 * evaluation.exploredShare());
        page.line("engine configuration %s", evaluation.files().sha256());
        page.line("mapping              %s", mapping.sha256());
    }

    /** Where rows have an order, it shows how policies follow what changes. */
    private void printTenths(Page page) {
        if (!isInOrder()) {
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(new ArrayList<>(List.of("utility by tenth")));
        for (int part = 1; part <= Tally.PARTS; part++) {
            rows.get(0).add(String.valueOf(part));
        }
        for (String name : FOLLOWED) {
            List<String> row = new ArrayList<>(List.of(name));
            for (double utility : tenths(evaluation.samples().get(name))) {
                row.add(number(100 * utility, "%.1f"));
            }
            rows.add(row);
        }
        page.line("");
        page.table(rows);
    }

    private static void print(Page page, CurveStudy.Curve curve) {
        page.line("");
        if (!curve.isCertain()) {
            printWorths(page, curve);
            return;
        }
        page.line(
                "Failures of the cheapest arm that are left, %s: %.1f %% fail, %d seeds",
                curve.stream(), 100 * curve.failing(), curve.seeds());
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("share of rows", "left", "+-", "bound", "random"));
        for (double share : SHARES) {
            Interval missed = curve.missedAt(share);
            rows.add(List.of(
                    number(100 * share, "%.0f %%"),
                    number(100 * missed.mean(), "%.1f %%"),
                    number(100 * (missed.high() - missed.mean()), "%.1f"),
                    number(100 * curve.boundAt(share), "%.1f %%"),
                    number(100 * (1 - share), "%.1f %%")));
        }
        page.table(rows);
        page.line("");
        rows.clear();
        rows.add(List.of("worth", "share of rows", "left", "bound"));
        for (CurveStudy.Point point : curve.points()) {
            rows.add(List.of(
                    number(point.worth(), "%.2f"),
                    number(100 * point.share(), "%.2f %%"),
                    number(100 * point.missed(), "%.2f %%"),
                    number(100 * point.bound(), "%.2f %%")));
        }
        page.table(rows);
    }

    private static void printWorths(Page page, CurveStudy.Curve curve) {
        page.line(
                "The engine by what a success is worth, in costs of the best arm, %s, %d seeds",
                curve.stream(), curve.seeds());
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("worth", "share of the arm", "quality", "cost"));
        for (CurveStudy.Point point : curve.points()) {
            rows.add(List.of(
                    number(point.worth(), "%.2f"),
                    number(100 * point.share(), "%.1f %%"),
                    number(100 * point.quality(), "%.2f"),
                    number(point.cost(), "%.6f")));
        }
        page.table(rows);
    }

    private static String number(double value, String format) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "-";
    }
}

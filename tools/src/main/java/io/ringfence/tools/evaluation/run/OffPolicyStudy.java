package io.ringfence.tools.evaluation.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.tools.Page;
import io.ringfence.tools.evaluation.OffPolicyEstimate.Warning;
import io.ringfence.tools.evaluation.PolicyValue;
import io.ringfence.tools.evaluation.PolicyValue.Estimate;
import io.ringfence.tools.evaluation.PolicyValue.LoggedChoice;
import io.ringfence.tools.evaluation.data.DataSet;
import io.ringfence.tools.evaluation.data.Mapping.OffPolicyPair;
import io.ringfence.tools.evaluation.data.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Estimates from the log of one policy what another one earned, whose own log tells the truth.
 *
 * <p>The target's probability of an arm in a context is the share of that arm in the acts of its own log: an unbiased estimate of its mean
 * over the time of the log. No reward of that log is read but for the truth. The model of rewards is the mean reward of an arm, drawn towards
 * that of all, of the four fifths of the log that the record is not in.
 */
public final class OffPolicyStudy {
    private static final int FOLDS = 5;
    private static final double SHRINKING = 200;

    /**
     * One estimate beside the truth.
     *
     * @param truth mean reward in the target's own log.
     */
    public record Direction(String name, String from, String to, PolicyValue value, double truth) {
        private static void put(ObjectNode object, String name, Estimate estimate) {
            object.put(name, Double.isFinite(estimate.value()) ? estimate.value() : null);
            ArrayNode ends = object.putArray(name + "_ci");
            if (Double.isFinite(estimate.value())) {
                ends.add(estimate.low()).add(estimate.high());
            }
        }

        /** Width of the doubly robust interval in widths of that of SNIPS. */
        public double widthRatio() {
            return value.dr().width() / value.snips().width();
        }

        void putInto(ObjectNode object) {
            object.put("name", name).put("from", from).put("to", to).put("records", value.records());
            put(object, "ips", value.ips());
            put(object, "snips", value.snips());
            put(object, "dr", value.dr());
            object.put("truth", truth)
                    .put("dr_holds_truth", value.dr().holds(truth))
                    .put("dr_width_by_snips_width", widthRatio())
                    .put("effective_size", value.effectiveSize())
                    .put("max_weight", value.maxWeight())
                    .put("mean_weight", value.meanWeight());
            ArrayNode warnings = object.putArray("warnings");
            value.warnings().forEach(warning -> warnings.add(warning.name().toLowerCase(Locale.ROOT)));
        }
    }

    /** A log in numbers. */
    private record Log(int[] contexts, int[] arms, double[] probabilities, double[] rewards) {
        int length() {
            return arms.length;
        }
    }

    private final Map<String, Integer> contexts = new LinkedHashMap<>();
    private final Map<String, Integer> arms = new LinkedHashMap<>();
    private final OffPolicyPair pair;

    private OffPolicyStudy(OffPolicyPair pair) {
        this.pair = pair;
    }

    /** Estimates every pair of logs in both directions. */
    public static List<Direction> run(List<OffPolicyPair> pairs, Path data) {
        List<Direction> directions = new ArrayList<>();
        for (OffPolicyPair pair : pairs) {
            OffPolicyStudy study = new OffPolicyStudy(pair);
            Log one = study.read(data, pair.one());
            Log other = study.read(data, pair.other());
            directions.add(study.direction(pair.one(), one, pair.other(), other));
            directions.add(study.direction(pair.other(), other, pair.one(), one));
        }
        return directions;
    }

    private Log read(Path data, String file) {
        List<String> columns = new ArrayList<>(pair.context());
        columns.addAll(List.of(pair.arm(), pair.probability(), pair.reward()));
        Table table = DataSet.table(data, file, columns);
        int[] ofContexts = new int[table.rowCount()];
        int[] ofArms = new int[table.rowCount()];
        for (int row = 0; row < ofArms.length; row++) {
            int at = row;
            String context = String.join(
                    "|",
                    pair.context().stream().map(name -> table.text(name, at)).toList());
            ofContexts[row] = contexts.computeIfAbsent(context, absent -> contexts.size());
            ofArms[row] = arms.computeIfAbsent(table.text(pair.arm(), row), absent -> arms.size());
        }
        return new Log(ofContexts, ofArms, table.numbers(pair.probability()), table.numbers(pair.reward()));
    }

    private Direction direction(String from, Log log, String to, Log target) {
        double[][] shares = shares(target);
        double[][] logShares = shares(log);
        double absent = 0;
        double[] ofContext = new double[contexts.size()];
        Arrays.stream(target.contexts()).forEach(context -> ofContext[context] += 1.0 / target.length());
        for (int context = 0; context < shares.length; context++) {
            for (int arm = 0; arm < arms.size(); arm++) {
                absent += logShares[context][arm] == 0 ? ofContext[context] * shares[context][arm] : 0;
            }
        }
        List<LoggedChoice> choices = new ArrayList<>();
        double[][] models =
                IntStream.range(0, FOLDS).mapToObj(fold -> model(log, fold)).toArray(double[][]::new);
        for (int row = 0; row < log.length(); row++) {
            double[] model = models[row % FOLDS];
            double[] share = shares[log.contexts()[row]];
            double ofTarget = IntStream.range(0, arms.size())
                    .mapToDouble(arm -> share[arm] * model[arm])
                    .sum();
            int acted = log.arms()[row];
            choices.add(new LoggedChoice(
                    log.probabilities()[row], share[acted], log.rewards()[row], model[acted], ofTarget));
        }
        double truth = Arrays.stream(target.rewards()).average().orElse(Double.NaN);
        return new Direction(pair.name(), from, to, PolicyValue.of(choices, absent), truth);
    }

    private double[][] shares(Log log) {
        double[][] shares = new double[contexts.size()][arms.size()];
        double[] counts = new double[contexts.size()];
        for (int row = 0; row < log.length(); row++) {
            shares[log.contexts()[row]][log.arms()[row]]++;
            counts[log.contexts()[row]]++;
        }
        for (int context = 0; context < shares.length; context++) {
            double count = Math.max(1, counts[context]);
            for (int arm = 0; arm < arms.size(); arm++) {
                shares[context][arm] /= count;
            }
        }
        return shares;
    }

    /** Mean reward of each arm without one fold. */
    private double[] model(Log log, int leftOut) {
        double[] sums = new double[arms.size()];
        double[] counts = new double[arms.size()];
        double sum = 0;
        double count = 0;
        for (int row = 0; row < log.length(); row++) {
            if (row % FOLDS != leftOut) {
                sums[log.arms()[row]] += log.rewards()[row];
                counts[log.arms()[row]]++;
                sum += log.rewards()[row];
                count++;
            }
        }
        double overall = sum / Math.max(1, count);
        double[] model = new double[arms.size()];
        Arrays.setAll(model, arm -> (sums[arm] + SHRINKING * overall) / (counts[arm] + SHRINKING));
        return model;
    }

    static void print(Page page, List<Direction> directions) {
        page.line("Off-policy estimates, 95 %% intervals");
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("log", "SNIPS", "doubly robust", "truth", "width", "ESS"));
        directions.forEach(direction -> rows.add(List.of(
                direction.name() + ": " + parent(direction.from()) + " -> " + parent(direction.to()),
                text(direction.value().snips()),
                text(direction.value().dr()),
                String.format(Locale.ROOT, "%.5f", direction.truth()),
                String.format(Locale.ROOT, "%.2f", direction.widthRatio()),
                String.format(Locale.ROOT, "%.0f", direction.value().effectiveSize()))));
        page.table(rows);
        page.line("");
        page.text("", "Width: of the doubly robust interval, in widths of that of SNIPS.");
        directions.forEach(direction -> {
            for (Warning warning : direction.value().warnings()) {
                page.line(
                        "%s: %s -> %s: %s",
                        direction.name(),
                        parent(direction.from()),
                        parent(direction.to()),
                        warning.name().toLowerCase(Locale.ROOT).replace('_', ' '));
            }
        });
    }

    /** Logs of two policies lie in folders that are named for them. */
    private static String parent(String file) {
        Path path = Path.of(file);
        return path.getNameCount() > 2 ? path.getName(path.getNameCount() - 3).toString() : file;
    }

    private static String text(Estimate estimate) {
        return String.format(Locale.ROOT, "%.5f +- %.5f", estimate.value(), estimate.width() / 2);
    }
}

package io.ringfence.tools.evaluation.data;

import io.ringfence.tools.evaluation.data.Mapping.Part;
import io.ringfence.tools.evaluation.data.Mapping.Thinning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * One run of a data set, by its seed: which rows train, which are decided in which order, what a request says of each, and what each arm
 * would come to.
 *
 * <p>{@link #useCase}, {@link #riskBps} and {@link #units} are read from what is known before the act; {@link #quality} and {@link #cost}
 * from what is known after it. With shuffled labels the outcomes of a row, of all arms together, are those of another row. Immutable.
 */
public final class Trial {
    private static final int REGIME_BPS = 2_500;

    private final DataSet set;
    private final int[] training;
    private final int[] rows;
    private final int[] outcomeRow;
    private final double[][] qualities;
    private final int[] useCases;
    private final int[] risks;
    private final double[] units;
    private final int useCaseCount;
    private final ArmMeans means;

    /**
     * What a trial may vary.
     *
     * @param seed       of order, training rows and shuffled labels.
     * @param stream     name of a thinned stream; empty: the set as it is.
     * @param isShuffled are labels to be shuffled?
     * @param limit      most rows to decide.
     */
    public record Options(long seed, String stream, boolean isShuffled, int limit) {}

    /** Prepares a run. */
    public Trial(DataSet set, Options options) {
        this.set = set;
        Random random = new Random(options.seed());
        Mapping mapping = set.mapping();
        List<Integer> ordered = new ArrayList<>();
        for (int row : thinned(options, random)) {
            ordered.add(row);
        }
        if (mapping.rows().isShuffled()) {
            Collections.shuffle(ordered, random);
        }
        int trainingCount = (int) Math.min(
                mapping.rows().trainingMost(),
                (long) ordered.size() * mapping.rows().trainingBps() / 10_000);
        boolean[] isTraining = new boolean[ordered.size()];
        if (mapping.rows().isTrainedFirst()) {
            Arrays.fill(isTraining, 0, trainingCount, true);
        } else {
            List<Integer> places = new ArrayList<>();
            for (int place = 0; place < ordered.size(); place++) {
                places.add(place);
            }
            Collections.shuffle(places, random);
            places.subList(0, trainingCount).forEach(place -> isTraining[place] = true);
        }
        training = pick(ordered, isTraining, true, Integer.MAX_VALUE);
        rows = pick(ordered, isTraining, false, options.limit());
        outcomeRow = outcomeRows(options, random);
        qualities = new double[mapping.arms().size()][];
        Arrays.setAll(qualities, arm -> set.quality(arm, training));
        means = ArmMeans.of(this, training);
        mapping.fit()
                .ifPresent(fit -> set.table()
                        .add(
                                Mapping.FITTED_RISK,
                                RiskFit.scores(set.table(), fit, training, fallsShort(fit.reference()))));
        useCases = new int[set.table().rowCount()];
        int count = 1;
        for (Part part : mapping.useCase()) {
            int[] kinds = Bands.of(set.table(), part, training);
            Arrays.setAll(useCases, row -> useCases[row] * part.size() + kinds[row]);
            count *= part.size();
        }
        useCaseCount = count;
        risks = mapping.risk()
                .map(part -> Bands.of(set.table(), part, training))
                .orElseGet(() -> new int[set.table().rowCount()]);
        units = mapping.units()
                .map(of -> Arrays.stream(set.table().numbers(of.column()))
                        .map(number -> number / of.per())
                        .toArray())
                .orElse(null);
    }

    private int[] thinned(Options options, Random random) {
        if (options.stream().isEmpty()) {
            return set.rows();
        }
        Thinning thinning = set.mapping().streams().get(options.stream());
        Map<String, List<Integer>> others = new TreeMap<>();
        int keptCount = 0;
        for (int row : set.rows()) {
            String kind = set.table().text(thinning.column(), row);
            if (kind.equals(thinning.keep())) {
                keptCount++;
            } else {
                others.computeIfAbsent(kind, absent -> new ArrayList<>()).add(row);
            }
        }
        int otherCount = set.rows().length - keptCount;
        double share = Math.min(
                1.0,
                (double) thinning.shareBps() / (10_000 - thinning.shareBps()) * keptCount / Math.max(1, otherCount));
        boolean[] isLeft = new boolean[set.table().rowCount()];
        others.values().forEach(kind -> {
            Collections.shuffle(kind, random);
            kind.subList(0, Math.max(1, (int) Math.round(share * kind.size()))).forEach(row -> isLeft[row] = true);
        });
        return Arrays.stream(set.rows())
                .filter(row ->
                        isLeft[row] || set.table().text(thinning.column(), row).equals(thinning.keep()))
                .toArray();
    }

    private static int[] pick(List<Integer> ordered, boolean[] isTraining, boolean wanted, int most) {
        int[] picked = new int[ordered.size()];
        int count = 0;
        for (int place = 0; place < ordered.size() && count < most; place++) {
            if (isTraining[place] == wanted) {
                picked[count++] = ordered.get(place);
            }
        }
        return Arrays.copyOf(picked, count);
    }

    private int[] outcomeRows(Options options, Random random) {
        int[] of = new int[set.table().rowCount()];
        Arrays.setAll(of, row -> row);
        if (options.isShuffled()) {
            List<Integer> used = new ArrayList<>();
            Arrays.stream(training).forEach(used::add);
            Arrays.stream(rows).forEach(used::add);
            List<Integer> others = new ArrayList<>(used);
            Collections.shuffle(others, random);
            for (int i = 0; i < used.size(); i++) {
                of[used.get(i)] = others.get(i);
            }
        }
        return of;
    }

    /** Does the best arm of the training rows do better than the reference arm? */
    private boolean[] fallsShort(String reference) {
        int arm = set.mapping().armNamed(reference);
        boolean[] isShort = new boolean[set.table().rowCount()];
        for (int row : training) {
            isShort[row] = quality(means.best(), row) > quality(arm, row);
        }
        return isShort;
    }

    /** The mapping by which it was prepared. */
    public Mapping mapping() {
        return set.mapping();
    }

    /** Number of arms. */
    public int armCount() {
        return qualities.length;
    }

    /** Rows for priors, in the order in which they are learnt. Not to be changed. */
    public int[] training() {
        return training;
    }

    /** Rows to decide, in order. Not to be changed. */
    public int[] rows() {
        return rows;
    }

    /** What the training rows say of each arm. */
    public ArmMeans means() {
        return means;
    }

    /** Use cases that there may be: codes are below this. */
    public int useCaseCount() {
        return useCaseCount;
    }

    /** Use case of the request that a row becomes. */
    public int useCase(int row) {
        return useCases[row];
    }

    /** Its risk: the middle of a quartile, so that each band of the mapping has a regime of its own. */
    public int riskBps(int row) {
        return risks[row] * REGIME_BPS + REGIME_BPS / 2;
    }

    /** Its size in units; 1 where the mapping names none. */
    public double units(int row) {
        return units == null ? 1 : units[row];
    }

    /** Mean size of the training rows. */
    public double meanUnits() {
        return Arrays.stream(training).mapToDouble(this::units).average().orElse(1);
    }

    /** Quality of an arm's act on a row, 0 to 1; not a number where nobody knows. */
    public double quality(int arm, int row) {
        return qualities[arm][outcomeRow[row]];
    }

    /** Cost of an arm's act on a row, in currency units. */
    public double cost(int arm, int row) {
        return set.cost(arm)[outcomeRow[row]];
    }

    /** The arm that was chosen when the row was logged; empty where all outcomes are known. */
    public Optional<Integer> loggedArm(int row) {
        return set.mapping().logged().map(logged -> {
            for (int arm = 0; arm < qualities.length; arm++) {
                if (!Double.isNaN(quality(arm, row))) {
                    return arm;
                }
            }
            return -1;
        });
    }
}

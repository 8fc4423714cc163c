package io.ringfence.tools.evaluation.run;

import io.ringfence.tools.evaluation.data.ArmMeans;
import io.ringfence.tools.evaluation.data.Trial;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A policy that the engine is compared with. It sees what the engine sees of a request, use case and regime, and learns from the same
 * outcomes, those of the training rows first.
 *
 * <p>Those that weigh cost against quality maximise {@code quality - price x cost}, where {@code 1 / price} is what a success is worth.
 */
abstract class Chooser {
    private static final double EPSILON = 0.1;
    private static final int REGIMES = 4;

    /** The arm to act. */
    abstract int choose(int row);

    /** Learns what an arm came to on a row. */
    void learn(int row, int arm, double quality, double cost) {}

    /** The baselines by the names under which reports show them. */
    static Map<String, Chooser> baselines(Trial trial, long seed) {
        ArmMeans means = trial.means();
        double price = price(trial);
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Chooser> choosers = new LinkedHashMap<>();
        choosers.put("always_best", always(means.best()));
        choosers.put("always_cheapest", always(means.cheapest()));
        SplittableRandom uniform = random.split();
        choosers.put("random", of(row -> uniform.nextInt(trial.armCount())));
        choosers.put("greedy", new Learner(trial, price, 0, false, random.split()));
        choosers.put("epsilon_greedy", new Learner(trial, price, EPSILON, false, random.split()));
        choosers.put("ucb1", new Learner(trial, price, 0, true, random.split()));
        choosers.put("oracle", of(row -> bestOf(trial, row)));
        return choosers;
    }

    /** What a unit of cost is worth, in successes: one by the mapping's worth is the cost of the best arm. */
    static double price(Trial trial) {
        ArmMeans means = trial.means();
        return 1 / trial.mapping().worth() / means.costs()[means.best()];
    }

    private interface Choice {
        int arm(int row);
    }

    private static Chooser of(Choice choice) {
        return new Chooser() {
            @Override
            int choose(int row) {
                return choice.arm(row);
            }
        };
    }

    static Chooser always(int arm) {
        return of(row -> arm);
    }

    /** The arm of the highest quality on a row, of equal ones the cheapest. It knows what nobody can know before the act. */
    static int bestOf(Trial trial, int row) {
        int best = 0;
        for (int arm = 1; arm < trial.armCount(); arm++) {
            double better = known(trial.quality(arm, row)) - known(trial.quality(best, row));
            if (better > 0 || better == 0 && trial.cost(arm, row) < trial.cost(best, row)) {
                best = arm;
            }
        }
        return best;
    }

    private static double known(double quality) {
        return Double.isNaN(quality) ? -1 : quality;
    }

    /** Keeps the mean reward of each arm in each kind of request. */
    private static final class Learner extends Chooser {
        private final Trial trial;
        private final double price;
        private final double epsilon;
        private final boolean isUpperBound;
        private final SplittableRandom random;
        private final double[] sums;
        private final double[] counts;
        private final double[] ofCell;

        Learner(Trial trial, double price, double epsilon, boolean isUpperBound, SplittableRandom random) {
            this.trial = trial;
            this.price = price;
            this.epsilon = epsilon;
            this.isUpperBound = isUpperBound;
            this.random = random;
            int cells = trial.useCaseCount() * REGIMES;
            sums = new double[cells * trial.armCount()];
            counts = new double[sums.length];
            ofCell = new double[cells];
        }

        private int cell(int row) {
            return trial.useCase(row) * REGIMES + trial.riskBps(row) * REGIMES / 10_000;
        }

        @Override
        int choose(int row) {
            if (epsilon > 0 && random.nextDouble() < epsilon) {
                return random.nextInt(trial.armCount());
            }
            int cell = cell(row);
            List<Integer> best = new ArrayList<>();
            double highest = Double.NEGATIVE_INFINITY;
            for (int arm = 0; arm < trial.armCount(); arm++) {
                double score = score(cell, arm);
                if (score > highest) {
                    highest = score;
                    best.clear();
                }
                if (score == highest) {
                    best.add(arm);
                }
            }
            return best.size() == 1 ? best.get(0) : best.get(random.nextInt(best.size()));
        }

        private double score(int cell, int arm) {
            int at = cell * trial.armCount() + arm;
            if (counts[at] == 0) {
                // Never tried here: what the training rows say of the arm elsewhere; the bound is without end.
                ArmMeans means = trial.means();
                return isUpperBound ? 1e9 : means.qualities()[arm] - price * means.costs()[arm];
            }
            double mean = sums[at] / counts[at];
            return isUpperBound ? mean + Math.sqrt(2 * Math.log(Math.max(2, ofCell[cell])) / counts[at]) : mean;
        }

        @Override
        void learn(int row, int arm, double quality, double cost) {
            int cell = cell(row);
            sums[cell * trial.armCount() + arm] += quality - price * cost;
            counts[cell * trial.armCount() + arm]++;
            ofCell[cell]++;
        }
    }
}

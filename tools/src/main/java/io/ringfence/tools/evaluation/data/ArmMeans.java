package io.ringfence.tools.evaluation.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What some rows say of each arm: mean quality and mean cost.
 *
 * @param qualities one an arm, 0 to 1; 0 for an arm without a row.
 * @param costs     one an arm, in currency units.
 */
public record ArmMeans(double[] qualities, double[] costs) {
    /** Means over some rows of a trial. */
    public static ArmMeans of(Trial trial, int[] rows) {
        int arms = trial.armCount();
        double[] qualities = new double[arms];
        double[] costs = new double[arms];
        for (int arm = 0; arm < arms; arm++) {
            int known = 0;
            for (int row : rows) {
                double quality = trial.quality(arm, row);
                costs[arm] += trial.cost(arm, row) / rows.length;
                if (!Double.isNaN(quality)) {
                    qualities[arm] += quality;
                    known++;
                }
            }
            qualities[arm] /= Math.max(1, known);
        }
        return new ArmMeans(qualities, costs);
    }

    /** The arm of the highest quality; of equal ones the cheapest. */
    public int best() {
        return IntStream.range(0, costs.length)
                .boxed()
                .min(Comparator.<Integer>comparingDouble(arm -> -qualities[arm]).thenComparingDouble(arm -> costs[arm]))
                .orElseThrow();
    }

    /** The arm of the lowest cost; of equal ones the best. */
    public int cheapest() {
        return IntStream.range(0, costs.length)
                .boxed()
                .min(Comparator.<Integer>comparingDouble(arm -> costs[arm]).thenComparingDouble(arm -> -qualities[arm]))
                .orElseThrow();
    }

    /** Arms to which no other is both as good and as cheap, cheapest first; their qualities rise. */
    public List<Integer> front() {
        List<Integer> front = new ArrayList<>();
        IntStream.range(0, costs.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(arm -> costs[arm])
                        .thenComparingDouble(arm -> -qualities[arm]))
                .forEach(arm -> {
                    if (front.isEmpty() || qualities[arm] > qualities[front.get(front.size() - 1)]) {
                        front.add(arm);
                    }
                });
        return front;
    }
}

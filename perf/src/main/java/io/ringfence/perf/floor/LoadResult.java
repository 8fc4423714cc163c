package io.ringfence.perf.floor;

import io.ringfence.perf.floor.Load.Who;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What all rounds of one load gave, round by round. */
final class LoadResult {
    private final Load load;
    private final Map<Who, List<Run>> runs = new EnumMap<>(Who.class);

    LoadResult(Load load) {
        this.load = load;
        load.contestants().forEach(who -> runs.put(who, new ArrayList<>()));
    }

    void add(Who who, Run run) {
        runs.get(who).add(run);
    }

    Load load() {
        return load;
    }

    /** Median over the rounds. */
    double median(Who who, ToDoubleFunction<Run> figure) {
        return median(runs.get(who).stream().mapToDouble(figure).toArray());
    }

    /** The least of all rounds. */
    double least(Who who, ToDoubleFunction<Run> figure) {
        return runs.get(who).stream().mapToDouble(figure).min().orElse(Double.NaN);
    }

    /** A figure of one by that of another, round by round. */
    double[] ratios(Who who, Who by, ToDoubleFunction<Run> figure) {
        double[] ratios = new double[runs.get(who).size()];
        Arrays.setAll(
                ratios,
                round -> figure.applyAsDouble(runs.get(who).get(round))
                        / figure.applyAsDouble(runs.get(by).get(round)));
        return ratios;
    }

    /** The median of {@link #ratios}. */
    double ratio(Who who, Who by, ToDoubleFunction<Run> figure) {
        return median(ratios(who, by, figure));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Work of a contestant in its last round. */
    Work lastWork(Who who) {
        List<Run> all = runs.get(who);
        return all.get(all.size() - 1).work();
    }

    /** Did floor and product do the same work for each command, in every round? */
    boolean isSameWork() {
        for (int round = 0; round < runs.get(Who.FLOOR).size(); round++) {
            Work floor = runs.get(Who.FLOOR).get(round).work();
            if (!runs.get(Who.RINGFENCE).get(round).work().isLike(floor)) {
                return false;
            }
        }
        return true;
    }
}

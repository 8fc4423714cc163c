package io.ringfence.perf.floor;

import io.ringfence.perf.floor.Contestant.Work;
import io.ringfence.perf.floor.Load.Who;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Figures of all rounds of one load, round by round. */
final class LoadResult {
    /**
     * Figures of one contestant in one round.
     *
     * @param commands    sent and answered during the measurement.
     * @param durationNs  from the first message to the last answer.
     * @param p50Ns       of an order's answer.
     * @param p99Ns       of an order's answer.
     * @param server      figures of the server's thread during the measurement.
     * @param clientCpuNs processor time of the client's thread during the measurement.
     * @param work        done since the start, the warm-up included.
     */
    record Run(
            long commands, long durationNs, long p50Ns, long p99Ns, ThreadFigures server, long clientCpuNs, Work work) {
        private static final double SECOND_NS = 1e9;
        private static final double MILLION = 1e6;

        double perSecond() {
            return commands * SECOND_NS / durationNs;
        }

        double nsPerCommand() {
            return (double) durationNs / commands;
        }

        double serverCpuNs() {
            return (double) server.cpuNs() / commands;
        }

        double clientCpuNsPerCommand() {
            return (double) clientCpuNs / commands;
        }

        double faultsPerMillion() {
            return server.minorFaults() * MILLION / commands;
        }

        double voluntaryPerSecond() {
            return server.voluntarySwitches() * SECOND_NS / durationNs;
        }

        double involuntaryPerSecond() {
            return server.involuntarySwitches() * SECOND_NS / durationNs;
        }
    }

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

    /** Ratio of a figure of one contestant to that of another, for each round. */
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

    /** Did floor and product do the same work per command in every round? */
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

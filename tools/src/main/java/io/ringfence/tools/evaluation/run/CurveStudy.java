package io.ringfence.tools.evaluation.run;

import io.ringfence.tools.evaluation.data.Mapping;
import io.ringfence.tools.evaluation.data.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * How many failures of the cheapest arm are left when an engine acts by a dearer one on a share of the rows: one engine a target. One
 * thread.
 */
public final class CurveStudy {
    /** The set as it is, among its streams. */
    public static final String AS_IT_IS = "as it is";

    /**
     * One engine.
     *
     * @param share  of the rows on which the arm acted.
     * @param missed share of the cheapest arm's failures that are left.
     * @param bound  the least that can be left at this share, by a policy that knows every outcome beforehand.
     */
    record Point(int targetBps, double share, double missed, double bound) {}

    /**
     * The points of a stream, one a target, as means over its seeds.
     *
     * @param failing share of the rows on which the cheapest arm fails.
     */
    record Curve(String stream, int seeds, double failing, List<Point> points) {
        /** What is left at a share, on the straight line between the two engines next to it; all is left at none, none at all. */
        double missedAt(double share) {
            List<Point> ordered = new ArrayList<>(points);
            ordered.add(new Point(0, 0, 1, 1));
            ordered.add(new Point(0, 1, 0, 0));
            ordered.sort(java.util.Comparator.comparingDouble(Point::share));
            Point before = ordered.get(0);
            for (Point point : ordered) {
                if (point.share() >= share) {
                    double width = point.share() - before.share();
                    double part = width == 0 ? 1 : (share - before.share()) / width;
                    return before.missed() + part * (point.missed() - before.missed());
                }
                before = point;
            }
            return 0;
        }

        double boundAt(double share) {
            return bound(failing, share);
        }
    }

    private CurveStudy() {}

    private static double bound(double failing, double share) {
        return failing == 0 ? 0 : Math.max(0, 1 - share / failing);
    }

    /** Runs every target of the mapping over the set as it is with one seed, and over each thinned stream with all of them. */
    static List<Curve> run(Evaluation evaluation, int seeds) {
        Mapping mapping = evaluation.set().mapping();
        List<Curve> curves = new ArrayList<>();
        if (mapping.curve().isPresent()) {
            curves.add(curve(evaluation, "", 1));
            mapping.streams().keySet().forEach(stream -> curves.add(curve(evaluation, stream, seeds)));
        }
        return curves;
    }

    private static Curve curve(Evaluation evaluation, String stream, int seeds) {
        Mapping mapping = evaluation.set().mapping();
        Mapping.Curve wanted = mapping.curve().orElseThrow();
        int arm = 0;
        while (!mapping.arms().get(arm).name().equals(wanted.arm())) {
            arm++;
        }
        double[] shares = new double[wanted.targetsBps().size()];
        double[] missed = new double[shares.length];
        double failing = 0;
        for (int seed = 1; seed <= seeds; seed++) {
            Trial trial = new Trial(
                    evaluation.set(),
                    new Trial.Options(
                            seed,
                            stream,
                            evaluation.options().isShuffled(),
                            evaluation.options().limit()));
            double failures = failures(trial);
            failing += failures / trial.rows().length / seeds;
            for (int i = 0; i < shares.length; i++) {
                Tally tally = evaluation
                        .engine(
                                trial,
                                seed,
                                OptionalInt.of(wanted.targetsBps().get(i)),
                                "curve" + (stream.isEmpty() ? "" : "-" + stream))
                        .tally();
                shares[i] += tally.share(arm) / seeds;
                missed[i] += (1 - tally.quality()) * tally.rows() / Math.max(1, failures) / seeds;
            }
        }
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < shares.length; i++) {
            points.add(new Point(wanted.targetsBps().get(i), shares[i], missed[i], bound(failing, shares[i])));
        }
        return new Curve(stream.isEmpty() ? AS_IT_IS : stream, seeds, failing, points);
    }

    private static double failures(Trial trial) {
        int cheapest = trial.means().cheapest();
        double failures = 0;
        for (int row : trial.rows()) {
            failures += 1 - trial.quality(cheapest, row);
        }
        return failures;
    }
}

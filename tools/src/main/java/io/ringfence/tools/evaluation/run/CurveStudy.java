package io.ringfence.tools.evaluation.run;

import io.ringfence.tools.evaluation.data.Mapping;
import io.ringfence.tools.evaluation.data.Trial;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How many failures of the cheapest arm are left when an engine acts by a dearer one on a share of the rows: one engine for each worth
 * of a success. One thread.
 */
public final class CurveStudy {
    /** The set as it is, among its streams. */
    public static final String AS_IT_IS = "as it is";

    /**
     * One engine.
     *
     * @param worth  of a success, in costs of the best arm.
     * @param share  of the rows on which the arm acted.
     * @param missed share of the cheapest arm's failures that are left.
     * @param bound  the least that can be left at this share, by a policy that knows every outcome beforehand.
     */
    record Point(double worth, double share, double quality, double cost, double missed, double bound) {}

    /**
     * The points of a stream.
     *
     * @param isCertain does the arm always succeed? Then there is a bound, and something to be said of shares between the points.
     * @param failing   share of the rows on which the cheapest arm fails.
     * @param bySeed    one point a worth, for each seed.
     */
    record Curve(String stream, boolean isCertain, double failing, List<List<Point>> bySeed) {
        int seeds() {
            return bySeed.size();
        }

        /** One point a worth, as means over the seeds. */
        List<Point> points() {
            List<Point> means = new ArrayList<>();
            for (int i = 0; i < bySeed.get(0).size(); i++) {
                int at = i;
                double share = mean(Point::share, at);
                means.add(new Point(
                        bySeed.get(0).get(at).worth(),
                        share,
                        mean(Point::quality, at),
                        mean(Point::cost, at),
                        mean(Point::missed, at),
                        boundAt(share)));
            }
            return means;
        }

        private double mean(ToDoubleFunction<Point> value, int at) {
            return bySeed.stream()
                    .mapToDouble(points -> value.applyAsDouble(points.get(at)))
                    .average()
                    .orElseThrow();
        }

        /** What is left at a share, over the seeds. */
        Interval missedAt(double share) {
            return Interval.of(
                    bySeed.stream()
                            .mapToDouble(points -> missedAt(points, share))
                            .toArray(),
                    0);
        }

        /** On the straight line between the two engines next to the share; all is left at none, none at all. */
        private static double missedAt(List<Point> points, double share) {
            List<Point> ordered = new ArrayList<>(points);
            ordered.add(new Point(0, 0, 0, 0, 1, 1));
            ordered.add(new Point(0, 1, 0, 0, 0, 0));
            ordered.sort(Comparator.comparingDouble(Point::share));
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

    /**
     * Runs every worth of the mapping, once a seed: over the stream that was asked for; otherwise over each thinned stream and over the set as it
     * is. The set as it is has one seed only where it has thinned streams, which are shorter.
     */
    static List<Curve> run(Evaluation evaluation, int seeds) {
        Mapping mapping = evaluation.set().mapping();
        List<Curve> curves = new ArrayList<>();
        String asked = evaluation.options().stream();
        if (mapping.curve().isEmpty()) {
            return curves;
        }
        if (!asked.isEmpty()) {
            curves.add(curve(evaluation, asked, seeds));
            return curves;
        }
        curves.add(curve(evaluation, "", mapping.streams().isEmpty() ? seeds : 1));
        mapping.streams().keySet().forEach(stream -> curves.add(curve(evaluation, stream, seeds)));
        return curves;
    }

    private static Curve curve(Evaluation evaluation, String stream, int seeds) {
        Mapping mapping = evaluation.set().mapping();
        Mapping.Curve wanted = mapping.curve().orElseThrow();
        int arm = mapping.armNamed(wanted.arm());
        List<List<Point>> bySeed = new ArrayList<>();
        double failing = 0;
        for (int seed = 1; seed <= seeds; seed++) {
            Trial.Options options = evaluation.options();
            Trial trial =
                    new Trial(evaluation.set(), new Trial.Options(seed, stream, options.isShuffled(), options.limit()));
            double failures = failures(trial);
            double share = failures / trial.rows().length;
            failing += share / seeds;
            List<Point> points = new ArrayList<>();
            for (double worth : wanted.worths()) {
                String name = (stream.isEmpty() ? "curve" : "curve-" + stream) + '-' + worth;
                Tally tally = evaluation.engine(trial, seed, worth, name).tally();
                double missed = (1 - tally.quality()) * tally.rows() / Math.max(1, failures);
                points.add(new Point(
                        worth,
                        tally.share(arm),
                        tally.quality(),
                        tally.cost(),
                        missed,
                        bound(share, tally.share(arm))));
            }
            bySeed.add(points);
        }
        boolean isCertain = mapping.arms().get(arm).quality().grade() == Mapping.Grade.ALWAYS;
        return new Curve(stream.isEmpty() ? AS_IT_IS : stream, isCertain, failing, bySeed);
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

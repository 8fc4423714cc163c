package io.ringfence.tools.evaluation.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The best quality that can be had for a cost by mixing arms at random, without a look at the request. Immutable. */
final class Hull {
    private record Point(double cost, double quality) {}

    private final List<Point> points = new ArrayList<>();

    /**
     * @param costs     mean cost of each arm.
     * @param qualities mean quality of each.
     */
    Hull(double[] costs, double[] qualities) {
        List<Point> arms = new ArrayList<>();
        for (int arm = 0; arm < costs.length; arm++) {
            arms.add(new Point(costs[arm], qualities[arm]));
        }
        arms.sort(Comparator.comparingDouble(Point::cost).thenComparingDouble(point -> -point.quality()));
        for (Point next : arms) {
            if (!points.isEmpty() && next.quality() <= last(1).quality()) {
                continue;
            }
            while (points.size() >= 2 && slope(last(2), last(1)) <= slope(last(1), next)) {
                points.remove(points.size() - 1);
            }
            points.add(next);
        }
    }

    private Point last(int fromEnd) {
        return points.get(points.size() - fromEnd);
    }

    private static double slope(Point one, Point other) {
        return (other.quality() - one.quality()) / Math.max(1e-300, other.cost() - one.cost());
    }

    /** The quality at a cost. Below the cheapest arm part of the rows get no act, which has no quality. */
    double quality(double cost) {
        Point before = new Point(0, 0);
        for (Point point : points) {
            if (cost <= point.cost()) {
                double width = point.cost() - before.cost();
                double part = width <= 0 ? 1 : (cost - before.cost()) / width;
                return before.quality() + part * (point.quality() - before.quality());
            }
            before = point;
        }
        return before.quality();
    }
}

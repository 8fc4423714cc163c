package io.ringfence.tools.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * A seeded world of three arms whose success drifts, with feedback as people give it: late, in batches, not at all, and corrected later.
 *
 * <p>Every week the cheap arm changes between good and bad; the others stay as they are. So the best arm is known at any time: the cheap one in
 * good weeks, the middle one in bad ones. Four weeks, one request every two minutes or so.
 */
final class DriftingArms {
    static final int CHEAP = 0;
    static final int MIDDLE = 1;
    static final int DEAR = 2;
    static final int ARMS = 3;
    static final int REQUESTS = 20_000;
    static final double[] COSTS = {0.1, 0.4, 1.0};

    private static final double WORTH = 4;
    private static final double[] GOOD = {0.95, 0.90, 0.99};
    private static final double[] BAD = {0.40, 0.90, 0.99};
    private static final long WEEK_NS = TimeUnit.DAYS.toNanos(7);
    private static final long DAY_NS = TimeUnit.DAYS.toNanos(1);
    private static final long STEP_NS = 4 * WEEK_NS / REQUESTS;

    /** How outcomes are reported. */
    enum Feedback {
        /** At once. */
        PROMPT(0, false, 0, 0),
        /** After two days, more or less. */
        DELAYED(2, false, 0, 0),
        /** After half a day, more or less, and then at midnight. */
        BATCHED(0.5, true, 0, 0),
        /** At once, but three of ten never. */
        MISSING(0, false, 0.3, 0),
        /** After half a day; one of ten says the opposite first, and is corrected half a day later. */
        REVISED(0.5, false, 0, 0.1),
        /** All of it. */
        ALL(2, true, 0.3, 0.1);

        private final double meanDays;
        private final boolean isBatched;
        private final double missing;
        private final double revised;

        Feedback(double meanDays, boolean isBatched, double missing, double revised) {
            this.meanDays = meanDays;
            this.isBatched = isBatched;
            this.missing = missing;
            this.revised = revised;
        }
    }

    /**
     * One report.
     *
     * @param timeNs   since the world began.
     * @param request  that it is about, from 0.
     * @param revision 0 first; 1 corrects it.
     */
    record Report(long timeNs, int request, int revision, int arm, boolean isSuccess) implements Comparable<Report> {
        @Override
        public int compareTo(Report other) {
            int byTime = Long.compare(timeNs, other.timeNs);
            return byTime != 0 ? byTime : Integer.compare(2 * request + revision, 2 * other.request + other.revision);
        }
    }

    private final SplittableRandom random;
    private final Feedback feedback;
    private final PriorityQueue<Report> pending = new PriorityQueue<>();
    private final double[] regretOfWeek = new double[4];
    private int request = -1;

    DriftingArms(Feedback feedback, long seed) {
        this.feedback = feedback;
        this.random = new SplittableRandom(seed);
    }

    /** Goes on to the next request; false after the last. */
    boolean advance() {
        request++;
        return request < REQUESTS;
    }

    /** Number of the request, from 0. */
    int request() {
        return request;
    }

    /** Time of the request, since the world began. */
    long timeNs() {
        return request * STEP_NS;
    }

    /** Reports that have arrived by now, in their order. */
    List<Report> arrived() {
        List<Report> due = new ArrayList<>();
        while (!pending.isEmpty() && pending.peek().timeNs() <= timeNs()) {
            due.add(pending.poll());
        }
        return due;
    }

    /** An arm acts on the request: counts the regret, and has the outcome reported when the world sees fit. */
    void act(int arm) {
        double[] success = success();
        double best = Double.NEGATIVE_INFINITY;
        for (int other = 0; other < ARMS; other++) {
            best = Math.max(best, utility(success, other));
        }
        regretOfWeek[week()] += best - utility(success, arm);
        boolean isSuccess = random.nextDouble() < success[arm];
        if (random.nextDouble() < feedback.missing) {
            return;
        }
        long firstNs = later(timeNs());
        boolean isRevised = random.nextDouble() < feedback.revised;
        pending.add(new Report(firstNs, request, 0, arm, isSuccess != isRevised));
        if (isRevised) {
            pending.add(new Report(later(firstNs), request, 1, arm, isSuccess));
        }
    }

    private long later(long fromNs) {
        long delayNs = (long) (-Math.log(1 - random.nextDouble()) * feedback.meanDays * DAY_NS);
        long atNs = fromNs + delayNs;
        return feedback.isBatched ? (atNs / DAY_NS + 1) * DAY_NS : atNs;
    }

    private int week() {
        return (int) (timeNs() / WEEK_NS);
    }

    private double[] success() {
        return week() % 2 == 0 ? GOOD : BAD;
    }

    private static double utility(double[] success, int arm) {
        return WORTH * success[arm] - COSTS[arm];
    }

    /** Utility lost against the best arm of each time, in all. */
    double regret() {
        double sum = 0;
        for (double ofWeek : regretOfWeek) {
            sum += ofWeek;
        }
        return sum;
    }

    /** The same of one week, from 0. */
    double regretOfWeek(int week) {
        return regretOfWeek[week];
    }
}

package io.ringfence.tools.evaluation.run;

/** What the acts of one policy came to, over the rows of one trial. */
final class Tally {
    private static final int POINTS = 200;
    /** Parts of {@link #utilities}. */
    static final int PARTS = 10;

    private static final double NORMAL_95 = 1.96;

    private final int[] acts;
    private final int stride;
    private final int wanted;
    private final double[] partQualities = new double[PARTS];
    private final double[] partCosts = new double[PARTS];
    private final long[] partRows = new long[PARTS];
    private final double[] regrets = new double[POINTS + 1];
    private int points;
    private long rows;
    private long rejected;
    private double quality;
    private double qualitySquares;
    private double cost;
    private double costSquares;
    private double regret;

    /**
     * @param rows that will be counted.
     * @param arms that may act.
     */
    Tally(int rows, int arms) {
        acts = new int[arms];
        stride = Math.max(1, rows / POINTS);
        wanted = Math.max(1, rows);
    }

    /** Counts one row on which an arm acted. */
    void add(int arm, double ofQuality, double ofCost, double bestQuality) {
        acts[arm]++;
        count(ofQuality, ofCost, bestQuality);
    }

    /** Counts one row on which nobody acted: it has neither quality nor cost. */
    void reject(double bestQuality) {
        rejected++;
        count(0, 0, bestQuality);
    }

    private void count(double ofQuality, double ofCost, double bestQuality) {
        int part = (int) (rows * PARTS / wanted);
        partRows[part]++;
        partQualities[part] += ofQuality;
        partCosts[part] += ofCost;
        rows++;
        quality += ofQuality;
        qualitySquares += ofQuality * ofQuality;
        cost += ofCost;
        costSquares += ofCost * ofCost;
        regret += bestQuality - ofQuality;
        if (rows % stride == 0 && points < regrets.length) {
            regrets[points++] = regret;
        }
    }

    long rows() {
        return rows;
    }

    /** Rows on which nobody acted. */
    long rejected() {
        return rejected;
    }

    /** Mean quality of a row; not a number without rows. */
    double quality() {
        return quality / rows;
    }

    /** Mean cost of a row. */
    double cost() {
        return cost / rows;
    }

    /** Half the width of the 95 % interval of the mean quality, by the normal approximation over rows. */
    double qualityHalf() {
        return half(quality, qualitySquares);
    }

    /** The same of the mean cost. */
    double costHalf() {
        return half(cost, costSquares);
    }

    private double half(double sum, double squares) {
        double mean = sum / rows;
        return rows < 2 ? 0 : NORMAL_95 * Math.sqrt(Math.max(0, squares / rows - mean * mean) / (rows - 1));
    }

    /**
     * Mean utility of a row, quality less what its cost is worth, in each tenth of the rows; not a number in one without rows.
     *
     * @param price of a unit of cost, in successes.
     */
    double[] utilities(double price) {
        double[] utilities = new double[PARTS];
        for (int part = 0; part < PARTS; part++) {
            utilities[part] = (partQualities[part] - price * partCosts[part]) / partRows[part];
        }
        return utilities;
    }

    /** Share of the rows on which an arm acted. */
    double share(int arm) {
        return (double) acts[arm] / rows;
    }

    /** By how much the quality fell short of the best arm's of each row, added up, at equal distances. */
    double[] regrets() {
        return java.util.Arrays.copyOf(regrets, points);
    }

    /** Rows from one point of {@link #regrets} to the next. */
    int stride() {
        return stride;
    }
}

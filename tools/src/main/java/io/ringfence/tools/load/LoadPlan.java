package io.ringfence.tools.load;

/**
 * How much load, and how fast. It ends at the first of the two limits; {@link Long#MAX_VALUE} stands for none.
 *
 * @param requestsMax   orders whose admission is asked.
 * @param durationMaxNs time after which no more is begun.
 * @param inflight      most messages unanswered in a closed loop; 1 to 1,024.
 * @param ratePerSecond orders a second in an open loop; 0: the loop is closed.
 * @param warmupNs      time before the limits begin, in which nothing is counted.
 */
record LoadPlan(long requestsMax, long durationMaxNs, int inflight, double ratePerSecond, long warmupNs) {
    private static final double SECOND_NS = 1e9;

    /** The same load after a warm-up; null: without one. */
    LoadPlan withWarmup(Long askedNs) {
        return new LoadPlan(requestsMax, durationMaxNs, inflight, ratePerSecond, askedNs == null ? 0 : askedNs);
    }

    boolean isOpen() {
        return ratePerSecond > 0;
    }

    /** As {@code --json} says it. */
    String loop() {
        return isOpen() ? "open" : "closed";
    }

    /** Orders that an input must have so as not to be repeated; {@link Long#MAX_VALUE}: as many as it can have. */
    long ordersWanted() {
        return warmupNs > 0 ? Long.MAX_VALUE : requestsMax;
    }

    /**
     * The most requests that this plan can come to.
     *
     * @param fastestPerSecond what a closed loop is taken to reach at most.
     */
    long requestsAtMost(long fastestPerSecond) {
        double perSecond = isOpen() ? Math.min(ratePerSecond, fastestPerSecond) : fastestPerSecond;
        long warmup = (long) Math.ceil(warmupNs / SECOND_NS * perSecond);
        return warmup + Math.min(requestsMax, (long) Math.ceil(durationMaxNs / SECOND_NS * perSecond));
    }

    /** The pace of this plan in a session. */
    Pace pace(int window) {
        return isOpen() ? Pace.open(ratePerSecond, window) : Pace.closed(Math.min(inflight, window));
    }
}

package io.ringfence.tools.load;

/**
 * Amount and pace of a load. It ends at the first of the two limits; {@link Long#MAX_VALUE} means no limit.
 *
 * @param requestsMax   orders whose admission is asked.
 * @param durationMaxNs time in ns after which no order is sent.
 * @param inflight      most messages unanswered in a closed loop; 1 to 1,024.
 * @param ratePerSecond orders a second in an open loop; 0: the loop is closed.
 * @param warmupNs      time in ns before the limits begin, in which nothing is counted.
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

    /** The word in {@code --json}: open or closed. */
    String loop() {
        return isOpen() ? "open" : "closed";
    }

    /** Orders that an input needs so that it is not repeated; {@link Long#MAX_VALUE}: as many as it can have. */
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

    /**
     * Says when the next request is due.
     *
     * <p>Closed: at once, as long as few enough are unanswered; its latency counts from when it is offered. Open: the n-th at n over
     * the rate, however long the answers take; its latency counts from then, so that a stall is charged to every request that it
     * held up. For the load thread.
     */
    static final class Pace {
        private static final double SECOND_NS = 1e9;

        private final int unansweredMax;
        private final double intervalNs;
        private long startNs;

        private Pace(int unansweredMax, double intervalNs) {
            this.unansweredMax = unansweredMax;
            this.intervalNs = intervalNs;
        }

        /** A closed loop. */
        static Pace closed(int unansweredMax) {
            return new Pace(unansweredMax, 0);
        }

        /**
         * An open loop.
         *
         * @param unansweredMax the session's window, beyond which requests queue here.
         */
        static Pace open(double ratePerSecond, int unansweredMax) {
            return new Pace(unansweredMax, SECOND_NS / ratePerSecond);
        }

        void start(long nowNs) {
            startNs = nowNs;
        }

        /** Most messages that may be unanswered. */
        int unansweredMax() {
            return unansweredMax;
        }

        /** Is it time for the request after this many? */
        boolean isDue(long asked, long nowNs) {
            return intervalNs == 0 || nowNs - intendedNs(asked) >= 0;
        }

        /** From when the latency of the request after this many counts. */
        long sinceNs(long asked) {
            return intervalNs == 0 ? OrderMessage.WHEN_OFFERED : intendedNs(asked);
        }

        private long intendedNs(long asked) {
            return startNs + (long) (asked * intervalNs);
        }
    }
}

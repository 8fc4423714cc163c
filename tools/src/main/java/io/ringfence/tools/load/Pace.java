package io.ringfence.tools.load;

/**
 * Says when the next request is due.
 *
 * <p>Closed: at once, as long as few enough are unanswered; its latency counts from when it is offered. Open: the n-th at n over
 * the rate, however long the answers take; its latency counts from then, so that a stall is charged to every request that it
 * held up. For the load thread.
 */
final class Pace {
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

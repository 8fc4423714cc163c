package io.ringfence.tools.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.TimeUnit;

/**
 * Results of a demo on a temporary engine: first a warm-up, in which the JVM compiles the path of a command, then orders one
 * at a time. Nothing of it is in the demo's own journal, budgets or counts.
 *
 * @param warmUp      not measured.
 * @param oneInFlight measured: each order is sent when the answer before it is in.
 */
record Rehearsal(LoadResult warmUp, LoadResult oneInFlight) {
    private static final long WARM_UP_ORDERS = 100_000;
    private static final long WARM_UP_MAX_NS = TimeUnit.SECONDS.toNanos(3);
    private static final long ONE_IN_FLIGHT_ORDERS = 20_000;
    private static final long ONE_IN_FLIGHT_MAX_NS = TimeUnit.SECONDS.toNanos(2);

    /**
     * The load of the warm-up: a closed loop, for the time that was asked for; by default until 100,000 orders or 3 s.
     *
     * @param askedNs null: the default.
     */
    static LoadPlan warmUpPlan(Long askedNs, int inflight) {
        return askedNs == null
                ? new LoadPlan(WARM_UP_ORDERS, WARM_UP_MAX_NS, inflight, 0, 0)
                : new LoadPlan(Long.MAX_VALUE, askedNs, inflight, 0, 0);
    }

    /** The load of the orders one at a time: until 20,000 orders or 2 s. */
    static LoadPlan oneInFlightPlan() {
        return new LoadPlan(ONE_IN_FLIGHT_ORDERS, ONE_IN_FLIGHT_MAX_NS, 1, 0, 0);
    }

    /** Adds the results to the object of a demo. */
    void putInto(ObjectNode object) {
        object.put("warmup_s", LoadResult.rounded(warmUp.durationS(), 1e6));
        ObjectNode one = object.putObject("one_in_flight")
                .put("requests", oneInFlight.tally().requests())
                .put("commands_per_s", LoadResult.rounded(oneInFlight.commandsPerS(), 10))
                .put("throughput_per_s", LoadResult.rounded(oneInFlight.throughputPerS(), 10));
        oneInFlight.putPercentiles(one);
    }
}

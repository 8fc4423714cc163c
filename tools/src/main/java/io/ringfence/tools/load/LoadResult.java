package io.ringfence.tools.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.tools.Json;
import io.ringfence.tools.input.FlowCounts;
import org.HdrHistogram.Histogram;

/**
 * Figures of one run of a load.
 *
 * @param plan       that was run.
 * @param tally      of answers.
 * @param flow       counts of the order flow.
 * @param rounds     rounds of the input that were begun.
 * @param durationNs from the first message to the last answer.
 * @param latencies  of orders, in ns.
 * @param isCut      was it asked to end before the plan was done?
 */
record LoadResult(
        LoadPlan plan,
        LoadTally tally,
        FlowCounts flow,
        int rounds,
        long durationNs,
        Histogram latencies,
        boolean isCut) {
    private static final double SECOND_NS = 1e9;

    double durationS() {
        return durationNs / SECOND_NS;
    }

    /** Orders a second. */
    double throughputPerS() {
        return tally.requests() / durationS();
    }

    /** Commands a second: whatever took a sequence, that is orders, replaces, executions and outcomes. */
    double commandsPerS() {
        return tally.messages() / durationS();
    }

    /** The object that {@code --json} prints, but for the head. */
    ObjectNode json() {
        ObjectNode object = Json.object()
                .put("interrupted", isCut)
                .put("requests", tally.requests())
                .put("admitted", tally.admitted())
                .put("substituted", tally.substituted())
                .put("rejected", tally.rejected())
                .put("refused", tally.refused())
                .put("loop", plan.loop())
                .put("duration_s", rounded(durationS(), 1e6))
                .put("throughput_per_s", rounded(throughputPerS(), 10));
        putPercentiles(object.putObject("latency_ns"));
        object.put("messages", tally.messages())
                .put("messages_per_s", rounded(commandsPerS(), 10))
                .put("commands_per_s", rounded(commandsPerS(), 10))
                .put("inflight", plan.isOpen() ? null : (Integer) plan.inflight())
                .put("executions", tally.executions())
                .put("executions_denied", tally.executionsDenied())
                .put("replaces", tally.replaced())
                .put("replaces_denied", tally.replacesDenied())
                .put("outcomes", tally.outcomes())
                .put("outcomes_denied", tally.outcomesDenied())
                .put("retries", tally.retries())
                .put("warmup_s", plan.warmupNs() / SECOND_NS)
                .put("events", flow.events())
                .put("rounds", rounds);
        ObjectNode reasons = object.putObject("rejected_because");
        tally.rejectedBecause().forEach((reason, count) -> reasons.put(reason.name(), count));
        ObjectNode refusals = object.putObject("refused_because");
        tally.refusedBecause().forEach((reason, count) -> refusals.put(reason.name(), count));
        return object;
    }

    /** Adds the latencies of orders, in ns. */
    void putPercentiles(ObjectNode object) {
        object.put("p50", latencies.getValueAtPercentile(50))
                .put("p90", latencies.getValueAtPercentile(90))
                .put("p99", latencies.getValueAtPercentile(99))
                .put("p999", latencies.getValueAtPercentile(99.9))
                .put("max", latencies.getMaxValue());
    }

    static double rounded(double value, double steps) {
        return Math.rint(value * steps) / steps;
    }
}

package io.ringfence.tools.load;

import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.Names.NameKind;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.tools.Page;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Prints a load run for a person: what was decided and why, which candidate acted instead, and how long answers took. */
final class LoadText {
    /** Stands near the top of a report of what was done before the process was asked to end. */
    static final String INTERRUPTED = "Interrupted before its end: these are the figures until then.";

    private static final int BAR_LENGTH = 40;
    private static final int REASONS_MAX = 6;
    private static final double PERCENT = 100;
    private static final double US_NS = 1e3;
    private static final double MS_NS = 1e6;
    private static final double SECOND_NS = 1e9;

    private final Page page;
    private final CompiledPolicy policy;
    private final long requestedCandidateId;

    LoadText(Page page, CompiledPolicy policy, long requestedCandidateId) {
        this.page = page;
        this.policy = policy;
        this.requestedCandidateId = requestedCandidateId;
    }

    /**
     * Prints the whole report.
     *
     * @param rehearsal of a demo; null if there was none.
     */
    void print(LoadResult result, Rehearsal rehearsal) {
        warmUp(result, rehearsal);
        decisions(result);
        reasons("Rejected because", result.tally().rejectedBecause());
        reasons("Refused because", result.tally().refusedBecause());
        substitutes(result.tally());
        followed(result);
        speed(result, rehearsal);
    }

    private void warmUp(LoadResult result, Rehearsal rehearsal) {
        if (rehearsal != null) {
            page.line("");
            page.text(
                    "Warm-up     ",
                    "%,d orders in %.1f s, then %,d one at a time, on an engine that was thrown away; only the line \"one in"
                            + " flight\" is measured there",
                    rehearsal.warmUp().tally().requests(),
                    rehearsal.warmUp().durationS(),
                    rehearsal.oneInFlight().tally().requests());
        } else if (result.plan().warmupNs() > 0) {
            page.line(
                    "%nWarm-up     %.1f s, in which nothing was counted",
                    result.plan().warmupNs() / SECOND_NS);
        }
    }

    private void decisions(LoadResult result) {
        LoadTally tally = result.tally();
        page.line("");
        page.text(
                "Decisions   ",
                "%,d orders in %.2f s, with %,d further commands: replaces, executions, outcomes",
                tally.requests(),
                result.durationS(),
                tally.messages() - tally.requests() + tally.refused());
        share("as asked", tally.admitted() - tally.substituted(), tally.requests());
        share("substituted", tally.substituted(), tally.requests());
        share("rejected", tally.rejected(), tally.requests());
        if (tally.refused() > 0) {
            share("refused", tally.refused(), tally.requests());
        }
    }

    private void share(String what, long count, long all) {
        double share = all == 0 ? 0 : (double) count / all;
        page.line(
                "  %-12s %,14d  %5.1f %%  %s",
                what, count, share * PERCENT, "#".repeat((int) Math.round(share * BAR_LENGTH)));
    }

    private void reasons(String title, Map<ReasonCode, Long> counts) {
        if (counts.isEmpty()) {
            return;
        }
        page.line("%n%s", title);
        List<Map.Entry<ReasonCode, Long>> most = mostFirst(counts);
        page.reasons(most.subList(0, Math.min(REASONS_MAX, most.size())));
        if (most.size() > REASONS_MAX) {
            long rest = most.stream()
                    .skip(REASONS_MAX)
                    .mapToLong(Map.Entry::getValue)
                    .sum();
            page.line("  %,12d  for %d other reasons", rest, most.size() - REASONS_MAX);
        }
    }

    private void substitutes(LoadTally tally) {
        if (tally.substituted() == 0) {
            return;
        }
        page.line("%nSubstituted");
        for (Map.Entry<Long, Long> entry : mostFirst(tally.actedInstead())) {
            page.line("  %,12d  %s -> %s", entry.getValue(), name(requestedCandidateId), name(entry.getKey()));
        }
    }

    private static <K> List<Map.Entry<K, Long>> mostFirst(Map<K, Long> counts) {
        Comparator<Map.Entry<K, Long>> byCount = Map.Entry.comparingByValue();
        return counts.entrySet().stream().sorted(byCount.reversed()).toList();
    }

    private String name(long candidateId) {
        return policy.names().name(NameKind.CANDIDATE, candidateId);
    }

    private void followed(LoadResult result) {
        LoadTally tally = result.tally();
        page.line("");
        page.text(
                "Reported    ",
                "%,d executions, %,d of %,d replaces admitted, %,d outcomes; %,d events of the book, round %d",
                tally.executions(),
                tally.replaced(),
                tally.replaced() + tally.replacesDenied(),
                tally.outcomes(),
                result.flow().events(),
                result.rounds());
        long denied = tally.executionsDenied() + tally.outcomesDenied();
        if (denied > 0) {
            page.line("  not taken: %,d executions, %,d outcomes", tally.executionsDenied(), tally.outcomesDenied());
        }
        if (tally.retries() > 0) {
            page.line("  sent again for lack of room: %,d", tally.retries());
        }
    }

    private void speed(LoadResult result, Rehearsal rehearsal) {
        page.line("%nSpeed       how long an order waits for its answer");
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("", "commands/s", "decisions/s", "p50", "p99", "p99.9", "max"));
        if (rehearsal != null) {
            rows.add(row("one in flight", rehearsal.oneInFlight()));
        }
        LoadPlan plan = result.plan();
        rows.add(row(plan.isOpen() ? "open loop" : plan.inflight() + " in flight", result));
        page.table(rows);
        if (plan.isOpen()) {
            page.line("  open loop at %,.0f a second: a wait begins at the intended send", plan.ratePerSecond());
        }
    }

    private static List<String> row(String name, LoadResult result) {
        Histogram latencies = result.latencies();
        return List.of(
                name,
                String.format(Locale.ROOT, "%,.0f", result.commandsPerS()),
                String.format(Locale.ROOT, "%,.0f", result.throughputPerS()),
                time(latencies.getValueAtPercentile(50)),
                time(latencies.getValueAtPercentile(99)),
                time(latencies.getValueAtPercentile(99.9)),
                time(latencies.getMaxValue()));
    }

    /** A time with about three digits, in a unit that suits it. */
    static String time(long ns) {
        if (ns < US_NS) {
            return ns + " ns";
        }
        if (ns < MS_NS) {
            return String.format(Locale.ROOT, ns < 100 * US_NS ? "%.1f us" : "%.0f us", ns / US_NS);
        }
        if (ns < SECOND_NS) {
            return String.format(Locale.ROOT, ns < 100 * MS_NS ? "%.1f ms" : "%.0f ms", ns / MS_NS);
        }
        return String.format(Locale.ROOT, "%.1f s", ns / SECOND_NS);
    }
}

package io.ringfence.perf.floor;

import io.ringfence.perf.floor.Contestant.Work;
import io.ringfence.perf.floor.Load.Who;
import io.ringfence.perf.floor.LoadResult.Run;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The table for people: at most 100 columns. Medians over the rounds; the best round beside them. */
final class TextReport {
    private static final String ROW = "  %-9s %11s %8s %8s %9s %9s %8s %8s %8s %9s%n";

    private final PrintWriter out;

    TextReport(PrintWriter out) {
        this.out = out;
    }

    void print(int rounds, List<LoadResult> results, Machine machine) {
        out.printf(
                Locale.ROOT,
                "%d cores, %s, load before the run %.1f%n",
                machine.cores(),
                machine.processor(),
                machine.load());
        out.printf(Locale.ROOT, "%s, commit %s%n", machine.jdk(), machine.commit());
        out.printf(
                Locale.ROOT,
                "medians of %d rounds in turn; best: the best round; cpu: processor time of a thread%n",
                rounds);
        results.forEach(this::print);
    }

    private void print(LoadResult result) {
        out.printf(Locale.ROOT, "%n%s%n", result.load().text());
        out.printf(
                Locale.ROOT,
                ROW,
                "",
                "commands",
                "ns per",
                "best",
                "p50",
                "p99",
                "server",
                "client",
                "faults",
                "switched");
        out.printf(Locale.ROOT, ROW, "", "per s", "command", "", "us", "us", "cpu ns", "cpu ns", "per M", "out per s");
        for (Who who : result.load().contestants()) {
            out.printf(
                    Locale.ROOT,
                    ROW,
                    who.key(),
                    whole(result.median(who, Run::perSecond)),
                    whole(result.median(who, Run::nsPerCommand)),
                    whole(result.least(who, Run::nsPerCommand)),
                    micros(result.median(who, Run::p50Ns)),
                    micros(result.median(who, Run::p99Ns)),
                    whole(result.median(who, Run::serverCpuNs)),
                    whole(result.median(who, Run::clientCpuNsPerCommand)),
                    whole(result.median(who, Run::faultsPerMillion)),
                    whole(result.median(who, Run::voluntaryPerSecond) + result.median(who, Run::involuntaryPerSecond)));
        }
        ratios(result, Who.RINGFENCE, Who.FLOOR);
        if (result.load().isMemory()) {
            ratios(result, Who.FLOOR, Who.ECHO);
        }
        work(result);
    }

    private void ratios(LoadResult result, Who who, Who by) {
        out.printf(
                Locale.ROOT,
                "  %s by %s: time per command %.2f, p50 %.2f, p99 %.2f, server cpu %.2f%n",
                who.key(),
                by.key(),
                result.ratio(who, by, Run::nsPerCommand),
                result.ratio(who, by, Run::p50Ns),
                result.ratio(who, by, Run::p99Ns),
                result.ratio(who, by, Run::serverCpuNs));
        out.printf(
                Locale.ROOT,
                "    by round: %s%n",
                Arrays.stream(
                                result.load() == Load.ONE
                                        ? result.ratios(who, by, Run::p50Ns)
                                        : result.ratios(who, by, Run::nsPerCommand))
                        .limit(15)
                        .mapToObj(ratio -> String.format(Locale.ROOT, "%.2f", ratio))
                        .collect(Collectors.joining(" ")));
    }

    private void work(LoadResult result) {
        Work floor = result.lastWork(Who.FLOOR);
        Work ringfence = result.lastWork(Who.RINGFENCE);
        out.printf(
                Locale.ROOT,
                "  work per command: floor %.1f B, %.3f hashes; ringfence %.1f B, %.3f hashes: %s%n",
                floor.bytesPerCommand(),
                floor.hashesPerCommand(),
                ringfence.bytesPerCommand(),
                ringfence.hashesPerCommand(),
                result.isSameWork() ? "the same" : "NOT THE SAME");
    }

    private static String whole(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String micros(double ns) {
        return String.format(Locale.ROOT, ns < 100_000 ? "%.2f" : "%,.0f", ns / 1e3);
    }
}

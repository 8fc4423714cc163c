package io.ringfence.perf.snapshot;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.perf.floor.Machine;
import io.ringfence.perf.floor.Scratch;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures what snapshots cost a live engine that has many open holds. */
@Command(
        name = "bench snapshot",
        sortOptions = false,
        description = {
            "Opens holds, then runs an open loop of orders and cancels in alternating rounds: with snapshots and without. Each round"
                    + " is a start of the same journal. Prints the latency from the intended send, and beside it the delays of a"
                    + " thread that only sleeps.",
            "Exit 0: done; 1: a round with snapshots wrote none, or one failed; 2: bad usage; 3: the environment failed."
        },
        descriptionHeading = "%n",
        optionListHeading = "%n",
        footerHeading = "%nExample:%n",
        footer = "  bin/bench snapshot --holds 2000000 --rounds 5")
public final class SnapshotBench implements Callable<Integer> {
    private static final int PRINCIPAL = 1;
    private static final double US = 1e3;
    private static final double MS = 1e6;
    private static final int RECORD_LENGTH = 500;
    private static final long HOLDS_BESIDE = 1 << 16; // Orders that wait for their cancel, those of ended rounds too.
    private static final int SNAPSHOTS_KEPT = 4;
    private static final int HOLD_LENGTH = 128;
    private static final long ROOM_BESIDE = 1L << 30;
    private static final String ROW = "  %-8s %10s %8s %8s %9s %9s  %9s %9s  %9s %9s%n";

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean isHelpAsked;

    @Option(names = "--json", description = "Print one JSON object and nothing else.")
    private boolean isJson;

    @Option(names = "--holds", paramLabel = "N", description = "Open holds. Default: ${DEFAULT-VALUE}.")
    private long holds = 200_000;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Pairs of rounds, one with snapshots and one without. Default: ${DEFAULT-VALUE}.")
    private int rounds = 5;

    @Option(names = "--seconds", paramLabel = "S", description = "Length of a round. Default: ${DEFAULT-VALUE}.")
    private double seconds = 10;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Commands a second. Default: half of what a closed loop of 256 in flight does.")
    private Double rate;

    @Option(
            names = "--interval",
            paramLabel = "N",
            description = "Commands between snapshots. Default: so that a round has one in its first half.")
    private Long interval;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where the journal goes while it is needed. Default: java.io.tmpdir.")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    /** One round. Times in ns. */
    private record Round(
            boolean hasSnapshots,
            long messages,
            long p50,
            long p99,
            long p999,
            long max,
            long probeP999,
            long probeMax,
            long gcMs,
            long snapshots,
            long failures) {}

    /** Runs and ends the process. */
    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT); // Numbers print the same everywhere.
        System.exit(commandLine().execute(args));
    }

    /** The command line, for running and for tests. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new SnapshotBench());
        line.setParameterExceptionHandler((wrong, args) -> say(wrong.getCommandLine(), wrong.getMessage(), 2));
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (!(failure instanceof UncheckedIOException)) {
                failure.printStackTrace(command.getErr());
            }
            return say(command, String.valueOf(failure.getMessage()), 3);
        });
        line.setUsageHelpAutoWidth(true);
        return line;
    }

    private static int say(CommandLine command, String text, int exitCode) {
        command.getErr()
                .println(command.getCommandSpec().qualifiedName() + ": " + text.replaceAll("\\s*[\\r\\n]+\\s*", " "));
        return exitCode;
    }

    @Override
    public Integer call() throws IOException {
        requireRange("--holds", holds, 1, 20_000_000);
        requireRange("--rounds", rounds, 1, 1_000);
        requireRange("--seconds", seconds, 0.1, 600);
        requireRange("--rate", rate == null ? 1 : rate, 1, 10_000_000);
        requireRange("--interval", interval == null ? 1 : interval, 1, Long.MAX_VALUE);
        if (!Files.isDirectory(directory)) {
            throw new ParameterException(spec.commandLine(), "--dir: must be a directory: " + directory);
        }
        Path home = Path.of(System.getProperty("ringfence.home", "")).toAbsolutePath();
        Machine machine = Machine.here(home);
        List<Round> results = new ArrayList<>();
        double perSecond;
        try (Scratch scratch = new Scratch(directory, requiredBytes())) {
            Path data = scratch.fresh();
            double most = open(config(home, scratch, data, 0));
            perSecond = rate == null ? most / 2 : rate;
            long every = interval == null ? (long) Math.max(1, perSecond * (seconds / 4 + warmUp())) : interval;
            for (int round = 0; round < 2 * rounds; round++) {
                boolean hasSnapshots = round % 4 == 0 || round % 4 == 3;
                results.add(run(config(home, scratch, data, hasSnapshots ? every : 0), perSecond, hasSnapshots));
                say("round " + (round + 1) + " of " + 2 * rounds + " is done");
            }
            interval = every;
        }
        if (isJson) {
            spec.commandLine().getOut().println(json(results, perSecond));
        } else {
            print(results, perSecond, machine);
        }
        spec.commandLine().getOut().flush();
        boolean isWhole =
                results.stream().allMatch(round -> round.failures == 0 && (!round.hasSnapshots || round.snapshots > 0));
        return isWhole ? 0 : 1;
    }

    private void say(String text) {
        if (Boolean.getBoolean("ringfence.terminal")) {
            spec.commandLine().getErr().println(text);
            spec.commandLine().getErr().flush();
        }
    }

    private double warmUp() {
        return Math.min(2, seconds / 2);
    }

    private long requiredBytes() {
        double records = holds + 2 * rounds * (seconds + warmUp()) * (rate == null ? 200_000 : rate);
        return (long) (RECORD_LENGTH * records) + SNAPSHOTS_KEPT * HOLD_LENGTH * holds + ROOM_BESIDE;
    }

    private Path config(Path home, Scratch scratch, Path data, long interval) throws IOException {
        return Files.writeString(
                data.resolve("ringfence.yaml"),
                String.join(
                        "\n",
                        "data_dir: " + data.resolve("journal"),
                        "durability: memory",
                        "mode: compact",
                        "wait_strategy: busy_spin",
                        "aeron: {directory: " + scratch.aeronDirectory() + "}",
                        "snapshots: {interval: " + interval + "}",
                        "deciding: {accounts_max: " + HoldsLoad.ACCOUNTS + ", holds_per_account: "
                                + (holds / HoldsLoad.ACCOUNTS + HOLDS_BESIDE) + "}",
                        "policy: " + home.resolve("conf/policies/crypto.yaml"),
                        "accounts: " + home.resolve("conf/accounts-admit-all.yaml"),
                        "principals:",
                        "  - {id: " + PRINCIPAL + ", name: perf, role: trader}",
                        ""));
    }

    /** Opens the holds, and returns what a closed loop does in a second. */
    private double open(Path config) throws IOException {
        ServerConfig server = ServerConfig.read(config);
        try (Ringfence ringfence = Ringfence.start(server);
                RingfenceClient client = connect(ringfence, server)) {
            HoldsLoad load = new HoldsLoad(client);
            load.fill(holds);
            load.closedLoop(warmUp());
            double perSecond = load.closedLoop(warmUp());
            say("opened " + holds + " holds; a closed loop does " + Math.round(perSecond) + " commands a second");
            return perSecond;
        }
    }

    private Round run(Path config, double perSecond, boolean hasSnapshots) throws IOException {
        ServerConfig server = ServerConfig.read(config);
        try (Ringfence ringfence = Ringfence.start(server);
                RingfenceClient client = connect(ringfence, server);
                CountersView counters = CountersView.open(server.dataDir().resolve(CountersFile.NAME))) {
            HoldsLoad load = new HoldsLoad(client);
            load.openLoop(warmUp(), perSecond);
            long gcBeforeMs = gcMs();
            PauseProbe probe = new PauseProbe();
            Histogram latency;
            try (probe) {
                latency = load.openLoop(seconds, perSecond);
            }
            long gcMs = gcMs() - gcBeforeMs;
            Map<EngineCounter, Long> engine = counters.engine();
            Histogram delays = probe.delays();
            return new Round(
                    hasSnapshots,
                    latency.getTotalCount(),
                    latency.getValueAtPercentile(50),
                    latency.getValueAtPercentile(99),
                    latency.getValueAtPercentile(99.9),
                    latency.getMaxValue(),
                    delays.getValueAtPercentile(99.9),
                    delays.getMaxValue(),
                    gcMs,
                    engine.get(EngineCounter.SNAPSHOT_BY) > 0 ? engine.get(EngineCounter.SNAPSHOT_BYTES) : 0,
                    engine.get(EngineCounter.SNAPSHOT_FAILURES));
        }
    }

    private static RingfenceClient connect(Ringfence ringfence, ServerConfig server) throws IOException {
        return RingfenceClient.connect(
                ClientSettings.of(Path.of(ringfence.aeronDirectory()), server.requestStreamId(), PRINCIPAL));
    }

    private static long gcMs() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }

    private static double median(List<Round> rounds, boolean hasSnapshots, ToDoubleFunction<Round> value) {
        double[] sorted = rounds.stream()
                .filter(round -> round.hasSnapshots == hasSnapshots)
                .mapToDouble(value)
                .sorted()
                .toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private void print(List<Round> results, double perSecond, Machine machine) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%d cores, %s, load before the run %.1f%n",
                machine.cores(),
                machine.processor(),
                machine.load());
        out.printf(Locale.ROOT, "%s, commit %s%n", machine.jdk(), machine.commit());
        out.printf(
                Locale.ROOT,
                "%,d open holds; open loop at %,.0f commands/s; rounds of %.1f s; a snapshot every %,d commands%n%n",
                holds,
                perSecond,
                seconds,
                interval);
        out.printf(
                Locale.ROOT,
                ROW,
                "",
                "commands",
                "p50 us",
                "p99 us",
                "p99.9 us",
                "max ms",
                "probe",
                "probe",
                "collector",
                "snapshot");
        out.printf(Locale.ROOT, ROW, "", "", "", "", "", "", "p99.9 us", "max ms", "ms", "MB");
        for (Round round : results) {
            out.printf(
                    Locale.ROOT,
                    ROW,
                    round.hasSnapshots ? "with" : "without",
                    String.format(Locale.ROOT, "%,d", round.messages),
                    tenths(round.p50 / US),
                    tenths(round.p99 / US),
                    tenths(round.p999 / US),
                    hundredths(round.max / MS),
                    tenths(round.probeP999 / US),
                    hundredths(round.probeMax / MS),
                    round.gcMs,
                    tenths(round.snapshots / MS));
        }
        out.printf(
                Locale.ROOT,
                "%nmedian of the maxima: with %s ms, without %s ms, difference %s ms; of the probe's: with %s ms, without %s ms%n",
                hundredths(median(results, true, Round::max) / MS),
                hundredths(median(results, false, Round::max) / MS),
                hundredths((median(results, true, Round::max) - median(results, false, Round::max)) / MS),
                hundredths(median(results, true, Round::probeMax) / MS),
                hundredths(median(results, false, Round::probeMax) / MS));
    }

    private static String tenths(double value) {
        return String.format(Locale.ROOT, "%,.1f", value);
    }

    private static String hundredths(double value) {
        return String.format(Locale.ROOT, "%,.2f", value);
    }

    private ObjectNode json(List<Round> results, double perSecond) {
        ObjectNode object = new ObjectMapper()
                .createObjectNode()
                .put("holds", holds)
                .put("rate_per_s", Math.round(perSecond))
                .put("seconds", seconds)
                .put("interval", interval)
                .put("median_max_with_ns", Math.round(median(results, true, Round::max)))
                .put("median_max_without_ns", Math.round(median(results, false, Round::max)))
                .put("median_probe_max_with_ns", Math.round(median(results, true, Round::probeMax)))
                .put("median_probe_max_without_ns", Math.round(median(results, false, Round::probeMax)));
        ArrayNode each = object.putArray("rounds");
        for (Round round : results) {
            each.addObject()
                    .put("snapshots", round.hasSnapshots)
                    .put("commands", round.messages)
                    .put("p50_ns", round.p50)
                    .put("p99_ns", round.p99)
                    .put("p999_ns", round.p999)
                    .put("max_ns", round.max)
                    .put("probe_p999_ns", round.probeP999)
                    .put("probe_max_ns", round.probeMax)
                    .put("collector_ms", round.gcMs)
                    .put("snapshot_bytes", round.snapshots)
                    .put("snapshot_failures", round.failures);
        }
        return object;
    }

    private void requireRange(String option, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new ParameterException(
                    spec.commandLine(),
                    String.format(
                            Locale.ROOT,
                            "%s: must be from %s to %s: %s",
                            option,
                            text(least),
                            text(most),
                            text(value)));
        }
    }

    private static String text(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}

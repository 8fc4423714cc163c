package io.ringfence.perf.floor;

import io.ringfence.perf.floor.Drive.Extent;
import io.ringfence.perf.floor.Load.Who;
import io.ringfence.tools.WatchedLine;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures Ringfence beside the floor: what an Aeron IPC server needs that hashes, appends and answers, and decides nothing. */
@Command(
        name = "bench floor",
        sortOptions = false,
        description = {
            "In one process, round by round: a bare Aeron IPC echo of 256 bytes; the floor, which only computes the digests and"
                    + " the chain hash of records of the real size, appends them through the real store, and answers; and"
                    + " Ringfence in mode compact.",
            "Exit 0: done; 1: floor and Ringfence did not do the same work; 2: bad usage; 3: the environment failed."
        },
        descriptionHeading = "%n",
        optionListHeading = "%n",
        footerHeading = "%nExample:%n",
        footer = "  bin/bench floor --rounds 3 --only memory")
public final class FloorBench implements Callable<Integer> {
    private static final double SECOND_NS = 1e9;
    private static final int RECORD_LENGTH = 640;
    private static final long ROOM_BESIDE = 1L << 30;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean isHelpAsked;

    @Option(names = "--json", description = "Print one JSON object and nothing else.")
    private boolean isJson;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds that count. Default: ${DEFAULT-VALUE}.")
    private int rounds = 5;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "Length of each measurement. Default: ${DEFAULT-VALUE}.")
    private double seconds = 2;

    @Option(
            names = "--warmup",
            paramLabel = "S",
            description = "Seconds before each measurement that do not count; 0: none, and no round to warm up in."
                    + " Default: ${DEFAULT-VALUE}.")
    private double warmUpSeconds = 2;

    @Option(
            names = "--messages",
            paramLabel = "N",
            description = "Messages of each measurement, and as many before it, in place of seconds; 100 or more.")
    private Long messages;

    @Option(
            names = "--only",
            paramLabel = "LOAD",
            split = ",",
            description = "Measure only: memory, disk, or loads by name: one, orders, flow, disk_128, disk_1024.")
    private List<String> only = List.of();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where journals go while they are needed. Default: java.io.tmpdir.")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    /** Runs and ends the process. */
    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT); // Numbers print the same everywhere.
        System.exit(commandLine().execute(args));
    }

    /** The command line, for running and for tests. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new FloorBench());
        line.setParameterExceptionHandler((wrong, args) -> say(wrong.getCommandLine(), wrong.getMessage(), 2));
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof UncheckedIOException) {
                return say(command, failure.getMessage(), 3);
            }
            failure.printStackTrace(command.getErr());
            return say(command, failure.toString(), 3);
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
    public Integer call() {
        requireRange("--rounds", rounds, 1, 1_000);
        requireRange("--seconds", seconds, 0.01, 600);
        requireRange("--warmup", warmUpSeconds, 0, 600);
        requireRange("--messages", messages == null ? 100 : messages, 100, 100_000_000);
        if (!Files.isDirectory(directory)) {
            throw fault("--dir: must be a directory: " + directory);
        }
        Set<Load> loads = loads();
        Path home = Path.of(System.getProperty("ringfence.home", "")).toAbsolutePath();
        Machine machine = Machine.here(home);
        List<LoadResult> results = loads.stream().map(LoadResult::new).toList();
        try (WatchedLine line = new WatchedLine(spec.commandLine().getErr());
                Scratch scratch = new Scratch(directory, requiredBytes())) {
            Trial trial = new Trial(home, scratch, warmUp(), measured());
            for (int round = warmUpSeconds > 0 ? 0 : 1; round <= rounds; round++) {
                for (LoadResult result : results) {
                    play(trial, result, round, line);
                }
            }
        }
        if (isJson) {
            spec.commandLine().getOut().println(JsonReport.of(rounds, results, machine));
        } else {
            new TextReport(spec.commandLine().getOut()).print(rounds, results, machine);
        }
        spec.commandLine().getOut().flush();
        return results.stream().allMatch(LoadResult::isSameWork) ? 0 : 1;
    }

    /** Round 0 only warms up; every other round goes the other way. */
    private void play(Trial trial, LoadResult result, int round, WatchedLine line) {
        List<Who> order = new ArrayList<>(result.load().contestants());
        if (round % 2 == 0) {
            Collections.reverse(order);
        }
        for (Who who : order) {
            line.say(String.format(
                    Locale.ROOT,
                    "round %d of %d: %s, %s",
                    round,
                    rounds,
                    result.load().key(),
                    who.key()));
            if (round == 0) {
                trial.rehearse(result.load(), who);
            } else {
                result.add(who, trial.run(result.load(), who));
            }
        }
    }

    private Extent measured() {
        return messages == null
                ? new Extent(Long.MAX_VALUE / 4, (long) (seconds * SECOND_NS))
                : new Extent(messages, Long.MAX_VALUE / 4);
    }

    private Extent warmUp() {
        if (warmUpSeconds == 0) {
            return new Extent(0, 0);
        }
        return messages == null ? new Extent(Long.MAX_VALUE / 4, (long) (warmUpSeconds * SECOND_NS)) : measured();
    }

    private long requiredBytes() {
        long records =
                messages == null ? Trial.RUN_BYTES_MAX : Math.min(Trial.RUN_BYTES_MAX, 2 * messages * RECORD_LENGTH);
        return records + ROOM_BESIDE;
    }

    private Set<Load> loads() {
        Set<Load> loads = new LinkedHashSet<>();
        for (String word : only) {
            List<Load> named = Arrays.stream(Load.values())
                    .filter(load -> load.key().equals(word) || word.equals(load.isMemory() ? "memory" : "disk"))
                    .toList();
            if (named.isEmpty()) {
                throw fault("--only: must be memory, disk, "
                        + Arrays.stream(Load.values()).map(Load::key).collect(Collectors.joining(", ")) + ": \"" + word
                        + '"');
            }
            loads.addAll(named);
        }
        return loads.isEmpty() ? new LinkedHashSet<>(List.of(Load.values())) : loads;
    }

    private void requireRange(String option, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw fault(String.format(
                    Locale.ROOT, "%s: must be from %s to %s: %s", option, text(least), text(most), text(value)));
        }
    }

    private static String text(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    private ParameterException fault(String text) {
        return new ParameterException(spec.commandLine(), text);
    }
}

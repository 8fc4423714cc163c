package io.ringfence.perf.start;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.journal.store.RollFiles;
import io.ringfence.perf.floor.Machine;
import io.ringfence.tools.WatchedLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.agrona.IoUtil;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures a start on a long journal, with a recent snapshot and without, beside verifying and replaying alone. */
@Command(
        name = "bench start",
        sortOptions = false,
        description = {
            "Write a journal of orders and fills through a real engine. Then, in a process of its own for each: start on it from"
                    + " its snapshot; start without one; verify it; replay it. Times are from the launch of the process,"
                    + " the JVM's own start included, to the point where it serves or is done.",
            "Exit 0: done; 1: a process found the journal wrong; 2: bad usage; 3: the environment failed."
        },
        descriptionHeading = "%n",
        optionListHeading = "%n",
        footerHeading = "%nExample:%n",
        footer = "  bin/bench start --records 10000000 --rounds 1 --dir /big/disk")
public final class StartBench implements Callable<Integer> {
    /** What is measured. */
    private enum Kind {
        SNAPSHOT("from the snapshot", "start"),
        FIRST("from the first record", "start"),
        VERIFY("verify alone", "verify"),
        REPLAY("replay alone", "replay");

        private final String text;
        private final String trial;

        Kind(String text, String trial) {
            this.text = text;
            this.trial = trial;
        }

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final double SECOND_NS = 1e9;
    private static final long RECORD_BYTES = 600;
    private static final long ROOM_BESIDE = 1L << 30;
    private static final long DEADLINE_S = TimeUnit.HOURS.toSeconds(1);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROW = "  %-22s %9s %9s %10s %12s %9s %12s %9s %12s %9s%n";

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean isHelpAsked;

    @Option(names = "--json", description = "Print one JSON object and nothing else.")
    private boolean isJson;

    @Option(names = "--records", paramLabel = "N", description = "Records of the journal. Default: ${DEFAULT-VALUE}.")
    private long records = 1_000_000;

    @Option(names = "--behind", paramLabel = "N", description = "Records behind the snapshot. Default: a tenth of all.")
    private Long behind;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds; medians are shown. Default: ${DEFAULT-VALUE}.")
    private int rounds = 3;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where the journal goes while it is needed. Default: java.io.tmpdir.")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    private final Map<Kind, List<ObjectNode>> results = new EnumMap<>(Kind.class);
    private Path root;
    private ServerConfig config;
    private int rollFiles;
    private long bytes;

    /** Runs and ends the process. */
    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT); // Numbers print the same everywhere.
        System.exit(commandLine().execute(args));
    }

    /** The command line, for running and for tests. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new StartBench());
        line.setParameterExceptionHandler((wrong, args) -> say(wrong.getCommandLine(), wrong.getMessage(), 2));
        line.setExecutionExceptionHandler((failure, command, parsed) ->
                say(command, failure.getMessage(), failure instanceof IllegalStateException ? 1 : 3));
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
        requireRange("--records", records, 1_000, 100_000_000);
        long recent = behind == null ? records / 10 : behind;
        requireRange("--behind", recent, 0, records - 500); // The first records are those of the first start.
        requireRange("--rounds", rounds, 1, 100);
        if (!Files.isDirectory(directory)) {
            throw fault("--dir: must be a directory: " + directory);
        }
        if (Files.getFileStore(directory).getUsableSpace() < records * RECORD_BYTES + ROOM_BESIDE) {
            throw new IOException("too little room in " + directory + " for " + records + " records");
        }
        root = Files.createTempDirectory(directory, "ringfence-start").toAbsolutePath();
        Thread hook = new Thread(this::delete, "start-scratch");
        Runtime.getRuntime().addShutdownHook(hook);
        try (WatchedLine line = new WatchedLine(spec.commandLine().getErr())) {
            config = ServerConfig.read(writeConfig());
            new JournalMaker(config, count -> line.count(count, "written")).make(records, recent);
            countFiles();
            for (int round = 1; round <= rounds; round++) {
                for (Kind kind : Kind.values()) {
                    line.say(String.format(Locale.ROOT, "round %d of %d: %s", round, rounds, kind.text));
                    results.computeIfAbsent(kind, none -> new ArrayList<>()).add(measure(kind));
                }
            }
            report(recent);
        } finally {
            delete();
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        return 0;
    }

    private void delete() {
        IoUtil.delete(root.toFile(), true);
    }

    private Path writeConfig() throws IOException {
        Path conf = Path.of(System.getProperty("ringfence.home", ""))
                .toAbsolutePath()
                .resolve("conf");
        return Files.writeString(
                root.resolve("ringfence.yaml"),
                String.join(
                        "\n",
                        "data_dir: " + root.resolve("journal"),
                        "durability: memory",
                        "mode: compact",
                        "wait_strategy: busy_spin",
                        "aeron: {directory: " + root.resolve("aeron") + "}",
                        "deciding: {external_id_once: no, accounts_max: 4, holds_per_account: 200000}",
                        "policy: " + conf.resolve("policies/crypto.yaml"),
                        "accounts: " + conf.resolve("accounts-admit-all.yaml"),
                        "principals:",
                        "  - {id: 1, name: perf, role: trader}",
                        ""));
    }

    /** Runs one measurement; without a snapshot the files are out of sight meanwhile. */
    private ObjectNode measure(Kind kind) throws IOException {
        Path snapshots = config.dataDir().resolve("snapshots");
        Path hidden = root.resolve("snapshots");
        if (kind == Kind.FIRST) {
            Files.move(snapshots, hidden);
        }
        try {
            return launch(kind);
        } finally {
            if (kind == Kind.FIRST) {
                IoUtil.delete(snapshots.toFile(), true);
                Files.move(hidden, snapshots);
            }
        }
    }

    private ObjectNode launch(Kind kind) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-javaagent"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), StartTrial.class.getName()));
        command.addAll(List.of(kind.trial, root.resolve("ringfence.yaml").toString()));
        long beginNs = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            String first = lines.readLine();
            long doneNs = System.nanoTime() - beginNs;
            String second = lines.readLine();
            if (!process.waitFor(DEADLINE_S, TimeUnit.SECONDS) || process.exitValue() != 0 || first == null) {
                throw new IllegalStateException("a measurement failed: " + kind.text);
            }
            ObjectNode result = object().put("done_ns", doneNs);
            result.setAll((ObjectNode) JSON.readTree(first));
            if (second != null) {
                result.setAll((ObjectNode) JSON.readTree(second));
            }
            return result;
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted", asked));
        } finally {
            process.destroyForcibly();
        }
    }

    private void countFiles() throws IOException {
        for (Path file : RollFiles.list(config.dataDir())) {
            rollFiles++;
            bytes += Files.size(file);
        }
    }

    private void report(long recent) throws IOException {
        Machine machine =
                Machine.here(Path.of(System.getProperty("ringfence.home", "")).toAbsolutePath());
        PrintWriter out = spec.commandLine().getOut();
        if (isJson) {
            ObjectNode object = object().put("records", records)
                    .put("behind_snapshot", recent)
                    .put("roll_files", rollFiles)
                    .put("bytes", bytes)
                    .put("rounds", rounds);
            object.set("machine", machine.json());
            for (Kind kind : Kind.values()) {
                object.set(kind.key(), median(kind));
            }
            out.println(object);
        } else {
            out.printf(
                    Locale.ROOT,
                    "%,d records in %d roll files, %,d bytes; the snapshot is %,d records before the end%n",
                    records,
                    rollFiles,
                    bytes,
                    recent);
            out.printf(
                    Locale.ROOT,
                    "%d cores, %s, %s, commit %s%n",
                    machine.cores(),
                    machine.processor(),
                    machine.jdk(),
                    machine.commit());
            out.printf(
                    Locale.ROOT,
                    "medians of %d rounds, s; each in a process of its own, from its launch on%n%n",
                    rounds);
            out.printf(
                    Locale.ROOT,
                    ROW,
                    "",
                    "done",
                    "processor",
                    "restored",
                    "proved",
                    "in",
                    "applied",
                    "in",
                    "older",
                    "proved");
            out.printf(Locale.ROOT, ROW, "", "after", "time", "in", "records", "", "records", "", "records", "after");
            for (Kind kind : Kind.values()) {
                print(out, kind, median(kind));
            }
        }
        out.flush();
    }

    private static void print(PrintWriter out, Kind kind, ObjectNode result) {
        boolean isStart = kind.trial.equals("start");
        boolean hasOlder = isStart && result.get("older_records").longValue() > 0;
        out.printf(
                Locale.ROOT,
                ROW,
                kind.text,
                seconds(result, "done_ns"),
                seconds(result, "cpu_ns"),
                isStart ? seconds(result, "restored_ns") : "",
                count(result, isStart ? "proved_records" : "records"),
                isStart ? seconds(result, "proved_ns") : "",
                isStart ? count(result, "applied_records") : "",
                isStart ? seconds(result, "applied_ns") : "",
                isStart ? count(result, "older_records") : "",
                hasOlder ? seconds(result, "older_ns") : "");
    }

    /** The round in the middle by the time that it took. */
    private ObjectNode median(Kind kind) {
        List<ObjectNode> sorted = new ArrayList<>(results.get(kind));
        sorted.sort(Comparator.comparingLong(result -> result.get("done_ns").longValue()));
        return sorted.get(sorted.size() / 2);
    }

    private static String seconds(ObjectNode result, String field) {
        return String.format(Locale.ROOT, "%.2f", result.get(field).longValue() / SECOND_NS);
    }

    private static String count(ObjectNode result, String field) {
        return String.format(Locale.ROOT, "%,d", result.get(field).longValue());
    }

    private void requireRange(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw fault(String.format(Locale.ROOT, "%s: must be from %d to %d: %d", option, least, most, value));
        }
    }

    private ParameterException fault(String text) {
        return new ParameterException(spec.commandLine(), text);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}

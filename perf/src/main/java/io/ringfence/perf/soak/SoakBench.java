package io.ringfence.perf.soak;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.perf.floor.Machine;
import io.ringfence.tools.WatchedLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.agrona.IoUtil;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs a server through lives with a fault in each, under load, and accounts for every answer. */
@Command(
        name = "bench soak",
        sortOptions = false,
        description = {
            "Start a server again and again and do one thing to it in each life, under the load of two clients: kill -9, a byte flipped above"
                    + " and below the watermark, a watermark of another boot, a clock a year ahead, holds beyond their limit, resends"
                    + " without pause. A cycle does each once. At the end every answer that was logged must be in the journal with"
                    + " its entry hash, each account must have what its client knows, verify and replay must agree, and memory and open"
                    + " files must not have grown from life to life.",
            "Needs Linux; the wrong clock needs a C compiler (cc) and is left out without one. What it wrote stays where a check failed.",
            "Exit 0: all is accounted for; 1: something is not; 2: bad usage; 3: the environment failed."
        },
        descriptionHeading = "%n",
        optionListHeading = "%n",
        footerHeading = "%nExample, an hour:%n",
        footer = "  bin/bench soak --cycles 10 --seconds 45")
public final class SoakBench implements Callable<Integer> {
    private static final double MIB = 1 << 20;
    private static final long ROOM = 4L << 30;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean isHelpAsked;

    @Option(names = "--json", description = "Print one JSON object and nothing else.")
    private boolean isJson;

    @Option(
            names = "--cycles",
            paramLabel = "N",
            description = "How often each fault is done. Default: ${DEFAULT-VALUE}.")
    private int cycles = 1;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "How long each life is under load. Default: ${DEFAULT-VALUE}.")
    private int seconds = 10;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Requests a second of each of the two clients. Default: ${DEFAULT-VALUE}.")
    private int rate = 400;

    @Option(
            names = "--only",
            paramLabel = "FAULT",
            description = "Only this one; may be repeated: ${COMPLETION-CANDIDATES}. Default: all.")
    private Set<Fault> only = EnumSet.allOf(Fault.class);

    @Option(names = "--seed", paramLabel = "N", description = "Of all choices. Default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where the files go while they are needed. Default: java.io.tmpdir.")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    /** Runs and ends the process. */
    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT); // Numbers print the same everywhere.
        System.exit(commandLine().execute(args));
    }

    /** The command line, for running and for tests. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new SoakBench());
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
    public Integer call() throws IOException, InterruptedException {
        requireRange("--cycles", cycles, 1, 1_000);
        requireRange("--seconds", seconds, 1, 3_600);
        requireRange("--rate", rate, 1, 10_000);
        if (!Files.isDirectory(directory)) {
            throw fault("--dir: must be a directory: " + directory);
        }
        if (Files.getFileStore(directory).getUsableSpace() < ROOM) {
            throw new IOException("too little room in " + directory + ": 4 GiB are needed");
        }
        Path root = Files.createTempDirectory(directory, "ringfence-soak").toAbsolutePath();
        long beginNs = System.nanoTime();
        Soak.Result result;
        try (WatchedLine line = new WatchedLine(spec.commandLine().getErr())) {
            SoakFiles files = SoakFiles.write(root, home().resolve("conf"));
            Soak soak =
                    new Soak(files, TimeUnit.SECONDS.toNanos(seconds), rate, seed, WrongClock.build(root), line::say);
            result = soak.run(cycles, only);
        } catch (IllegalStateException | UncheckedIOException | IOException failed) {
            throw new IllegalStateException(failed.getMessage() + "; the files are in " + root, failed);
        }
        IoUtil.delete(root.toFile(), true);
        report(result, (System.nanoTime() - beginNs) / 1e9);
        return result.growth() == null ? 0 : 1;
    }

    private static Path home() {
        return Path.of(System.getProperty("ringfence.home", "")).toAbsolutePath();
    }

    private void report(Soak.Result result, double elapsedSeconds) {
        Machine machine = Machine.here(home());
        PrintWriter out = spec.commandLine().getOut();
        if (isJson) {
            out.println(json(result, elapsedSeconds, machine));
        } else {
            print(out, result, elapsedSeconds, machine);
        }
        out.flush();
    }

    private ObjectNode json(Soak.Result result, double elapsedSeconds, Machine machine) {
        ObjectNode object = JsonNodeFactory.instance
                .objectNode()
                .put("cycles", cycles)
                .put("seconds", elapsedSeconds)
                .put("answers", result.answers())
                .put("repeated", result.repeated())
                .put("resends", result.resends())
                .put("refused", result.refused())
                .put("records", result.records())
                .put("state_digest", result.stateDigest())
                .put("growth", result.growth());
        ObjectNode faults = object.putObject("faults");
        result.faults().forEach((fault, count) -> faults.put(fault.name().toLowerCase(Locale.ROOT), count));
        series(object.putObject("server"), result.server());
        series(object.putObject("client"), result.client());
        object.set("machine", machine.json());
        return object;
    }

    private static void series(ObjectNode object, Figures figures) {
        ArrayNode memory = object.putArray("memory_bytes");
        figures.memoryBytes().forEach(memory::add);
        ArrayNode files = object.putArray("files");
        figures.files().forEach(files::add);
    }

    private static void print(PrintWriter out, Soak.Result result, double elapsedSeconds, Machine machine) {
        out.printf(
                Locale.ROOT,
                "%d cores, %s, %s, commit %s; %.1f min%n%n",
                machine.cores(),
                machine.processor(),
                machine.jdk(),
                machine.commit(),
                elapsedSeconds / 60);
        result.faults().forEach((fault, count) -> out.printf(Locale.ROOT, "  %-36s %6d%n", fault.text(), count));
        out.printf(
                Locale.ROOT,
                "%n  %,d answers logged, each in the journal with its entry hash; %,d came again, equal to the first%n",
                result.answers(),
                result.repeated());
        out.printf(
                Locale.ROOT,
                "  %,d of these were resends without pause; %,d requests met a limit%n",
                result.resends(),
                result.refused());
        out.printf(
                Locale.ROOT,
                "  %,d records verified and replayed; state digest %s, live and replayed%n%n",
                result.records(),
                result.stateDigest());
        print(out, "server", result.server());
        print(out, "client without its log of answers", result.client());
        if (result.growth() != null) {
            out.printf(Locale.ROOT, "%n  grown from life to life: %s%n", result.growth());
        }
    }

    private static void print(PrintWriter out, String name, Figures figures) {
        List<Long> memory = figures.memoryBytes();
        List<Long> files = figures.files();
        out.printf(
                Locale.ROOT,
                "  %s, highest of each of %d lives: memory %.1f MiB on average, %+.1f MiB from first to last;"
                        + " open files %.0f, %+.1f%n",
                name,
                memory.size(),
                Figures.mean(memory) / MIB,
                Figures.rise(memory) / MIB,
                Figures.mean(files),
                Figures.rise(files));
    }

    private void requireRange(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw fault(String.format(Locale.ROOT, "%s: must be from %d to %d: %d", option, least, most, value));
        }
    }

    private ParameterException fault(String text) {
        return new ParameterException(spec.commandLine(), text);
    }
}

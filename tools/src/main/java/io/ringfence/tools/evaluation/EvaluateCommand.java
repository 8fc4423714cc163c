package io.ringfence.tools.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.tools.ExitCode;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.ExitCode.EnvironmentException;
import io.ringfence.tools.Installation;
import io.ringfence.tools.Json;
import io.ringfence.tools.OptionRule;
import io.ringfence.tools.Page;
import io.ringfence.tools.ScratchDirectory;
import io.ringfence.tools.StopSignal;
import io.ringfence.tools.ToolCommand;
import io.ringfence.tools.WatchedLine;
import io.ringfence.tools.evaluation.data.DataSet;
import io.ringfence.tools.evaluation.data.Mapping;
import io.ringfence.tools.evaluation.data.MappingReader;
import io.ringfence.tools.evaluation.data.Trial;
import io.ringfence.tools.evaluation.run.EngineFiles;
import io.ringfence.tools.evaluation.run.Evaluation;
import io.ringfence.tools.evaluation.run.EvaluationReport;
import io.ringfence.tools.evaluation.run.OffPolicyStudy;
import io.ringfence.tools.evaluation.run.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a data set through an engine as requests and outcomes, beside other policies. */
@Command(
        name = "evaluate",
        description = {
            "Have an engine decide the rows of a data set, each as a request with its outcome, beside other policies:"
                    + " always the best arm, always the cheapest, random, greedy, epsilon-greedy, UCB1, and an oracle that"
                    + " knows every outcome. Then verify and replay the journals.",
            "SET is a name, whose mapping is conf/evaluation/SET.yaml, or a mapping's file. All sets are run with one"
                    + " configuration of the engine, engine.yaml and common.yaml beside the mapping. A request reads only"
                    + " what is known before the act; outcomes of the training rows come first and are not counted.",
            "Exit 0: every journal verifies and replays to an equal state, without an error; 1: one does not."
        },
        footer = {
            "  ringfence evaluate routerbench --data /srv/data --seeds 20",
            "  ringfence evaluate kddcup99 --stream thinned --out pictures --json"
        })
public final class EvaluateCommand extends ToolCommand {
    private static final String DATA = "RINGFENCE_DATA";
    private static final String ENDING = ".yaml";

    @Parameters(paramLabel = "SET", description = "The data set: a name, or the file of a mapping.")
    private String set;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder of the data (default: that of the variable RINGFENCE_DATA).")
    private Path data;

    @OptionRule.Within(least = 1, most = 1_000)
    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "Runs, with seeds 1 to N; intervals are over them (default ${DEFAULT-VALUE}).")
    private int seeds = 1;

    @OptionRule.Within(least = 1)
    @Option(names = "--limit", paramLabel = "N", description = "Most rows to decide in a run (default: all).")
    private int limit = Integer.MAX_VALUE;

    @Option(
            names = "--stream",
            paramLabel = "NAME",
            description = "A stream of the mapping instead of the set as it is.")
    private String stream = "";

    @Option(
            names = "--shuffle-labels",
            description =
                    "Give each row the outcomes of another: what the engine gains by a look at the request must go.")
    private boolean isShuffled;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Write report.json, pictures, and configuration and journal of the first run there; it must be new"
                            + " or empty. The report names each at its end, and --json in written.")
    private Path out;

    @Override
    public Integer call() {
        StopSignal.listen();
        Path file = mappingFile();
        Mapping mapping = MappingReader.read(file);
        requireStream(mapping);
        EngineFiles files = new EngineFiles(file.toAbsolutePath().getParent());
        Path folder = dataFolder();
        requireEmpty(out);
        Path journals = out == null ? Path.of(System.getProperty("java.io.tmpdir")) : out;
        EvaluationReport report;
        try (WatchedLine line = new WatchedLine(err());
                ScratchDirectory scratch = ScratchDirectory.in(journals, "--out")) {
            line.say("reading " + mapping.name());
            DataSet rows = DataSet.read(mapping, folder, count -> line.count(count, "read"));
            Evaluation evaluation = new Evaluation(
                    files,
                    rows,
                    new Trial.Options(1, stream, isShuffled, limit),
                    out == null ? scratch.path() : out,
                    out != null,
                    (what, count) -> line.say(String.format(Locale.ROOT, "%s: %,d rows", what, count)));
            for (int seed = 1; seed <= seeds; seed++) {
                evaluation.run(seed);
            }
            report = new EvaluationReport(evaluation, seeds, OffPolicyStudy.run(mapping.offPolicy(), folder));
        }
        if (out != null) {
            Pictures.draw(report, out);
            write(report);
        }
        List<String> written = out == null ? List.of() : written();
        if (isJson()) {
            ObjectNode object = report.json();
            if (out != null) {
                written.forEach(object.putArray("written")::add);
            }
            out().println(Json.text(object));
        } else {
            Page page = new Page(out());
            report.print(page);
            written.forEach(path -> page.line("written              %s", path));
        }
        return report.isOk() ? ExitCode.DONE : ExitCode.CHECK_FAILED;
    }

    /** What stands in the folder now, which was empty; of a run's configuration the folder, and its journal by itself. */
    private List<String> written() {
        try (Stream<Path> entries = Files.list(out)) {
            return entries.flatMap(entry -> Stream.of(entry, entry.resolve("journal")))
                    .filter(Files::exists)
                    .map(Path::toString)
                    .sorted()
                    .toList();
        } catch (IOException cannot) {
            throw new EnvironmentException(out + ": cannot be read: " + cannot.getMessage(), cannot);
        }
    }

    private void write(EvaluationReport report) {
        try {
            Files.writeString(out.resolve("report.json"), Json.text(report.json()) + '\n');
        } catch (IOException cannot) {
            throw new EnvironmentException(out + ": the report cannot be written: " + cannot.getMessage(), cannot);
        }
    }

    private Path mappingFile() {
        if (set.isEmpty()) {
            throw new BadInputException("SET: must name a data set or a file: it is empty");
        }
        Path given = Path.of(set);
        if (set.endsWith(ENDING)) {
            OptionRule.requireFile("SET", given);
            return given;
        }
        Path shipped = Installation.conf("evaluation").resolve(set + ENDING);
        if (!Files.isRegularFile(shipped)) {
            throw new BadInputException("SET: must be the name of a mapping in " + shipped.getParent()
                    + ", or a file that ends with " + ENDING + ": " + set);
        }
        return shipped;
    }

    private void requireStream(Mapping mapping) {
        if (!stream.isEmpty() && mapping.streams().isEmpty()) {
            throw new BadInputException("--stream: this mapping has no streams: " + stream);
        }
        if (!stream.isEmpty() && !mapping.streams().containsKey(stream)) {
            throw new BadInputException("--stream: must be one of the mapping's "
                    + String.join(", ", mapping.streams().keySet()) + ": " + stream);
        }
    }

    private Path dataFolder() {
        Path folder = Optional.ofNullable(data)
                .or(() -> Optional.ofNullable(System.getenv(DATA)).map(Path::of))
                .orElseThrow(() -> new BadInputException("--data: must be given, or " + DATA + " be set: neither is"));
        if (!Files.isDirectory(folder)) {
            throw new BadInputException("--data: must be a folder: there is none: " + folder);
        }
        return folder;
    }

    /** Refuses a folder for {@code --out} that holds anything; null is none. */
    public static void requireEmpty(Path out) {
        if (out == null || !Files.exists(out)) {
            return;
        }
        if (!Files.isDirectory(out)) {
            throw new BadInputException("--out: must be a folder: it is a file: " + out);
        }
        try (var entries = Files.list(out)) {
            if (entries.findAny().isPresent()) {
                throw new BadInputException("--out: must be new or empty: " + out);
            }
        } catch (IOException cannot) {
            throw new EnvironmentException(out + ": cannot be read: " + cannot.getMessage(), cannot);
        }
    }
}

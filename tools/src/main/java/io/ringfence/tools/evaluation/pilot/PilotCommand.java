package io.ringfence.tools.evaluation.pilot;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.tools.ExitCode;
import io.ringfence.tools.ExitCode.EnvironmentException;
import io.ringfence.tools.Installation;
import io.ringfence.tools.Json;
import io.ringfence.tools.OptionRule;
import io.ringfence.tools.Page;
import io.ringfence.tools.ScratchDirectory;
import io.ringfence.tools.StopSignal;
import io.ringfence.tools.ToolCommand;
import io.ringfence.tools.WatchedLine;
import io.ringfence.tools.evaluation.EvaluateCommand;
import io.ringfence.tools.evaluation.pilot.Pilot.Result;
import io.ringfence.tools.evaluation.pilot.Pilot.Week;
import io.ringfence.tools.evaluation.run.EngineFiles;
import io.ringfence.tools.journal.ReplayCommand;
import io.ringfence.tools.journal.VerifyCommand;
import io.ringfence.tools.report.Savings.Baseline;
import io.ringfence.tools.report.SavingsCommand;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Simulates four weeks of shadow operation under a policy, and shows what the engine's advice would have been worth. */
@Command(
        name = "pilot",
        description = {
            "Simulate four weeks in shadow: 10,000 requests that people act on as they always did, while a real engine says beside"
                    + " it what it would have done, and learns from what they did alone: outcomes arrive hours late, and one of"
                    + " ten never. Then verify and replay the journal.",
            "Of every request all candidates' outcomes are known: each has a hidden difficulty, and a candidate succeeds when its"
                    + " true skill in the use case, which is its catalog quality give or take 0.05, is above. The same seed and"
                    + " policy give the same figures.",
            "missed: share of the advised requests whose asked candidate succeeds and whose advised one fails. precision: share of"
                    + " the substituted ones that gain a success, or keep the result at a lower cost. saved: against acting as"
                    + " asked, at the prices of the policy, read from the journal as report savings does.",
            "Exit 0: the journal verifies and replays to an equal state, without an error; 1: it does not."
        },
        footer = {"  ringfence pilot", "  ringfence pilot --worth 2 --seed 7 --json"})
public final class PilotCommand extends ToolCommand {
    @OptionRule.Within(least = 0, most = Long.MAX_VALUE)
    @Option(names = "--seed", paramLabel = "N", description = "Seed of requests and engine (default ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--policy", paramLabel = "FILE", description = "The policy (default conf/policies/models.yaml).")
    @OptionRule.OfFile
    private Path policy;

    @OptionRule.Within(least = 0.01, most = 1_000_000)
    @Option(
            names = "--worth",
            paramLabel = "X",
            description =
                    "Each request is worth X times what it costs by the dearest candidate. Near 2, cost counts most, so that the"
                            + " learnt floor decides (default: what its use case says).")
    private Double worth;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Keep configuration and journal there; it must be new or empty.")
    private Path out;

    @Override
    public Integer call() {
        StopSignal.listen();
        Path file = Optional.ofNullable(policy).orElseGet(() -> Installation.conf("policies/models.yaml"));
        CompiledPolicy compiled = CompiledPolicy.read(file);
        EngineFiles files = new EngineFiles(Installation.conf("evaluation"));
        EvaluateCommand.requireEmpty(out);
        Path parent = out == null ? Path.of(System.getProperty("java.io.tmpdir")) : out;
        Result result;
        try (WatchedLine line = new WatchedLine(err());
                ScratchDirectory scratch = ScratchDirectory.in(parent, "--out")) {
            ServerConfig config =
                    files.write(out == null ? scratch.path() : out, Files.readString(file), Pilot.ACCOUNTS, seed);
            PilotWorld world =
                    new PilotWorld(compiled, seed, worth == null ? OptionalDouble.empty() : OptionalDouble.of(worth));
            result = new Pilot(config, world, count -> line.say(count + " requests")).run();
        } catch (IOException cannot) {
            throw new EnvironmentException(parent + ": cannot be written: " + cannot.getMessage(), cannot);
        }
        if (isJson()) {
            out().println(Json.text(json(file, result)));
        } else {
            print(file, result);
        }
        return result.isOk() ? ExitCode.DONE : ExitCode.CHECK_FAILED;
    }

    private ObjectNode json(Path file, Result result) {
        ObjectNode object =
                Json.object().put("policy", file.toString()).put("seed", seed).put("worth", worth);
        object.put("errors", result.errors()).put("first_error", result.firstError());
        ArrayNode weeks = object.putArray("weeks");
        result.weeks().forEach(week -> put(week, weeks.addObject()));
        put(result.all(), object.putObject("all"));
        object.set("verify", VerifyCommand.json(result.verified()));
        object.set("replay", ReplayCommand.json(result.replayed()));
        return object;
    }

    private static void put(Week week, ObjectNode node) {
        node.put("decisions", week.decisions())
                .put("advised", week.advised())
                .put("substituted", week.substituted())
                .put("missed", week.missed())
                .put("right", week.right())
                .put("miss_rate", week.advised() == 0 ? null : week.missRate())
                .put("precision", week.substituted() == 0 ? null : week.precision())
                .put("successes_asked", week.successesAsked())
                .put("successes_advised", week.successesAdvised());
        SavingsCommand.put(week.savings(), node.putObject("savings"));
    }

    private void print(Path file, Result result) {
        Page page = new Page(out());
        page.text(
                "",
                "pilot in shadow, seed %d, %s%s: %,d requests, %,d errors",
                seed,
                file,
                worth == null ? "" : ", worth " + worth,
                result.all().decisions(),
                result.errors());
        page.line("");
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of("week", "advised", "substituted", "saved", "of it", "missed", "precision", "asked", "advised"));
        for (int week = 0; week < result.weeks().size(); week++) {
            rows.add(row(Integer.toString(week + 1), result.weeks().get(week)));
        }
        rows.add(row("all", result.all()));
        page.table(rows);
        page.line("");
        page.text("", "asked, advised: success of what people did, and of what was advised.");
        page.line(
                "journal of %,d records: %s",
                result.verified().records(),
                result.isOk() ? "verified and replayed to an equal state" : "NOT verified and replayed");
        if (result.firstError() != null) {
            page.text("", "First error: %s", result.firstError());
        }
    }

    private static List<String> row(String name, Week week) {
        return List.of(
                name,
                Long.toString(week.advised()),
                Long.toString(week.substituted()),
                new BigDecimal(week.savings().savedMicros(Baseline.NONE), 6).toPlainString(),
                SavingsCommand.share(
                        week.savings().savedMicros(Baseline.NONE),
                        week.savings().micros(Baseline.NONE)),
                percent(week.missed(), week.advised()),
                percent(week.right(), week.substituted()),
                percent(week.successesAsked(), week.advised()),
                percent(week.successesAdvised(), week.advised()));
    }

    private static String percent(long part, long whole) {
        return whole == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
    }
}

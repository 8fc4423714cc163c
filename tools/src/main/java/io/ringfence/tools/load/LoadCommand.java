package io.ringfence.tools.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.engine.pipeline.PipelineMode;
import io.ringfence.gateway.RunFile;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.config.AccountsFile;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.schemas.Durability;
import io.ringfence.tools.ExitCode;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.Json;
import io.ringfence.tools.OptionRule.Mirrors;
import io.ringfence.tools.Page;
import io.ringfence.tools.RunningEngine;
import io.ringfence.tools.SessionOption;
import io.ringfence.tools.StopSignal;
import io.ringfence.tools.ToolCommand;
import io.ringfence.tools.WatchedLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sends orders to an engine that another process serves. */
@Command(
        name = "load",
        description = {
            "Send orders to a running engine, found by the directory of its journal (--dir, default ./ringfence-data).",
            "--durability, --mode, --policy and --accounts are the server's to choose: they may be given to make sure of them,"
                    + " and are refused where it runs with others.",
            "Asked to end (SIGINT, SIGTERM) it prints what it had so far, marked as interrupted, with exit 4."
        },
        footer = "  ringfence load --dir ringfence-data --rate 20000 --duration 30")
public final class LoadCommand extends ToolCommand {
    private static final int DEFAULT_INFLIGHT = 64;

    @Mixin
    private LoadOptions options;

    @Option(names = "--principal", paramLabel = "ID", description = "As whom to log on (default 4, tools).")
    @Mirrors("principals.id")
    private int principalId = RunningEngine.TOOLS_PRINCIPAL;

    @Mixin
    private SessionOption session;

    @Override
    public Integer call() {
        StopSignal.listen(); // Asked to end, it sends no more orders and reports those sent so far.
        LoadPlan plan = options.plan(DEFAULT_INFLIGHT).withWarmup(options.warmupNs());
        LoadInput input = options.input();
        Optional<Path> hlog = options.hlog();
        Path directory = options.directory().orElse(RunningEngine.DEFAULT_DIRECTORY);
        RunFile engine = RunningEngine.find(directory);
        requireSameSettings(directory);
        options.policy().ifPresent(file -> requireSame("--policy", engine.activePolicyFile(), file));
        options.accounts().ifPresent(file -> requireSame("--accounts", engine.accountsFile(), file));
        CompiledPolicy policy = CompiledPolicy.read(engine.activePolicyFile());
        LoadRun run =
                new LoadRun(plan, input.tape(plan.ordersWanted()), policy, AccountsFile.read(engine.accountsFile()));
        try (WatchedLine line = new WatchedLine(err())) {
            ClientSettings client = ClientSettings.ofJournal(directory, principalId);
            LoadResult result = run.run(() -> session.connect(directory, client), hlog, new LoadRun.ProgressLine(line));
            line.say("");
            print(result, input, policy, run.requestedCandidateId());
            return result.isCut() ? ExitCode.INTERRUPTED : ExitCode.DONE;
        }
    }

    private void requireSameSettings(Path directory) {
        try (CountersView counters = RunningEngine.counters(directory)) {
            options.durability()
                    .map(Durability::name)
                    .ifPresent(asked -> requireSame("--durability", counters.durability(), asked));
            options.mode().map(PipelineMode::name).ifPresent(asked -> requireSame("--mode", counters.mode(), asked));
        }
    }

    private static void requireSame(String option, String served, String asked) {
        if (!served.equals(asked)) {
            throw new BadInputException(
                    option + ": must be as the engine runs, " + word(served) + ": \"" + word(asked) + '"');
        }
    }

    private static void requireSame(String option, Path served, Path asked) {
        try {
            if (!Files.exists(asked) || !Files.isSameFile(served, asked)) {
                throw new BadInputException(option + ": must be the engine's, " + served + ": \"" + asked + '"');
            }
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }

    private static String word(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private void print(LoadResult result, LoadInput input, CompiledPolicy policy, long requestedCandidateId) {
        String entryHash = HexFormat.of().formatHex(result.tally().headHash());
        if (isJson()) {
            ObjectNode object = result.json();
            object.putObject("head")
                    .put("sequence", result.tally().headSequence())
                    .put("entry_hash", entryHash);
            out().println(Json.text(object));
            return;
        }
        Page page = new Page(out());
        page.line("Load        %s", input.text());
        if (result.isCut()) {
            page.line(LoadText.INTERRUPTED);
        }
        new LoadText(page, policy, requestedCandidateId).print(result, null);
        page.line("");
        page.text("Last answer ", "%d %s", result.tally().headSequence(), entryHash);
    }
}

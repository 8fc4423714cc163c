package io.ringfence.tools.load;

import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.RunFile;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.config.AccountsFile;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.PrincipalEntry;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.config.Setting;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.tools.ExitCode.EnvironmentException;
import io.ringfence.tools.ExitCode.StoppedException;
import io.ringfence.tools.Faults;
import io.ringfence.tools.Installation;
import io.ringfence.tools.Json;
import io.ringfence.tools.Page;
import io.ringfence.tools.RunningEngine;
import io.ringfence.tools.ScratchDirectory;
import io.ringfence.tools.StopSignal;
import io.ringfence.tools.ToolCommand;
import io.ringfence.tools.WatchedLine;
import io.ringfence.tools.input.OrderTape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs engine, gateway and a client in one go, then verifies and replays what they wrote. */
@Command(
        name = "demo",
        description = {
            "Send orders through a gateway, an engine and a journal of its own, over the real transport; then verify and replay"
                    + " what was written.",
            "First it warms up and measures orders one at a time, on an engine that is thrown away. Then it sends --requests"
                    + " orders, --inflight at once: only these are counted, journaled in --dir, verified and replayed.",
            "--dir must be new or empty; without it a fresh one is made under ./ringfence-data. Exit 0: the journal verifies"
                    + " and replays equal; 1: it does not; 4: asked to end (SIGINT, SIGTERM), it printed what it had so"
                    + " far, marked as interrupted."
        },
        footer = {
            "  ringfence demo",
            "  ringfence demo --input bitstamp:orders.csv.bz2 --duration 60 \\",
            "      --durability disk --hlog demo.hlog"
        })
public final class DemoCommand extends ToolCommand {
    private static final int DEFAULT_INFLIGHT = 256;
    private static final long RECORDS_PER_ORDER = 3;
    private static final long ORDERS_PER_S_MAX = 333_333;

    @Mixin
    private LoadOptions options;

    @Override
    public Integer call() {
        StopSignal.listen(); // Asked to end, it begins nothing more and reports what it had so far.
        LoadPlan plan = options.plan(DEFAULT_INFLIGHT);
        LoadPlan warmUp = Rehearsal.warmUpPlan(options.warmupNs(), plan.inflight());
        LoadInput input = options.input();
        Optional<Path> hlog = options.hlog();
        DemoJournal journal = DemoJournal.of(options.directory());
        ServerConfig config = config(journal.directory());
        CompiledPolicy policy = CompiledPolicy.read(config.policyFile());
        AccountsFile accounts = AccountsFile.read(config.accountsFile());
        long ordersMax = Math.max(plan.requestsAtMost(ORDERS_PER_S_MAX), warmUp.requestsAtMost(ORDERS_PER_S_MAX));
        journal.requireRoom(ordersMax * RECORDS_PER_ORDER, config.keptBytes());
        try (WatchedLine line = new WatchedLine(err())) {
            line.say("reading " + input.text());
            OrderTape tape = input.tape(plan.ordersWanted());
            Rehearsal rehearsal = rehearse(journal, warmUp, tape, policy, accounts, line);
            StopSignal.requireNotAsked(String.format(
                    Locale.ROOT,
                    "only a part of the warm-up was done, %,d orders; nothing was measured or journaled",
                    rehearsal.warmUp().tally().requests()));
            tape.rewind();
            LoadRun run = new LoadRun(plan, tape, policy, accounts);
            line.say("starting");
            LoadResult result = onEngine(
                    config,
                    client -> run.run(() -> RunningEngine.connect(client), hlog, new LoadRun.ProgressLine(line)),
                    line);
            JournalProver.Report verified =
                    unlessAsked(progress -> JournalProver.verify(journal.directory(), progress), line, "verified");
            Replay.Report replayed =
                    unlessAsked(progress -> Replay.run(journal.directory(), progress), line, "replayed");
            line.say("");
            DemoReport report = DemoReport.of(rehearsal, result, config, journal, accounts, verified, replayed);
            if (isJson()) {
                out().println(Json.text(report.json()));
            } else {
                report.print(new Page(out()), input, policy, run.requestedCandidateId());
            }
            return report.exitCode();
        }
    }

    /** Reads the journal; gives null when the process has been asked to end. */
    private static <T> T unlessAsked(Function<LongConsumer, T> reading, WatchedLine line, String what) {
        try {
            StopSignal.requireNotAsked(what);
            return reading.apply(records -> {
                line.count(records, what);
                StopSignal.requireNotAsked(what);
            });
        } catch (StoppedException asked) {
            return null;
        }
    }

    private ServerConfig config(Path directory) {
        ServerConfig shipped = ServerConfig.read(Installation.conf("ringfence.yaml"));
        return shipped.with(
                directory,
                Optional.empty(),
                options.durability().orElseGet(Setting.DURABILITY::byDefault),
                options.mode(),
                options.policy().orElseGet(() -> Installation.conf("policies/crypto.yaml")),
                options.accounts().orElseGet(() -> Installation.conf("accounts.yaml")));
    }

    /** Warms up, then measures orders one at a time, on an engine that is thrown away. */
    private Rehearsal rehearse(
            DemoJournal journal,
            LoadPlan warmUp,
            OrderTape tape,
            CompiledPolicy policy,
            AccountsFile accounts,
            WatchedLine line) {
        line.say("warming up");
        try (ScratchDirectory scratch = ScratchDirectory.in(journal.directory(), "--dir")) {
            Function<ClientSettings, Rehearsal> phases = client -> {
                LoadResult warm = rehearse(warmUp, tape, policy, accounts, client);
                line.say("one in flight");
                return new Rehearsal(warm, rehearse(Rehearsal.oneInFlightPlan(), tape, policy, accounts, client));
            };
            return onEngine(config(scratch.path()), phases, line);
        }
    }

    private static LoadResult rehearse(
            LoadPlan plan, OrderTape tape, CompiledPolicy policy, AccountsFile accounts, ClientSettings client) {
        tape.rewind();
        return new LoadRun(plan, tape, policy, accounts)
                .run(() -> RunningEngine.connect(client), Optional.empty(), interval -> {});
    }

    /** Starts an engine, uses it, and stops it cleanly. */
    private static <T> T onEngine(ServerConfig config, Function<ClientSettings, T> use, WatchedLine line) {
        try (Ringfence engine = Ringfence.start(config, false, StopSignal::isAsked)) {
            try {
                RunFile.of(engine, config).write(config.dataDir());
                T result = Faults.orEnd(() -> use.apply(client(config)));
                line.say("stopping");
                return result;
            } catch (IOException cannotWrite) {
                throw new EnvironmentException(cannotWrite.getMessage(), cannotWrite);
            } catch (EnvironmentException broken) {
                if (engine.hasEnded()) {
                    throw new EnvironmentException("the engine stopped: " + engine.failureText(), engine.failure());
                }
                throw broken;
            }
        }
    }

    private static ClientSettings client(ServerConfig config) {
        int principalId = config.principals().stream()
                .filter(principal -> principal.role() == PrincipalEntry.Role.TRADER)
                .mapToInt(PrincipalEntry::id)
                .findFirst()
                .orElse(1);
        return ClientSettings.ofJournal(config.dataDir(), principalId);
    }
}

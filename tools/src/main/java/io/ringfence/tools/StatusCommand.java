package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.RunFile;
import io.ringfence.gateway.config.AccountsFile;
import io.ringfence.gateway.config.ConfigFault;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.counters.EngineCounter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the numbers of an engine from outside its process. */
@Command(
        name = "status",
        description = {
            "Show what an engine has decided and how its accounts stand, read from the counters file in its directory: while it"
                    + " runs, or as it was when it ended.",
            "What was rejected, what was refused and the replaces denied are together what the reasons count. The position of an"
                    + " account is that of the instrument it traded last.",
            "Exit 0; 1 when the engine stopped because something is broken."
        },
        footer = "  ringfence status --dir ringfence-data --json")
final class StatusCommand extends ToolCommand {
    private static final double US_NS = 1e3;

    @Option(
            names = "--dir",
            paramLabel = "D",
            description = "Directory of the engine's journal (default ./ringfence-data).")
    private Path directory = RunningEngine.DEFAULT_DIRECTORY;

    @Override
    public Integer call() {
        try (CountersView counters = RunningEngine.counters(directory)) {
            AccountsTable accounts = AccountsTable.of(counters);
            names().ifPresent(accounts::named);
            if (isJson()) {
                out().println(JsonLine.text(json(counters, accounts)));
            } else {
                print(counters, accounts);
            }
            return counters.engine().getOrDefault(EngineCounter.FAILED, 0L) == 0
                    ? ExitCode.DONE
                    : ExitCode.CHECK_FAILED;
        }
    }

    /** The names of the accounts, where the file that the engine started with can still be read. */
    private Optional<AccountsFile> names() {
        try {
            return RunFile.read(directory).map(run -> AccountsFile.read(run.accountsFile()));
        } catch (IOException | ConfigFault unnamed) {
            return Optional.empty(); // The numbers stand without names.
        }
    }

    private ObjectNode json(CountersView counters, AccountsTable accounts) {
        ObjectNode object = JsonLine.object()
                .put("dir", directory.toString())
                .put("process_id", counters.processId())
                .put("alive", counters.isProcessAlive())
                .put("started_at_ns", counters.startedAtNs())
                .put("mode", counters.mode())
                .put("durability", counters.durability());
        Map<EngineCounter, Long> engine = counters.engine();
        for (EngineCounter counter : EngineCounter.values()) {
            object.put(counter.label(), engine.getOrDefault(counter, 0L));
        }
        object.put("replaces_denied", replacesDenied(counters));
        ObjectNode reasons = object.putObject("reasons");
        counters.reasons().forEach((reason, count) -> reasons.put(reason.name(), count));
        accounts.putInto(object.putArray("accounts"));
        return object;
    }

    private void print(CountersView counters, AccountsTable accounts) {
        Map<EngineCounter, Long> engine = counters.engine();
        Page page = new Page(out());
        page.text(
                "Engine      ",
                "process %d, %s, %s, %s, since %s",
                counters.processId(),
                state(counters, engine),
                counters.mode().toLowerCase(Locale.ROOT),
                counters.durability().toLowerCase(Locale.ROOT),
                Instant.EPOCH.plus(Duration.ofNanos(counters.startedAtNs())).truncatedTo(ChronoUnit.SECONDS));
        page.text(
                "Decisions   ",
                "%,d: %,d admitted, %,d of them substituted, %,d rejected; %,d duplicates, %,d replaces denied, %,d refused",
                engine.get(EngineCounter.DECISIONS),
                engine.get(EngineCounter.ADMITTED),
                engine.get(EngineCounter.SUBSTITUTED),
                engine.get(EngineCounter.REJECTED),
                engine.get(EngineCounter.DUPLICATES),
                replacesDenied(counters),
                engine.get(EngineCounter.REFUSED));
        page.text(
                "Journal     ",
                "sequence %,d, appended %,d, on disk %,d; last sync %,.0f us, longest %,.0f us",
                engine.get(EngineCounter.SEQUENCE),
                engine.get(EngineCounter.APPENDED),
                engine.get(EngineCounter.WATERMARK),
                engine.get(EngineCounter.LAST_SYNC_NS) / US_NS,
                engine.get(EngineCounter.MAX_SYNC_NS) / US_NS);
        page.text(
                "Gateway     ",
                "%,d sessions, %,d of %,d slots taken, %,d open holds",
                engine.get(EngineCounter.SESSIONS),
                engine.get(EngineCounter.RING_DEPTH),
                engine.get(EngineCounter.RING_SIZE),
                engine.get(EngineCounter.OPEN_HOLDS));
        page.line(
                "Failures    %,d snapshots not written, %,d turns of the watch",
                engine.getOrDefault(EngineCounter.SNAPSHOT_FAILURES, 0L),
                engine.getOrDefault(EngineCounter.WATCH_FAILURES, 0L));
        if (!counters.reasons().isEmpty()) {
            page.line("%nRejected, denied or refused because");
            page.reasons(List.copyOf(counters.reasons().entrySet()));
        }
        accounts.print(page);
    }

    /** Every reason stands for a decision that was rejected, a message that was refused, or a replace that was neither. */
    private static long replacesDenied(CountersView counters) {
        long reasons =
                counters.reasons().values().stream().mapToLong(Long::longValue).sum();
        Map<EngineCounter, Long> engine = counters.engine();
        return Math.max(0, reasons - engine.get(EngineCounter.REJECTED) - engine.get(EngineCounter.REFUSED));
    }

    private static String state(CountersView counters, Map<EngineCounter, Long> engine) {
        if (engine.get(EngineCounter.FAILED) != 0) {
            return "FAILED";
        }
        if (!counters.isProcessAlive()) {
            return "ended";
        }
        if (engine.get(EngineCounter.DISK_LOW) != 0) {
            return "refusing admissions: disk low";
        }
        return engine.get(EngineCounter.CLOCK_STEPPED) != 0 ? "refusing admissions: clock stepped" : "running";
    }
}

package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.FaultFile;
import io.ringfence.gateway.RunFile;
import io.ringfence.gateway.config.AccountsFile;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.ConfigFault;
import io.ringfence.gateway.counters.ActivePolicy;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.counters.CountersView.State;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.tools.journal.Trust;
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
            "Show what an engine has decided, how its accounts stand, where its learning is frozen, from which providers"
                    + " requests are kept, and how much of its bounds each use case has explored."
                    + " The numbers come from the counters file in its"
                    + " directory: they are those of now while it runs, and the last ones after its end.",
            "An engine is starting (it reads its journal), running, stopped (it ended cleanly), failed (also a start that was"
                    + " refused), or killed (its process ended without a word).",
            "The reasons count what was rejected, what was refused and the replaces that were denied, together.",
            "Exit 0; 1 when the engine failed."
        },
        footer = "  ringfence status --dir ringfence-data --json")
final class StatusCommand extends ToolCommand {
    private static final double US_NS = 1e3;
    private static final double SECOND_NS = 1e9;

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
            Optional<CompiledPolicy> policy = GuardrailsText.policy(counters, directory);
            GuardrailsText guardrails = GuardrailsText.of(counters, policy);
            ExplorationText exploration =
                    new ExplorationText(counters.exploration(), policy.map(CompiledPolicy::names));
            if (isJson()) {
                out().println(Json.text(json(counters, accounts, guardrails, exploration)));
            } else {
                print(counters, accounts, guardrails, exploration);
            }
            return counters.state() == State.FAILED ? ExitCode.CHECK_FAILED : ExitCode.DONE;
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

    private ObjectNode json(
            CountersView counters, AccountsTable accounts, GuardrailsText guardrails, ExplorationText exploration) {
        ObjectNode object = Json.object()
                .put("dir", directory.toString())
                .put("process_id", counters.processId())
                .put("state", counters.state().name().toLowerCase(Locale.ROOT))
                .put("alive", counters.isEngineAlive())
                .put("started_at_ns", counters.startedAtNs())
                .put("ended_at_ns", counters.endedAtNs())
                .put("mode", counters.mode())
                .put("durability", counters.durability())
                .put("failure", failure(counters));
        Map<EngineCounter, Long> engine = counters.engine();
        for (EngineCounter counter : EngineCounter.values()) {
            if (!counter.isMask()) {
                object.put(counter.label(), engine.getOrDefault(counter, 0L));
            }
        }
        guardrails.putInto(object);
        exploration.putInto(object.putArray("exploration"));
        ActivePolicy policy = counters.policy();
        object.put("policy_epoch", policy == null ? null : policy.epoch())
                .put("policy_sequence", policy == null ? null : policy.sequence())
                .put("policy_digest", policy == null ? null : policy.digest());
        object.put("replaces_denied", replacesDenied(counters));
        object.put("authenticated", false).put("caution", Trust.text());
        ObjectNode reasons = object.putObject("reasons");
        counters.reasons().forEach((reason, count) -> reasons.put(reason.name(), count));
        counters.principalsWithSession().forEach(object.putArray("principals_with_session")::add);
        accounts.putInto(object.putArray("accounts"));
        return object;
    }

    private void print(
            CountersView counters, AccountsTable accounts, GuardrailsText guardrails, ExplorationText exploration) {
        Map<EngineCounter, Long> engine = counters.engine();
        Page page = new Page(out());
        page.text(
                "Engine      ",
                "process %d, %s, %s, %s, started %s%s",
                counters.processId(),
                state(counters, engine),
                counters.mode().toLowerCase(Locale.ROOT),
                counters.durability().toLowerCase(Locale.ROOT),
                time(counters.startedAtNs()),
                counters.endedAtNs() == 0 ? "" : ", ended " + time(counters.endedAtNs()));
        if (failure(counters) != null) {
            page.text("Failure     ", "%s", failure(counters));
        }
        page.text("Policy      ", "%s", policy(counters.policy()));
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
        page.line("Older       %s", older(engine));
        page.text("Proof       ", "%s%s", head(engine), Trust.text());
        page.text("Snapshots   ", "%s", snapshots(engine));
        page.line(
                "Failures    %,d snapshots not written, %,d turns of the watch, %,d heads not kept",
                engine.getOrDefault(EngineCounter.SNAPSHOT_FAILURES, 0L),
                engine.getOrDefault(EngineCounter.WATCH_FAILURES, 0L),
                engine.getOrDefault(EngineCounter.HEAD_FAILURES, 0L));
        page.line(
                "Guardrails  %,d decisions kept from a provider, %,d outcomes while learning was frozen, %,d alarms",
                engine.getOrDefault(EngineCounter.WITHHELD, 0L),
                engine.getOrDefault(EngineCounter.FROZEN_OUTCOMES, 0L),
                engine.getOrDefault(EngineCounter.LEARNING_ALARMS, 0L));
        guardrails.print(page);
        exploration.print(page);
        long facts = engine.getOrDefault(EngineCounter.OUTSTANDING_FACTS, 0L);
        if (facts != 0) {
            page.text(
                    "Facts       ",
                    "%,d OUTSTANDING, %,d of them of no account: see account facts",
                    facts,
                    engine.getOrDefault(EngineCounter.UNOWNED_FACTS, 0L));
        }
        if (!counters.reasons().isEmpty()) {
            page.line("%nRejected, denied or refused because");
            page.reasons(List.copyOf(counters.reasons().entrySet()));
        }
        accounts.print(page);
    }

    /** The policy in force, and since when if a person has put it into force meanwhile. */
    private static String policy(ActivePolicy policy) {
        if (policy == null) {
            return "none yet";
        }
        String since = policy.sequence() == 0
                ? "in force when serving began"
                : String.format(Locale.ROOT, "since sequence %,d", policy.sequence());
        return "epoch " + Long.toUnsignedString(policy.epoch()) + ", digest " + policy.digest() + ", " + since;
    }

    /** The head that was kept last, where the engine keeps heads. */
    private static String head(Map<EngineCounter, Long> engine) {
        long sequence = engine.getOrDefault(EngineCounter.HEAD_KEPT, 0L);
        return sequence == 0 ? "" : String.format(Locale.ROOT, "a head is kept at %,d; ", sequence);
    }

    /** Why a failed engine stopped; null if it has not failed, or could not write why. */
    private String failure(CountersView counters) {
        return counters.state() == State.FAILED ? FaultFile.reason(directory).orElse(null) : null;
    }

    /** The newest snapshot: where, when, how long, by whom; and how far the follower is. */
    private static String snapshots(Map<EngineCounter, Long> engine) {
        long sequence = engine.getOrDefault(EngineCounter.SNAPSHOT_SEQUENCE, 0L);
        long skipped = engine.getOrDefault(EngineCounter.SNAPSHOTS_SKIPPED, 0L);
        long followed = engine.getOrDefault(EngineCounter.FOLLOWED, 0L);
        String follower = followed == 0 ? "" : String.format(Locale.ROOT, "; the follower is at %,d", followed);
        if (sequence == 0) {
            return "none yet" + follower;
        }
        long ageMs = System.currentTimeMillis() - engine.getOrDefault(EngineCounter.SNAPSHOT_AT_MS, 0L);
        return String.format(
                Locale.ROOT,
                "the newest at %,d, %,d s old, %,d bytes, by %s; %,d skipped%s",
                sequence,
                Math.max(0, Duration.ofMillis(ageMs).toSeconds()),
                engine.getOrDefault(EngineCounter.SNAPSHOT_BYTES, 0L),
                author(engine.getOrDefault(EngineCounter.SNAPSHOT_BY, 0L)),
                skipped,
                follower);
    }

    private static String author(long code) {
        return switch ((int) code) {
            case 1 -> "the stages";
            case 2 -> "the follower";
            case 3 -> "the stop";
            default -> "an earlier process";
        };
    }

    /** A reason is counted for a rejected decision, a refused message or a denied replace: what is left is the replaces. */
    private static long replacesDenied(CountersView counters) {
        long reasons =
                counters.reasons().values().stream().mapToLong(Long::longValue).sum();
        Map<EngineCounter, Long> engine = counters.engine();
        return Math.max(0, reasons - engine.get(EngineCounter.REJECTED) - engine.get(EngineCounter.REFUSED));
    }

    /** How far the records are proved that the start had left out. */
    private static String older(Map<EngineCounter, Long> engine) {
        long records = engine.getOrDefault(EngineCounter.OLDER_RECORDS, 0L);
        long proved = engine.getOrDefault(EngineCounter.OLDER_PROVED, 0L);
        long damaged = engine.getOrDefault(EngineCounter.DAMAGED_SEQUENCE, 0L);
        if (damaged != 0) {
            return String.format(
                    Locale.ROOT, "records DAMAGED at sequence %,d: %,d of %,d are proved", damaged, proved, records);
        }
        return proved == records
                ? String.format(Locale.ROOT, "records proved: %,d since the start", records)
                : String.format(Locale.ROOT, "records: proving %,d of %,d", proved, records);
    }

    private static Instant time(long epochNs) {
        return Instant.EPOCH.plus(Duration.ofNanos(epochNs)).truncatedTo(ChronoUnit.SECONDS);
    }

    private static String clockStepped(Map<EngineCounter, Long> engine) {
        double aheadS = engine.getOrDefault(EngineCounter.CLOCK_AHEAD_NS, 0L) / SECOND_NS;
        return String.format(
                Locale.ROOT,
                "running, refuses admissions: the wall clock is %,.1f s %s event time; if it is right, accept it:"
                        + " ringfence clock accept",
                Math.abs(aheadS),
                aheadS < 0 ? "ahead of" : "behind");
    }

    private static String state(CountersView counters, Map<EngineCounter, Long> engine) {
        return switch (counters.state()) {
            case STOPPED -> "stopped";
            case FAILED -> "FAILED";
            case KILLED -> "killed: it did not end cleanly";
            case STARTING -> "starting: reads its journal";
            case RUNNING -> {
                if (engine.getOrDefault(EngineCounter.DAMAGED_SEQUENCE, 0L) != 0) {
                    yield "running, refuses admissions: the journal is damaged";
                }
                if (engine.getOrDefault(EngineCounter.NEXT_FILE_FAILED, 0L) != 0) {
                    yield "running, refuses admissions: the next roll file cannot be made";
                }
                if (engine.get(EngineCounter.DISK_LOW) != 0) {
                    yield "running, refuses admissions: disk low";
                }
                yield engine.get(EngineCounter.CLOCK_STEPPED) != 0 ? clockStepped(engine) : "running";
            }
        };
    }
}

package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.engine.rights.Rights;
import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.RunFile;
import io.ringfence.gateway.StartStoppedException;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.ConfigFault;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.counters.ActivePolicy;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.durability.WatermarkFile;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.recovery.Recovery;
import io.ringfence.tools.ExitCode.EnvironmentException;
import io.ringfence.tools.journal.JournalPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs an engine with its journal and its gateway until it is told to stop. */
@Command(
        name = "serve",
        description = {
            "Run an engine, its journal and its gateway. Says in one line when it is ready, and where, and in another where the time of its start went; ends cleanly on SIGTERM"
                    + " or SIGINT.",
            "Exit 0: stopped cleanly; 2: the configuration is wrong; 3: the machine does not give what is needed, or the engine"
                    + " stopped because something is broken."
        },
        footer = "  ringfence serve --config conf/ringfence.yaml --dir ringfence-data")
final class ServeCommand extends ToolCommand {
    private static final long POLL_MS = 50;
    private static final double SECOND_NS = 1e9;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "How to run (default: the ringfence.yaml that ships).")
    @OptionRule.OfFile
    private Path file;

    @Option(
            names = "--dir",
            paramLabel = "D",
            description = "Directory of the journal, in place of the one configured.")
    private Path directory;

    @Option(
            names = "--apply-rights",
            description =
                    "Give principals the rights that the configuration says, where the journal says others. Without it a"
                            + " difference is only told.")
    private boolean appliesRights;

    @Override
    public Integer call() {
        StopSignal.listen();
        Path configFile = file == null ? Installation.conf("ringfence.yaml") : file;
        ServerConfig config = config(configFile);
        JournalPath.requirePossible(directory == null ? configFile + ": data_dir" : "--dir", config.dataDir());
        OptionRule.requireFile(configFile + ": policy", config.policyFile());
        OptionRule.requireFile(configFile + ": accounts", config.accountsFile());
        JournalPath.requireWritable(config.dataDir());
        clearLeftovers(config);
        try (Ringfence engine = Ringfence.start(config, appliesRights, StopSignal::isAsked)) {
            serve(config, engine);
            if (engine.hasEnded()) {
                throw new EnvironmentException("the engine stopped: " + engine.failureText(), engine.failure());
            }
            sayEnd(config.dataDir());
        } catch (StartStoppedException asked) {
            sayStopped();
        } catch (JournalException unusable) {
            // To verify it is a check that failed; to serve from it cannot be done at all.
            throw new EnvironmentException(unusable.getMessage(), unusable);
        } catch (IOException cannotWrite) {
            throw new EnvironmentException(cannotWrite.getMessage(), cannotWrite);
        }
        return ExitCode.DONE;
    }

    /** What the journal ends with after a clean stop: kept elsewhere, it tells later whether anything before it has changed. */
    private void sayEnd(Path dataDirectory) {
        WatermarkFile.Watermark promise = WatermarkFile.read(dataDirectory);
        if (promise == null || promise.head().sequence() == 0) {
            return; // Somebody changed the file since: nothing vouches for an end.
        }
        Head head = promise.head();
        String line = "ringfence: stopped cleanly: head " + head.sequence() + ' ' + head.entryHashHex();
        (isJson() ? err() : out())
                .println(line); // With --json standard output has one object, which is printed at the start.
    }

    /** An error of the JVM ends the process here: closing the engine may hang. */
    private void serve(ServerConfig config, Ringfence engine) throws IOException {
        try {
            RunFile run = RunFile.of(engine, config);
            run.write(config.dataDir());
            sayRecovered(config.dataDir(), engine.recovery());
            sayRights(engine);
            sayClock(config.dataDir(), engine);
            sayWithoutKey(engine.useCasesWithoutKey());
            if (StopSignal.isAsked()) {
                sayStopped();
            } else {
                sayReady(config, run, engine);
            }
            serveToTheEnd(config, run, engine);
        } catch (Error broken) {
            Faults.end(broken);
        }
    }

    /** Deletes what a killed engine left in shared memory; its run file names it. */
    private void clearLeftovers(ServerConfig config) {
        try {
            RunFile.read(config.dataDir()).ifPresent(run -> run.clearLeftovers(config.dataDir()));
        } catch (IOException unreadable) {
            // A loss of power may leave it empty. It is written anew in a moment, and no record depends on it.
            err().printf(
                            Locale.ROOT,
                            "ringfence: files that a killed process may have left in shared memory are not deleted: %s%n",
                            Faults.text(unreadable));
        }
    }

    private ServerConfig config(Path configFile) {
        ServerConfig config = ServerConfig.read(configFile);
        if (directory == null) {
            return config;
        }
        return config.with(
                directory,
                config.aeronDirectory(),
                config.durability(),
                config.mode(),
                config.policyFile(),
                config.accountsFile());
    }

    private void serveToTheEnd(ServerConfig config, RunFile started, Ringfence engine) {
        boolean isOver = false;
        RunFile run = started;
        while (!isOver) {
            run = followed(config.dataDir(), run, engine);
            isOver = engine.hasEnded() || StopSignal.isAskedWithin(POLL_MS);
        }
        boolean hasFailed = engine.hasEnded();
        try {
            engine.close(); // What was taken is answered here, which may fail too.
        } catch (RuntimeException another) {
            if (!hasFailed) {
                throw another;
            }
            // It only follows from what has ended the engine, which is told.
        }
    }

    /** Once a person has put another policy into force: tells other processes, and what the next start will say. */
    private RunFile followed(Path dataDirectory, RunFile run, Ringfence engine) {
        ActivePolicy active = engine.counters().policy();
        if (active == null || active.equals(run.policy())) {
            return run;
        }
        try {
            Optional<RunFile> followed = run.followed(active, dataDirectory);
            if (followed.isPresent()) {
                followed.get().write(dataDirectory);
                sayPolicy(followed.get());
                sayWithoutKey(engine.useCasesWithoutKey(
                        CompiledPolicy.read(followed.get().activePolicyFile())));
            }
            return followed.orElse(run);
        } catch (IOException | JournalException | ConfigFault cannot) {
            err().printf(
                            Locale.ROOT,
                            "ringfence: the policy of epoch %s is in force, and %s does not say so: %s%n",
                            Long.toUnsignedString(active.epoch()),
                            RunFile.NAME,
                            cannot.getMessage());
            return run.with(active, run.activePolicyFile()); // Told once.
        }
    }

    private void sayPolicy(RunFile run) {
        String epoch = Long.toUnsignedString(run.policy().epoch());
        String next = run.isConfiguredActive()
                ? run.policyFile() + " is this policy"
                : run.policyFile() + " is another policy, which the next start refuses: copy " + run.activePolicyFile()
                        + " there before";
        err().printf(
                        Locale.ROOT,
                        "ringfence: the policy of epoch %s, digest %s, is in force since sequence %d; %s%n",
                        epoch,
                        run.policy().digest(),
                        run.policy().sequence(),
                        next);
    }

    private void sayStopped() {
        err().println("ringfence: asked to end during the start: stopped cleanly, nobody was served");
    }

    /** One line for each thing about the journal that a person might not expect; mostly nothing. */
    private void sayRecovered(Path dataDirectory, Recovery.Report recovery) {
        String others = JournalPath.below(dataDirectory);
        if (recovery.isNew() && !others.isEmpty()) {
            err().printf(
                            Locale.ROOT,
                            "ringfence: a new journal begins in %s itself; those below it are others, and stay as they are: %s%n",
                            dataDirectory,
                            others);
        }
        if (!recovery.isNew() && !recovery.hadWatermark()) {
            err().printf(
                            Locale.ROOT,
                            "ringfence: the watermark file was empty or missing, so nothing vouched for the end of the journal at"
                                    + " sequence %d: whether records are lost behind it cannot be told%n",
                            recovery.head().sequence());
        }
        if (recovery.cause() != null) {
            err().printf(
                            Locale.ROOT,
                            "ringfence: the journal ends at sequence %d: discarded %d records in %d bytes behind it (%s);"
                                    + " the damaged files lie in %s%n",
                            recovery.head().sequence(),
                            recovery.discardedRecords(),
                            recovery.discardedBytes(),
                            recovery.cause(),
                            recovery.setAside());
        }
    }

    /** One line for each principal whose rights in the journal are not those of the configuration; mostly nothing. */
    private void sayRights(Ringfence engine) {
        for (String difference : engine.rightsDifferences()) {
            err().printf(
                            Locale.ROOT,
                            "ringfence: rights of %s: %s%n",
                            difference,
                            appliesRights ? "put as the file says" : "not put; --apply-rights puts what the file says");
        }
    }

    /** What to do about a wall clock that is behind the journal; mostly nothing. */
    private void sayClock(Path dataDirectory, Ringfence engine) {
        if (engine.hasClockStepped()) {
            err().printf(
                            Locale.ROOT,
                            "ringfence: the wall clock is %,.0f s behind the journal's last record: new risk is refused (CLOCK_STEP)."
                                    + " If the wall clock is wrong, stop, set it and start again; if it is right, a principal"
                                    + " with the role risk accepts it: ringfence clock accept --dir %s --why TEXT%n",
                            engine.clockAheadNs() / SECOND_NS,
                            dataDirectory);
        }
    }

    /** What follows the kernel though its policy says that it explores; mostly nothing. */
    private void sayWithoutKey(List<String> useCases) {
        if (!useCases.isEmpty()) {
            err().printf(
                            Locale.ROOT,
                            "ringfence: no exploration key is configured (exploration.key_file), so these use cases follow the kernel's"
                                    + " choice: %s%n",
                            String.join(", ", useCases));
        }
    }

    private void sayReady(ServerConfig config, RunFile run, Ringfence engine) {
        List<Rights.Entry> rights = engine.rights();
        try (CountersView counters = RunningEngine.counters(config.dataDir())) {
            if (isJson()) {
                out().println(Json.text(Json.object()
                        .put("dir", config.dataDir().toString())
                        .put("process_id", run.processId())
                        .put("aeron_directory", run.gateway().aeronDirectory().toString())
                        .put("request_stream_id", run.gateway().requestStreamId())
                        .put("mode", counters.mode())
                        .put("durability", counters.durability())
                        .put("policy_epoch", run.policy().epoch())
                        .put("policy_digest", run.policy().digest())
                        .<ObjectNode>set("start", startJson(engine))
                        .set("principals", RightsText.json(rights))));
            } else {
                out().printf(
                                Locale.ROOT,
                                "ringfence: serving %s: process %d, Aeron directory %s, stream %d, %s, %s; policy epoch %s, digest %s; %s%n",
                                config.dataDir(),
                                run.processId(),
                                run.gateway().aeronDirectory(),
                                run.gateway().requestStreamId(),
                                counters.mode().toLowerCase(Locale.ROOT),
                                counters.durability().toLowerCase(Locale.ROOT),
                                Long.toUnsignedString(run.policy().epoch()),
                                run.policy().digest(),
                                RightsText.line(rights, config.principals()));
                sayHowItStarted(engine);
            }
        }
    }

    /** Where the time of the start went; nothing for a new journal. */
    private void sayHowItStarted(Ringfence engine) {
        Recovery.Report recovery = engine.recovery();
        if (recovery.isNew()) {
            return;
        }
        String from = engine.restoredSequence() == 0
                ? "the first record"
                : String.format(
                        Locale.ROOT,
                        "the snapshot at sequence %,d, restored in %.3f s",
                        engine.restoredSequence(),
                        engine.restoredNs() / SECOND_NS);
        Recovery.Work work = recovery.work();
        out().printf(
                        Locale.ROOT,
                        "ringfence: started from %s; %,d records proved in %.3f s, %,d of them applied in %.3f s of it;"
                                + " %,d older ones are proved from now on (by the chain: not authenticated, see verify)%n",
                        from,
                        work.records(),
                        work.provedNs() / SECOND_NS,
                        recovery.head().sequence() - engine.restoredSequence(),
                        work.appliedNs() / SECOND_NS,
                        work.firstSequence() - 1);
    }

    private static ObjectNode startJson(Ringfence engine) {
        Recovery.Work work = engine.recovery().work();
        return Json.object()
                .put("restored_sequence", engine.restoredSequence())
                .put("restored_ns", engine.restoredNs())
                .put("proved_records", work.records())
                .put("proved_ns", work.provedNs())
                .put("applied_records", engine.recovery().head().sequence() - engine.restoredSequence())
                .put("applied_ns", work.appliedNs())
                .put("older_records", work.firstSequence() - 1)
                .put("authenticated", false);
    }
}

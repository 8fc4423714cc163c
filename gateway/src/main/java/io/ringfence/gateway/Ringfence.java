package io.ringfence.gateway;

import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.SleepingWaitStrategy;
import com.lmax.disruptor.WaitStrategy;
import com.lmax.disruptor.YieldingWaitStrategy;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.Engine.FailureLatch;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.pipeline.Pipeline;
import io.ringfence.engine.pipeline.PipelineMode;
import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.gateway.answers.AnswerMemory;
import io.ringfence.gateway.answers.FactsIndex;
import io.ringfence.gateway.config.AccountsFile;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.config.ServerConfig.PrincipalEntry;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.replay.EngineRecovery;
import io.ringfence.gateway.replay.FactsRebuild;
import io.ringfence.gateway.replay.JournalAnswers;
import io.ringfence.gateway.replay.RecordReplay;
import io.ringfence.gateway.server.AdminPort;
import io.ringfence.gateway.server.GatewayAgent;
import io.ringfence.gateway.server.GatewayMemory;
import io.ringfence.gateway.server.GatewaySettings;
import io.ringfence.gateway.server.TurnClock;
import io.ringfence.gateway.session.Principals;
import io.ringfence.gateway.session.SessionSettings;
import io.ringfence.gateway.transport.DriverDirectory;
import io.ringfence.gateway.transport.Transport;
import io.ringfence.gateway.transport.TransportSettings;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.journal.JournalOptions;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.recovery.RecoveryReport;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.YieldingIdleStrategy;

/**
 * One running engine with its journal and its gateway: the class that wires everything.
 *
 * <p>{@link #start} recovers the journal and serves; {@link #close} answers what was taken, writes a last snapshot and stops
 * cleanly. Both are for the thread that owns the process; the accessors are safe from any thread.
 */
public final class Ringfence implements AutoCloseable {
    /** Slots where publishing runs the stages: few, so that they stay in the nearest cache. */
    private static final int COMPACT_RING = 8;

    private static final int LARGE_RING = 4_096;
    private static final int IDLE_SPINS = 100;
    private static final int IDLE_YIELDS = 100;
    private static final long IDLE_MAX_PARK_NS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final SecureRandom NAMES = new SecureRandom();

    private final ServerConfig config;
    private final OpenResources parts;
    private final JournalDirectory journal;
    private final Housekeeping housekeeping;
    private final Engine engine;
    private final Pipeline pipeline;
    private final CountersFile counters;
    private final JournalAnswers pastAnswers;
    private final Transport transport;
    private final GatewayAgent agent;
    private final TurnClock clock;
    private final AgentRunner runner;
    private boolean isClosed;
    private boolean isCleanEnd;

    /**
     * Recovers the journal of the data directory, or begins one, and serves.
     *
     * @throws io.ringfence.gateway.config.ConfigFault when the policy, the accounts or the deciding settings are not to be had
     *                                                  or do not fit the journal.
     * @throws JournalException                         when the journal cannot be opened or recovered.
     * @throws java.io.UncheckedIOException             when the Aeron directory is not free; no record was written then.
     */
    public static Ringfence start(ServerConfig config) {
        CompiledPolicy policy = CompiledPolicy.read(config.policyFile());
        AccountsFile accounts = AccountsFile.read(config.accountsFile());
        OpenResources parts = new OpenResources();
        try {
            JournalDirectory journal = parts.add(JournalDirectory.open(config.dataDir(), journalOptions(config)));
            DriverDirectory.requireFree(aeronDirectory(config), config.dataDir()); // Before a record is written.
            return new Ringfence(config, policy, accounts, journal, parts);
        } catch (RuntimeException | Error cannotStart) {
            parts.closeAfter(cannotStart);
            throw cannotStart;
        }
    }

    /**
     * A roll file is made ready while the one before it is written: its length is what is touched ahead. There must be room for
     * both and for the files beside them, and the headroom must be left then, or every admission would be refused from the start.
     */
    private static JournalOptions journalOptions(ServerConfig config) {
        JournalOptions durable = JournalOptions.of(config.durability());
        JournalOptions options =
                config.rollLength().map(durable::withSegmentLength).orElse(durable);
        return options.withRequiredBytes(config.diskHeadroom() + 2 * options.segmentLength() + CountersFile.LENGTH);
    }

    private Ringfence(
            ServerConfig config,
            CompiledPolicy policy,
            AccountsFile accounts,
            JournalDirectory journal,
            OpenResources parts) {
        this.config = config;
        this.parts = parts;
        this.journal = journal;
        counters = openCounters();
        parts.addToOutlive(this::showEnd);
        parts.addToOutlive(counters);
        boolean isNew = journal.recovery().isNew();
        EngineSettings settings = isNew ? config.deciding().forNewJournal(NAMES) : journalSettings();
        if (!isNew) {
            config.deciding().requireSame(settings, config.dataDir());
        }
        RecordReplay replay = new RecordReplay();
        FactsIndex facts = parts.add(new FactsIndex(
                config.outcomeWindow(),
                config.outcomeMaxAgeNs(),
                journal.recovery().head().sequence()));
        housekeeping = parts.add(new Housekeeping(config, journal));
        SnapshotSink snapshots = housekeeping.snapshots();
        AnswerMemory answers = parts.add(new AnswerMemory(settings.rememberedInAll()));
        pastAnswers = new JournalAnswers(
                config.dataDir(),
                config.durability(),
                journal::answerableSequence,
                new ErrorLine(System.err, "past answers"));
        GatewayMemory memory = new GatewayMemory(answers, facts, pastAnswers, config.durability());
        EngineRecovery recovery = new EngineRecovery(config.dataDir(), replay);
        if (isNew) {
            engine = new Engine(settings, replay.log(), snapshots);
        } else {
            engine = recovery.recover(
                    () -> new Engine(settings, replay.log(), snapshots),
                    journal.recovery().head().sequence(),
                    new FactsRebuild(facts)::accept,
                    memory::recover);
            engine.forEachPrincipal(memory::seen);
        }
        engine.log(journal.writer()::append);
        long nowNs = Math.max(wallClockNs(), recovery.lastTimestampNs());
        boot(policy, accounts, settings, isNew, nowNs);

        PipelineMode mode = mode(config.mode());
        pipeline = parts.add(new Pipeline(engine, mode, ringSize(mode), waitStrategy(config.waitStrategy())));
        transport = parts.add(Transport.launch(transportSettings(mode), new ErrorLine(System.err, "transport")));
        clock = new TurnClock(SystemNanoClock.INSTANCE, SystemEpochNanoClock.INSTANCE, nowNs, config.maxClockStepNs());
        agent = new GatewayAgent(
                new GatewaySettings(sessionSettings(), principals(), settings.tickIntervalNs()),
                transport,
                pipeline,
                memory,
                housekeeping.journalStatus(),
                counters,
                clock);
        engine.forEachAccount(agent.decided()::note);
        parts.add(pastAnswers).start(agent.admin()::offerAnswer);
        housekeeping.begin(agent.admin()::requestSnapshot, recovery.lastSnapshotId(), engine.lastSequence(), counters);
        runner =
                new AgentRunner(idleStrategy(config.waitStrategy()), new ErrorLine(System.err, "gateway"), null, agent);
        AgentRunner.startOnThread(runner, task -> new Thread(new RunOnceTask(task)));
    }

    private EngineSettings journalSettings() {
        try (JournalReader reader = JournalReader.open(config.dataDir())) {
            reader.next();
            return EngineSettings.decode(
                    reader.record().buffer(),
                    reader.record().commandOffset(),
                    reader.record().commandLength());
        }
    }

    private CountersFile openCounters() {
        try {
            return CountersFile.create(
                    config.dataDir().resolve(CountersFile.NAME),
                    mode(config.mode()).name(),
                    config.durability().name());
        } catch (IOException e) {
            throw diskFailed(CountersFile.NAME, e);
        }
    }

    private JournalException diskFailed(String file, IOException cause) {
        return new JournalException(
                JournalException.Reason.DISK_FAILED,
                config.dataDir().resolve(file) + ": cannot be made: " + cause.getMessage(),
                cause);
    }

    private void boot(
            CompiledPolicy policy, AccountsFile accounts, EngineSettings settings, boolean isNew, long nowNs) {
        Boot boot = new Boot(engine);
        boot.requireFits(policy, config.policyFile());
        if (isNew) {
            boot.settings(settings, nowNs);
        }
        boot.start(NAMES.nextLong(), Build.description(), nowNs);
        boot.policy(policy, nowNs);
        boot.accounts(accounts, nowNs);
    }

    private TransportSettings transportSettings(PipelineMode mode) {
        return new TransportSettings(
                aeronDirectory(config), config.dataDir(), config.requestStreamId(), mode == PipelineMode.COMPACT);
    }

    private static Path aeronDirectory(ServerConfig config) {
        return config.aeronDirectory().orElseGet(TransportSettings::defaultAeronDirectory);
    }

    private SessionSettings sessionSettings() {
        ServerConfig.SessionConfig sessions = config.sessions();
        return new SessionSettings(
                sessions.max(),
                sessions.window(),
                sessions.silenceTimeoutNs(),
                sessions.patienceNs(),
                config.durability());
    }

    private Principals principals() {
        return new Principals(idsOf(PrincipalEntry.Role.CLIENT), idsOf(PrincipalEntry.Role.OPS));
    }

    private Set<Integer> idsOf(PrincipalEntry.Role role) {
        return config.principals().stream()
                .filter(principal -> principal.role() == role)
                .map(PrincipalEntry::id)
                .collect(Collectors.toSet());
    }

    private static PipelineMode mode(ServerConfig.RunMode mode) {
        return switch (mode) {
            case AUTO -> PipelineMode.forCores(Runtime.getRuntime().availableProcessors());
            case COMPACT -> PipelineMode.COMPACT;
            case SHARED -> PipelineMode.SHARED;
            case DEDICATED -> PipelineMode.DEDICATED;
        };
    }

    private int ringSize(PipelineMode mode) {
        return config.ringSize().orElse(mode == PipelineMode.COMPACT ? COMPACT_RING : LARGE_RING);
    }

    private static WaitStrategy waitStrategy(ServerConfig.WaitChoice choice) {
        return switch (choice) {
            case BUSY_SPIN -> new BusySpinWaitStrategy();
            case YIELDING -> new YieldingWaitStrategy();
            case SLEEPING -> new SleepingWaitStrategy();
            case BLOCKING -> new BlockingWaitStrategy();
        };
    }

    private static IdleStrategy idleStrategy(ServerConfig.WaitChoice choice) {
        return switch (choice) {
            case BUSY_SPIN -> BusySpinIdleStrategy.INSTANCE;
            case YIELDING -> YieldingIdleStrategy.INSTANCE;
            case SLEEPING, BLOCKING -> new BackoffIdleStrategy(IDLE_SPINS, IDLE_YIELDS, 1_000, IDLE_MAX_PARK_NS);
        };
    }

    private static long wallClockNs() {
        return SystemEpochNanoClock.INSTANCE.nanoTime();
    }

    /** Where clients find the media driver. */
    public String aeronDirectory() {
        return transport.aeronDirectory();
    }

    /** Where the journal lives. */
    public Path dataDirectory() {
        return config.dataDir();
    }

    /** What opening the journal found, and what it had to discard. */
    public RecoveryReport recovery() {
        return journal.recovery();
    }

    /** Where other threads of the process hand in commands. */
    public AdminPort admin() {
        return agent.admin();
    }

    /** The numbers that are shown to the outside. */
    public CountersFile counters() {
        return counters;
    }

    /** Has it stopped by itself, or not cleanly? Then {@link #failure()} says why, and the process is to exit with code 3. */
    public boolean hasEnded() {
        return failure() != null;
    }

    /** Why it stopped by itself, or could not stop cleanly; null while it serves and after a clean stop. */
    public Throwable failure() {
        FailureLatch latch = engine.latch();
        if (latch.isLatched()) {
            return latch.failure().cause();
        }
        return journal.failure() != null ? journal.failure() : agent.failure();
    }

    /** Answers what was taken, ends the sessions, writes a last snapshot, and lets the watermark vouch for the end. */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        pastAnswers.close();
        runner.close();
        pipeline.close();
        parts.add(() -> FaultFile.write(config.dataDir(), engine.latch().failure()));
        try {
            end();
        } catch (RuntimeException | Error broken) {
            parts.closeAfter(broken);
            throw broken;
        }
        parts.close();
    }

    /** Writes the last snapshot and shows the last figures, if all that was taken is in the journal. */
    private void end() {
        boolean isWhole = engine.lastSequence() == pipeline.nextSequence() - 1;
        if (hasEnded() || !isWhole) {
            return;
        }
        new Boot(engine).snapshot(housekeeping.nextSnapshotId(), Math.max(wallClockNs(), clock.timestampNs()));
        engine.forEachAccount(agent.decided()::note); // Of those swept last nobody may have told.
        agent.decided().show();
        counters.set(EngineCounter.SEQUENCE, engine.lastSequence());
        counters.set(EngineCounter.APPENDED, engine.lastSequence());
        isCleanEnd = true;
    }

    /** Shows how it ended, once the journal is closed: a start that failed is a failure too. */
    private void showEnd() {
        counters.set(EngineCounter.WATERMARK, journal.watermark());
        if (isCleanEnd && !hasEnded()) {
            counters.markCleanEnd();
        } else {
            counters.set(EngineCounter.FAILED, 1);
        }
    }
}

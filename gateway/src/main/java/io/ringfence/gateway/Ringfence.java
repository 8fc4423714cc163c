package io.ringfence.gateway;

import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.Engine.FailureLatch;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.pipeline.Pipeline;
import io.ringfence.engine.pipeline.PipelineMode;
import io.ringfence.engine.policy.ExplorationRule.Method;
import io.ringfence.engine.rights.Rights;
import io.ringfence.gateway.answers.FactsIndex;
import io.ringfence.gateway.config.AccountsFile;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.replay.EngineRecovery;
import io.ringfence.gateway.replay.JournalAnswers;
import io.ringfence.gateway.server.AdminPort;
import io.ringfence.gateway.server.GatewayAgent;
import io.ringfence.gateway.server.LocalSequencer;
import io.ringfence.gateway.server.TurnClock;
import io.ringfence.gateway.session.Principals;
import io.ringfence.gateway.session.Sessions;
import io.ringfence.gateway.transport.aeron.AeronTransport;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.journal.fault.FileRefusal;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.recovery.Recovery;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * One running engine with its journal and its gateway: the class that wires everything.
 *
 * <p>{@link #start} recovers the journal and serves; {@link #close} answers the commands taken, writes a last snapshot and
 * stops cleanly. Both are for the thread that owns the process; the accessors are safe from any thread.
 */
public final class Ringfence implements AutoCloseable {
    private static final SecureRandom NAMES = new SecureRandom();

    private final ServerConfig config;
    private final Threading threading;
    private final OpenResources parts;
    private final JournalDirectory journal;
    private final EngineRecovery recovered;
    private final Housekeeping housekeeping;
    private final Engine engine;
    private final Pipeline pipeline;
    private final CountersFile counters;
    private final FactsIndex facts;
    private final JournalAnswers pastAnswers;
    private final AeronTransport transport;
    private final GatewayAgent agent;
    private final TurnClock clock;
    private final AgentRunner runner;
    private final List<String> rightsDifferences;
    private final List<Rights.Entry> rights;
    private final boolean hasClockStepped;
    private final long clockAheadNs;
    private final List<String> useCasesWithoutKey;
    private boolean isClosed;
    private boolean isCleanEnd;

    /**
     * Recovers the journal of the data directory, or begins one, and serves.
     *
     * @throws io.ringfence.gateway.config.ConfigFault when the policy, the accounts or the deciding settings cannot be read
     *                                                  or do not fit the journal.
     * @throws JournalException                         when the journal cannot be opened or recovered.
     * @throws java.io.UncheckedIOException             when the Aeron directory is not free; no record was written then.
     * @throws Error                                    when the JVM is out of memory or broken otherwise. Nothing is closed then, because that may
     *                                                  hang: the process must end at once.
     */
    public static Ringfence start(ServerConfig config) {
        return start(config, false);
    }

    /**
     * The same.
     *
     * @param appliesRights are rights that differ from the configuration to be put as it says? A new journal takes them in any case.
     */
    public static Ringfence start(ServerConfig config, boolean appliesRights) {
        return start(config, appliesRights, () -> false);
    }

    /**
     * The same, for a process that may be asked to end meanwhile.
     *
     * @param isUnwanted has the process been asked to end? Looked at now and then while the journal is read.
     * @throws StartStoppedException when it has. Everything is closed then, and no record was written.
     */
    public static Ringfence start(ServerConfig config, boolean appliesRights, BooleanSupplier isUnwanted) {
        return start(config, appliesRights, SystemEpochNanoClock.INSTANCE::nanoTime, isUnwanted);
    }

    /**
     * The same with another wall clock, for simulations and tests.
     *
     * @param wallClock says ns since 1970; read about once a second, by one thread.
     */
    public static Ringfence start(ServerConfig config, boolean appliesRights, LongSupplier wallClock) {
        return start(config, appliesRights, wallClock, () -> false);
    }

    private static Ringfence start(
            ServerConfig config, boolean appliesRights, LongSupplier wallClock, BooleanSupplier isUnwanted) {
        HeapShares.of(
                        config.deciding().engineSettings(new byte[32]),
                        config.sessions().max())
                .require(Runtime.getRuntime().maxMemory());
        HeapShares.requireBeside(config.answersWindow(), config.outcomeWindow(), HeapShares.directBytes());
        CompiledPolicy policy = CompiledPolicy.read(config.policyFile());
        AccountsFile accounts = AccountsFile.read(config.accountsFile());
        Threading threading = new Threading(config);
        OpenResources parts = new OpenResources();
        StartingEngine starting = new StartingEngine(config, threading.mode().name(), parts, isUnwanted);
        try {
            starting.opened(
                    parts.add(JournalDirectory.open(config.dataDir(), journalOptions(config), starting)), NAMES);
            return new Ringfence(config, threading, policy, accounts, starting, parts, appliesRights, wallClock);
        } catch (RuntimeException cannotStart) {
            starting.refused(cannotStart);
            parts.closeAfter(cannotStart);
            throw cannotStart;
        }
    }

    /**
     * The next roll file is prepared while the present one is written. The disk must have room for both, for the counters and for
     * the headroom, or every admission would be refused from the start.
     */
    private static JournalDirectory.Options journalOptions(ServerConfig config) {
        return JournalDirectory.Options.of(config.durability())
                .withSegmentLength(config.rollLengthBytes())
                .withRequiredBytes(config.keptBytes() + 2 * config.rollLengthBytes() + CountersFile.LENGTH);
    }

    private Ringfence(
            ServerConfig config,
            Threading threading,
            CompiledPolicy policy,
            AccountsFile accounts,
            StartingEngine starting,
            OpenResources parts,
            boolean appliesRights,
            LongSupplier wallClock) {
        this.config = config;
        this.threading = threading;
        this.parts = parts;
        recovered = starting.recovery();
        journal = starting.journal();
        engine = starting.engine();
        counters = starting.counters();
        facts = starting.memory().facts();
        pastAnswers = starting.pastAnswers();
        housekeeping = parts.add(new Housekeeping(config, journal));
        engine.log(journal.writer()::append, housekeeping.snapshots());
        EngineSettings settings = starting.settings();
        clock = new TurnClock(
                SystemNanoClock.INSTANCE,
                wallClock::getAsLong,
                recovered.lastTimestampNs(),
                engine.clockAheadNs(),
                config.maxClockStepNs());
        hasClockStepped = clock.hasStepped();
        clockAheadNs = clock.aheadOfWallNs();
        rightsDifferences = boot(policy, accounts, settings, appliesRights);
        rights = engine.rights().entries();
        useCasesWithoutKey = withoutKey(config, policy);

        pipeline = parts.add(threading.pipeline(engine));
        ErrorLine lines = new ErrorLine(System.err, "transport");
        transport = parts.add(AeronTransport.launch(
                transportSettings(starting.driverDirectory().path()), starting.driverDirectory(), lines));
        String shortage = transport.shortage(config.sessions().max());
        if (shortage != null) {
            lines.print(shortage);
        }
        agent = new GatewayAgent(
                new GatewayAgent.Settings(sessionSettings(), new Principals(rights)),
                transport,
                new LocalSequencer(
                        pipeline,
                        clock,
                        facts,
                        settings.tickIntervalNs(),
                        config.idle().tickIntervalNs()),
                starting.memory(),
                housekeeping.journalStatus(),
                counters,
                clock);
        engine.forEachAccount(agent.decided()::note);
        parts.add(pastAnswers).start(agent.admin()::offerAnswer, agent.admin()::offerStamped);
        housekeeping.snapshots().begin(engine, settings, agent.admin()::requestSnapshot, recovered.lastSnapshotId());
        housekeeping.begin(counters);
        parts.add(new HeadKeeper(config.head(), journal, counters, new ErrorLine(System.err, "head")));
        journal.older().start(); // Nobody waits for that.
        counters.policy(engine.policy().epoch(), 0, engine.policy().digest());
        counters.set(EngineCounter.STARTING, 0);
        runner = threading.start(agent);
        starting.atEnd(this::showEnd); // Until here an end is a start that was refused.
    }

    private List<String> boot(
            CompiledPolicy policy, AccountsFile accounts, EngineSettings settings, boolean appliesRights) {
        Boot boot = new Boot(engine, LocalSequencer.onCaller(engine, clock, facts));
        boot.requireFits(
                policy,
                config.policyFile(),
                config.dataDir(),
                journal.recovery().policySequence());
        if (journal.recovery().isNew()) {
            boot.settings(settings);
        }
        boot.start(NAMES.nextLong(), clock.wallNs());
        boot.policy(policy);
        List<String> rightsDifferences = boot.rights(config.principals(), appliesRights);
        boot.accounts(accounts, config.accountsFile());
        return rightsDifferences;
    }

    private AeronTransport.Settings transportSettings(Path aeronDirectory) {
        boolean isInvoked = threading.mode() == PipelineMode.COMPACT;
        return new AeronTransport.Settings(aeronDirectory, config.dataDir(), config.requestStreamId(), isInvoked);
    }

    private Sessions.Settings sessionSettings() {
        ServerConfig.SessionConfig sessions = config.sessions();
        return new Sessions.Settings(
                sessions.max(),
                sessions.window(),
                sessions.silenceTimeoutNs(),
                sessions.patienceNs(),
                config.durability());
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
    public Recovery.Report recovery() {
        return journal.recovery();
    }

    /** Sequence of the snapshot that the engine was restored from; 0: all records were applied. */
    public long restoredSequence() {
        return recovered.restoredSequence();
    }

    /** How long it took to find and restore that snapshot, in ns. */
    public long restoredNs() {
        return recovered.restoredNs();
    }

    /** Names of the use cases that would explore by a key and follow the kernel, because the configuration names no key. */
    public List<String> useCasesWithoutKey() {
        return useCasesWithoutKey;
    }

    /** The same of a policy that came into force later. */
    public List<String> useCasesWithoutKey(CompiledPolicy policy) {
        return withoutKey(config, policy);
    }

    private static List<String> withoutKey(ServerConfig config, CompiledPolicy policy) {
        return config.explorationKey().isPresent() ? List.of() : policy.useCasesOf(Method.KEYED);
    }

    /** Takes commands from other threads of the process. */
    public AdminPort admin() {
        return agent.admin();
    }

    /** Counters that other processes can read. */
    public CountersFile counters() {
        return counters;
    }

    /** Who may do what, as the journal said when serving began; ascending by id. */
    public List<Rights.Entry> rights() {
        return rights;
    }

    /** One line for each principal whose rights in the journal were not those of the configuration when this start began. */
    public List<String> rightsDifferences() {
        return rightsDifferences;
    }

    /** Was the wall clock so far behind the last event when this start began that new risk is refused until that is accepted? */
    public boolean hasClockStepped() {
        return hasClockStepped;
    }

    /** How far event time was ahead of the wall clock when this start began, in ns. */
    public long clockAheadNs() {
        return clockAheadNs;
    }

    /** Has it failed? Then {@link #failure()} gives the cause, and the process must exit with code 3. */
    public boolean hasEnded() {
        return failure() != null;
    }

    /** Cause of a failure, also of a failed stop; null while it serves and after a clean stop. */
    public Throwable failure() {
        FailureLatch latch = engine.latch();
        if (latch.isLatched()) {
            return latch.failure().cause();
        }
        return journal.failure() != null ? journal.failure() : agent.failure();
    }

    /**
     * Why it has ended, in one line: of a failed journal the call, the file and the system's error. Null while it serves and after a clean
     * stop.
     */
    public String failureText() {
        if (journal.failure() != null) {
            return "the journal has failed: " + FileRefusal.text(journal.failure());
        }
        Throwable failure = failure();
        return failure == null ? null : FileRefusal.text(failure);
    }

    /** Answers the commands taken, ends the sessions, writes a last snapshot and moves the watermark to the end. */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        runner.close(GatewayAgent.STOP_TIMEOUT_MS, null);
        pastAnswers.close();
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

    /** Writes the last snapshot and the last figures, unless a command that was taken is not in the journal. */
    private void end() {
        boolean isWhole = engine.lastSequence() == pipeline.nextSequence() - 1;
        if (hasEnded() || !isWhole) {
            return;
        }
        Snapshots snapshots = housekeeping.snapshots();
        snapshots.close();
        clock.turn();
        new Boot(engine, LocalSequencer.onCaller(engine, clock, facts)).snapshot(snapshots.nextSnapshotId());
        snapshots.writeLast(engine, journal.writer().head().entryHash());
        engine.forEachAccount(agent.decided()::note); // The last sweep's accounts may not have been shown.
        agent.decided().show();
        counters.set(EngineCounter.SEQUENCE, engine.lastSequence());
        counters.set(EngineCounter.APPENDED, engine.lastSequence());
        isCleanEnd = true;
    }

    /** Marks a clean end or a failure in the counters, after the journal is closed. */
    private void showEnd() {
        counters.set(EngineCounter.WATERMARK, journal.watermark());
        if (isCleanEnd && !hasEnded()) {
            counters.markCleanEnd();
        } else {
            FaultFile.say(config.dataDir(), failureText());
            counters.set(EngineCounter.FAILED, 1);
        }
    }
}

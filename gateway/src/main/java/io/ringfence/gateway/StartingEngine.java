package io.ringfence.gateway;

import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.engine.selection.KeyedDraw;
import io.ringfence.gateway.answers.AnswerEncoder;
import io.ringfence.gateway.answers.AnswerMemory;
import io.ringfence.gateway.answers.FactsIndex;
import io.ringfence.gateway.config.ConfigFault;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.replay.EngineRecovery;
import io.ringfence.gateway.replay.JournalAnswers;
import io.ringfence.gateway.server.GatewayAgent;
import io.ringfence.gateway.transport.aeron.AeronTransport;
import io.ringfence.gateway.transport.aeron.DriverDirectory;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.journal.fault.FileRefusal;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.record.RecordView;
import io.ringfence.journal.recovery.Rebuild;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * The parts of an engine that a start builds while its journal is opened: counters, engine, and what the gateway remembers. One thread.
 */
final class StartingEngine implements Rebuild {
    private static final int RECORDS_A_SHOW = 1 << 12;

    private final ServerConfig config;
    private final String mode;
    private final OpenResources parts;
    private final BooleanSupplier isUnwanted;
    private final FactsIndex facts;
    private final JournalAnswers pastAnswers;
    private final AnswerEncoder encoder;
    private final EngineRecovery recovery;
    private final KeyedDraw explorationKey;
    private DriverDirectory driverDirectory;
    private CountersFile counters;
    private AnswerMemory answers;
    private JournalDirectory journal;
    private Engine engine;
    private EngineSettings settings;
    private RuntimeException refusal;
    private Runnable showEnd = this::showFailed;

    /**
     * @param mode  of the pipeline, as shown.
     * @param parts take what must be closed.
     * @param isUnwanted has the process been asked to end?
     * @throws io.ringfence.gateway.config.ConfigFault when the exploration key cannot be read.
     */
    StartingEngine(ServerConfig config, String mode, OpenResources parts, BooleanSupplier isUnwanted) {
        this.config = config;
        this.mode = mode;
        this.parts = parts;
        this.isUnwanted = isUnwanted;
        byte[] key = config.readExplorationKey(); // Before there is a part to close.
        explorationKey = key == null ? null : new KeyedDraw(key);
        // No decision is at hand before the journal tells which.
        facts = parts.add(new FactsIndex(config.outcomeWindow(), config.outcomeMaxAgeNs(), Long.MAX_VALUE - 1));
        pastAnswers =
                new JournalAnswers(config.dataDir(), config.durability(), new ErrorLine(System.err, "past answers"));
        encoder = new AnswerEncoder(config.durability());
        recovery = new EngineRecovery(config.dataDir(), this::journaled, this::answered);
    }

    /**
     * Checks first what would keep the engine from serving, and shows from then on that it starts: the journal is locked now.
     *
     * @throws java.io.UncheckedIOException when the Aeron directory is not free, or has no room for a driver and a client.
     * @throws StartStoppedException when the process has been asked to end.
     */
    @Override
    public long begin(long maxSequence) {
        if (counters == null) {
            Path aeron = config.aeronDirectory().orElseGet(AeronTransport.Settings::defaultAeronDirectory);
            driverDirectory = parts.add(DriverDirectory.take(aeron, config.dataDir(), config.aeronGroup()));
            AeronTransport.requireRoom(driverDirectory);
            counters = openCounters();
            counters.set(EngineCounter.STARTING, 1);
        }
        requireWanted();
        return recovery.begin(maxSequence);
    }

    @Override
    public boolean accept(RecordView record) {
        if (record.sequence() % RECORDS_A_SHOW == 0) {
            counters.set(EngineCounter.SEQUENCE, record.sequence());
            counters.set(EngineCounter.APPENDED, record.sequence());
            requireWanted();
        }
        return recovery.accept(record);
    }

    private void requireWanted() {
        if (isUnwanted.getAsBoolean()) {
            showEnd = counters::markCleanEnd;
            throw new StartStoppedException();
        }
    }

    /** Remembers a replayed event, which was answered before. */
    private void answered(DecisionEvent event) {
        facts.add(event);
        facts.recovered(event.sequence());
        answers.recover(event, encoder);
    }

    /** Taken before anything was written, and held until the driver has ended. */
    DriverDirectory driverDirectory() {
        return driverDirectory;
    }

    private CountersFile openCounters() {
        Path file = config.dataDir().resolve(CountersFile.NAME);
        try {
            CountersFile opened =
                    CountersFile.create(file, mode, config.durability().name());
            FaultFile.say(config.dataDir(), null); // What an earlier engine failed of.
            parts.addToOutlive(() -> showEnd.run());
            return parts.addToOutlive(opened);
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.Reason.DISK_FAILED, file + ": cannot be made: " + e.getMessage(), e);
        }
    }

    private Engine journaled(EngineSettings settings) {
        config.deciding().requireSame(settings, config.dataDir());
        return fresh(settings);
    }

    private Engine fresh(EngineSettings of) {
        settings = of;
        if (answers == null) {
            answers = parts.add(new AnswerMemory(config.answersWindow(), settings.rememberedPerPrincipal()));
        }
        return new Engine(settings, recovery.log(), SnapshotSink.NONE);
    }

    /** Takes the journal, once it is open. */
    void opened(JournalDirectory opened, RandomGenerator names) {
        journal = opened;
        long headSequence = opened.recovery().head().sequence();
        engine = recovery.finish(headSequence);
        facts.recovered(headSequence + 1);
        facts.answered(headSequence);
        if (opened.recovery().isNew()) {
            engine = fresh(config.deciding().forNewJournal(names));
        }
        showJournal(headSequence);
        engine.explorationKey(explorationKey); // What was replayed took its draws from the records.
        answers.begin(engine.requests());
    }

    /** Shows what was read, also where the start is refused after that. */
    private void showJournal(long headSequence) {
        counters.set(EngineCounter.SEQUENCE, headSequence);
        counters.set(EngineCounter.APPENDED, headSequence);
        counters.set(EngineCounter.WATERMARK, journal.watermark());
        if (engine.policy() != null) {
            counters.policy(engine.policy().epoch(), 0, engine.policy().digest());
        }
    }

    /** Says why the start is refused: shown, with the failure, once its parts are closed. */
    void refused(RuntimeException cannotStart) {
        refusal = cannotStart;
    }

    /** Sets what is shown once the journal is closed; until then a failure, because a start that ends has failed. */
    void atEnd(Runnable shown) {
        showEnd = shown;
    }

    private void showFailed() {
        boolean isWritten = refusal instanceof ConfigFault || refusal instanceof UncheckedIOException;
        boolean isRefusal = isWritten || refusal instanceof JournalException;
        String reason = isWritten ? refusal.getMessage() : FileRefusal.text(refusal);
        FaultFile.say(config.dataDir(), (isRefusal ? "the start was refused: " : "the start failed: ") + reason);
        counters.set(EngineCounter.FAILED, 1);
    }

    JournalDirectory journal() {
        return journal;
    }

    /** Deciding settings of the journal, also of a new one. */
    EngineSettings settings() {
        return settings;
    }

    Engine engine() {
        return engine;
    }

    GatewayAgent.Memory memory() {
        return new GatewayAgent.Memory(answers, facts, pastAnswers);
    }

    JournalAnswers pastAnswers() {
        return pastAnswers;
    }

    CountersFile counters() {
        return counters;
    }

    /** What the journal said: the last event time, the last snapshot, how the engine was restored. */
    EngineRecovery recovery() {
        return recovery;
    }
}

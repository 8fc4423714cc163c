package io.ringfence.gateway;

import com.lmax.disruptor.BlockingWaitStrategy;
import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.command.Stamp;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.pipeline.Pipeline;
import io.ringfence.engine.pipeline.PipelineMode;
import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.gateway.answers.FactsIndex;
import io.ringfence.gateway.config.AccountsFile;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.frame.Frame;
import io.ringfence.gateway.replay.OutcomeSearch;
import io.ringfence.gateway.server.LocalSequencer;
import io.ringfence.gateway.server.Sequencer;
import io.ringfence.gateway.server.TurnClock;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.TickEncoder;
import java.io.IOException;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One engine with its journal, without a transport, on the caller's thread and in a time that the caller sets.
 *
 * <p>The same configuration, seed, times and messages give the same journal, byte for byte. It begins a new journal, and {@link #close}
 * ends it as a clean stop does: its last record is a snapshot marker, and the live state digest stands beside it. One thread.
 */
public final class Simulation implements AutoCloseable {
    private static final int RING_SIZE = 8;
    private static final int NO_SESSION = 0;
    private static final long SNAPSHOT_ID = 1;

    private final OpenResources parts = new OpenResources();
    private final Frame frame = new Frame();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final TickEncoder tick = new TickEncoder();
    private final UnsafeBuffer tickBuffer =
            new UnsafeBuffer(new byte[MessageHeaderEncoder.ENCODED_LENGTH + TickEncoder.BLOCK_LENGTH]);
    private final ServerConfig config;
    private final JournalDirectory journal;
    private final Engine engine;
    private final TurnClock clock;
    private final FactsIndex facts;
    private final OutcomeSearch outcomes;
    private final UnsafeBuffer found = new UnsafeBuffer(0, 0);
    private final LocalSequencer sequencer;
    private long nowNs;
    private long tickNumber;
    private DecisionEvent appended;
    private boolean isClosed;

    /**
     * Begins a journal: settings, start, policy, rights, accounts.
     *
     * @param config  whose data directory must be new or empty. Transport, mode and snapshot interval are not used.
     * @param beginNs event time of the first record, ns since 1970.
     * @throws io.ringfence.gateway.config.ConfigFault when policy or accounts cannot be read.
     * @throws JournalException                         when the journal cannot be begun.
     */
    public Simulation(ServerConfig config, long beginNs) {
        this.config = config;
        this.nowNs = beginNs;
        CompiledPolicy policy = CompiledPolicy.read(config.policyFile());
        AccountsFile accounts = AccountsFile.read(config.accountsFile());
        SplittableRandom names = new SplittableRandom(config.deciding().seed());
        try {
            journal = parts.add(JournalDirectory.open(
                    config.dataDir(),
                    JournalDirectory.Options.of(config.durability()).withSegmentLength(config.rollLengthBytes())));
            if (!journal.recovery().isNew()) {
                throw new IllegalArgumentException(
                        "the directory must have no journal yet: directory=" + config.dataDir());
            }
            EngineSettings settings = config.deciding().forNewJournal(names);
            engine = new Engine(settings, journal.writer()::append, SnapshotSink.NONE);
            clock = new TurnClock(() -> nowNs, () -> nowNs, 0, 0, Long.MAX_VALUE);
            outcomes = parts.add(new OutcomeSearch(config.dataDir()));
            facts = parts.add(new FactsIndex(config.outcomeWindow(), config.outcomeMaxAgeNs(), 0));
            begin(policy, accounts, settings, names.nextLong());
            Pipeline pipeline =
                    parts.add(new Pipeline(engine, PipelineMode.INVOKER, RING_SIZE, new BlockingWaitStrategy()));
            sequencer = new LocalSequencer(
                    pipeline,
                    clock,
                    facts,
                    settings.tickIntervalNs(),
                    config.idle().tickIntervalNs());
            sequencer.handler(this::onAppended);
        } catch (RuntimeException | Error cannot) {
            parts.closeAfter(cannot);
            throw cannot;
        }
    }

    private void begin(CompiledPolicy policy, AccountsFile accounts, EngineSettings settings, long instanceId) {
        Boot boot = new Boot(engine, LocalSequencer.onCaller(engine, clock, facts));
        boot.requireFits(policy, config.policyFile(), config.dataDir(), 0);
        boot.settings(settings);
        boot.start(instanceId, clock.wallNs());
        boot.policy(policy);
        boot.rights(config.principals(), false);
        boot.accounts(accounts, config.accountsFile());
    }

    private void onAppended(DecisionEvent event) {
        facts.add(event);
        facts.answered(event.sequence());
        appended = event;
    }

    /** Event time of the next command, ns since 1970. A time before the present one changes nothing. */
    public void timeNs(long timeNs) {
        nowNs = Math.max(nowNs, timeNs);
    }

    /**
     * Has one message of a client decided, journaled and learnt from. A tick that is due goes before it.
     *
     * @param message     with its header, at offset 0; its session fields are not looked at.
     * @param principalId of the configuration.
     * @param decision    sequence of the decision that it names; {@link Sequencer#NO_DECISION} for none.
     * @return the command with all that it came to. It holds until the next call. Null if it was refused before it took a sequence: that
     *     decision cannot be named now.
     * @throws IllegalArgumentException for a message that a gateway would refuse for its bytes.
     */
    public DecisionEvent put(DirectBuffer message, int length, int principalId, long decision) {
        clock.turn();
        tick();
        Command command = sequencer.slot().command();
        command.load(message, 0, length);
        frame.check(command);
        if (!frame.isSound() || frame.type() == null) {
            throw new IllegalArgumentException("a gateway would refuse the message: reason=" + frame.reason()
                    + ", template=" + frame.templateId() + ", field=" + frame.fieldId() + ", value=" + frame.value());
        }
        if (decision != Sequencer.NO_DECISION && !isNamed(command, decision)) {
            return null;
        }
        sequencer.take(frame.type(), NO_SESSION, principalId, decision);
        return appended;
    }

    /** May the decision be named? An earlier outcome of it, or of the one that it charges, that is no longer at hand is read from the journal. */
    private boolean isNamed(Command command, long decision) {
        if (sequencer.check(frame.type(), decision) != ReasonCode.NONE || facts.offset(decision) == FactsIndex.NONE) {
            return false;
        }
        long parent = frame.type() == CommandType.OUTCOME ? facts.parent(facts.offset(decision)) : 0;
        if (parent != 0 && facts.offset(parent) == FactsIndex.NONE) {
            return false;
        }
        if (!sequencer.isAtHand(frame.type(), decision)) {
            stampOutcome(command.ofDecision(), decision);
            if (parent != 0) {
                stampOutcome(command.ofParent(), parent);
            }
        }
        return true;
    }

    private void stampOutcome(Stamp stamp, long decision) {
        byte[] lesson = outcomes.find(decision, Long.MAX_VALUE);
        if (lesson != null) {
            found.wrap(lesson);
            stamp.stampLesson(found, 0);
        }
    }

    private void tick() {
        if (sequencer.isTickDue()) {
            tick.wrapAndApplyHeader(tickBuffer, 0, header).tickNumber(++tickNumber);
            sequencer.slot().command().load(tickBuffer, 0, tickBuffer.capacity());
            sequencer.take(CommandType.TICK, NO_SESSION, 0, Sequencer.NO_DECISION);
        }
    }

    /** Records in the journal. */
    public long records() {
        return engine.lastSequence();
    }

    /** Ends the journal with a snapshot marker, writes the state, and moves the watermark to the end. Not after a stage has failed. */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            if (!engine.latch().isLatched()) {
                clock.turn();
                new Boot(engine, LocalSequencer.onCaller(engine, clock, facts)).snapshot(SNAPSHOT_ID);
                new SnapshotWriter(config.dataDir(), 0)
                        .write(
                                engine,
                                SNAPSHOT_ID,
                                journal.writer().head().entryHash(),
                                SnapshotWriter.Author.STOP,
                                () -> {});
            }
        } catch (IOException cannot) {
            JournalException failed = new JournalException(
                    JournalException.Reason.DISK_FAILED,
                    config.dataDir() + ": the snapshot cannot be written: " + cannot.getMessage(),
                    cannot);
            parts.closeAfter(failed);
            throw failed;
        } catch (RuntimeException | Error broken) {
            parts.closeAfter(broken);
            throw broken;
        }
        parts.close();
    }
}

package io.ringfence.engine.pipeline;

import io.ringfence.engine.bounds.Bounds;
import io.ringfence.engine.budget.BudgetListing;
import io.ringfence.engine.budget.BudgetResult;
import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.intake.RequestMemory;
import io.ringfence.engine.pipeline.DecidingStages.BanditStage;
import io.ringfence.engine.pipeline.DecidingStages.KernelStage;
import io.ringfence.engine.pipeline.DecidingStages.ProofStage;
import io.ringfence.engine.pipeline.DecidingStages.RegimeStage;
import io.ringfence.engine.pipeline.DecidingStages.SelectionStage;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.rights.Rights;
import io.ringfence.engine.selection.KeyedDraw;
import java.util.List;
import java.util.function.Consumer;

/**
 * The eight stages in ring order with the state they own: state is the fold of the commands.
 *
 * <p>{@link #apply} calls them directly on the caller's thread; {@link #run} runs one of them, for a thread of its own. The thread or
 * threads that run the stages own the engine.
 */
public final class Engine {
    /** Names of the stages in ring order; a stage's index is its number in snapshots. */
    public static final List<String> STAGE_NAMES =
            List.of("intake", "regime", "bandit", "kernel", "proof", "selection", "budget", "journal");

    /** Version of what the stages compute; it grows when the same command may give another record. */
    public static final int SEMANTICS_VERSION = 10;

    static final int INTAKE = 0;
    static final int REGIME = 1;
    static final int BANDIT = 2;
    static final int KERNEL = 3;
    static final int PROOF = 4;
    static final int SELECTION = 5;
    static final int BUDGET = 6;
    static final int JOURNAL = 7;

    private static final int DECIDING = 1 << REGIME | 1 << BANDIT | 1 << KERNEL | 1 << PROOF | 1 << SELECTION;

    private final Bounds bounds;
    private final FailureLatch latch = new FailureLatch();
    private final IntakeStage intake;
    private final RegimeStage regime;
    private final BanditStage bandit;
    private final KernelStage kernel = new KernelStage();
    private final ProofStage proof = new ProofStage();
    private final SelectionStage selection;
    final BudgetStage budget; // Tests change its controls.
    private final JournalStage journal;
    private final Stage[] stages;
    private final EngineState state;
    private SnapshotSink snapshots;
    private final Published published;
    private final StageProbe probe; // Null outside tests.

    /**
     * A fresh engine, before its first command.
     *
     * @param settings  deciding settings; the first command must carry the same.
     * @param log       takes the records.
     * @param snapshots takes what stages write at a snapshot marker.
     */
    public Engine(EngineSettings settings, RecordLog log, SnapshotSink snapshots) {
        this(settings, log, snapshots, null);
    }

    Engine(EngineSettings settings, RecordLog log, SnapshotSink snapshots, StageProbe probe) {
        this.snapshots = snapshots;
        this.probe = probe;
        bounds = settings.bounds();
        intake = new IntakeStage(settings);
        regime = new RegimeStage(settings);
        bandit = new BanditStage(settings);
        selection = new SelectionStage(settings);
        budget = new BudgetStage(settings);
        journal = new JournalStage(log);
        published = new Published(bandit.published(), selection.published());
        stages = new Stage[] {intake, regime, bandit, kernel, proof, selection, budget, journal};
        state = new EngineState(stages);
    }

    /**
     * Runs all stages that act on one event, on the caller's thread.
     *
     * @throws EngineStoppedException if a stage has failed before. What a stage throws is latched and thrown on; nothing may be
     *                                applied after that.
     */
    public void apply(DecisionEvent event) {
        latch.requireOpen();
        int at = INTAKE;
        try {
            before(at, event);
            intake.onEvent(event);
            int acting = event.stages();
            if ((acting & DECIDING) == DECIDING) {
                before(at = REGIME, event);
                regime.onEvent(event);
                before(at = BANDIT, event);
                bandit.onEvent(event);
                before(at = KERNEL, event);
                kernel.onEvent(event);
                before(at = PROOF, event);
                proof.onEvent(event);
                before(at = SELECTION, event);
                selection.onEvent(event);
            } else if ((acting & DECIDING) != 0) {
                for (at = REGIME; at <= SELECTION; at++) {
                    if ((acting & 1 << at) != 0) {
                        before(at, event);
                        stages[at].onEvent(event);
                    }
                }
            }
            before(at = BUDGET, event);
            budget.onEvent(event);
            before(at = JOURNAL, event);
            journal.onEvent(event);
            if (event.type() == CommandType.SNAPSHOT && snapshots != SnapshotSink.NONE) {
                for (int stage = INTAKE; stage <= JOURNAL; stage++) {
                    state.onMarker(stage, event, snapshots);
                }
            }
        } catch (Throwable t) {
            latch.latch(at, event.command(), t);
            throw t;
        }
    }

    /**
     * Runs one stage over an event, if it acts on it. For the thread of that stage; the stages before it are done with the event.
     *
     * @param stage index in ring order.
     */
    void run(int stage, DecisionEvent event) {
        latch.requireOpen();
        try {
            before(stage, event);
            if (stage == INTAKE || (event.stages() & 1 << stage) != 0) {
                stages[stage].onEvent(event);
            }
            if (event.type() == CommandType.SNAPSHOT && snapshots != SnapshotSink.NONE) {
                state.onMarker(stage, event, snapshots);
            }
        } catch (Throwable t) {
            latch.latch(stage, event.command(), t);
            throw t;
        }
    }

    private void before(int stage, DecisionEvent event) {
        if (probe != null) {
            probe.before(stage, event);
        }
    }

    /** The states of the stages as bytes. For the owner, while no stage runs. */
    public EngineState state() {
        return state;
    }

    /** Changes where records go, and what stages write at a snapshot marker. For the owner, while no stage runs. */
    public void log(RecordLog records, SnapshotSink states) {
        journal.log(records);
        snapshots = states;
    }

    /** Explores by this key from here on; null, as of a fresh engine: by the draws of records alone. For the owner, while no stage runs. */
    public void explorationKey(KeyedDraw key) {
        selection.key(key);
    }

    /** The first failure of any stage. Safe from any thread. */
    public FailureLatch latch() {
        return latch;
    }

    /** Sequence of the last record appended; 0 for none. For the thread that runs the journal stage. */
    public long lastSequence() {
        return journal.lastSequence();
    }

    /** Event time from which a tick has work, as the stages published it: {@link io.ringfence.engine.budget.Sweep#dueNs}. Any thread. */
    public long dueNs() {
        return budget.dueNs();
    }

    /** What its stages tell other threads. Any thread. */
    public Published published() {
        return published;
    }

    /** How much it may keep. */
    public Bounds bounds() {
        return bounds;
    }

    /** The policy in force; null before the first. For the owner, while no stage runs. */
    public Policy policy() {
        return intake.policy();
    }

    /** Was an account of this id opened? For the owner, while no stage runs. */
    public boolean knowsAccount(long accountId) {
        return intake.knowsAccount(accountId);
    }

    /** How far event time is ahead of the wall clock by steps that were accepted, in ns. For the owner, while no stage runs. */
    public long clockAheadNs() {
        return intake.clockAheadNs();
    }

    /** Who may do what. For the owner, while no stage runs. */
    public Rights rights() {
        return intake.rights();
    }

    /** The request ids that intake remembers. For the owner, while no stage runs; not to be changed. */
    public RequestMemory requests() {
        return intake.requests();
    }

    /** Hands over how each account stands, in ascending order of ids. For the owner, while no stage runs; allocates. */
    public void forEachAccount(Consumer<BudgetResult> visitor) {
        budget.forEachAccount(visitor);
    }

    /** Every account, ascending by id. For the owner, while no stage runs; allocates. */
    public List<BudgetListing.StandingAccount> accounts() {
        return budget.budget().listing().accounts();
    }

    /** Does an account take requests: were it and those above it opened, and none of them closed? For the owner, while no stage runs. */
    public boolean isOpen(long accountId) {
        return intake.isOpen(accountId);
    }

    /** Every standing hold, ascending by id. For the owner, while no stage runs; allocates. */
    public List<BudgetListing.StandingHold> holds() {
        return budget.budget().listing().holds();
    }

    /**
     * SHA-256 over a tag, the number of stages and the SHA-256 of each one's canonical state, in ring order. Equal for live,
     * restored and replayed engines at one sequence. For the owner, while no stage runs; allocates.
     */
    public byte[] stateDigest() {
        return state.digest();
    }

    /** Takes back the states that the stages of an engine of these settings wrote, in ring order; of a fresh engine only. */
    public void restore(List<byte[]> states) {
        state.read(states);
    }

    /** Remembers the first failure of any stage; once latched nothing more is decided or answered. Safe from any thread. */
    public static final class FailureLatch {
        private volatile Failure failure;

        /** The stage by name, the sequence of the command in its hands, what it threw, the command's bytes for the fault file. */
        public record Failure(String stage, long sequence, Throwable cause, byte[] command) {}

        /** Has any stage failed? */
        public boolean isLatched() {
            return failure != null;
        }

        /** The first failure; null while there is none. */
        public Failure failure() {
            return failure;
        }

        /** Does nothing, or throws {@link EngineStoppedException} once latched. */
        void requireOpen() {
            Failure first = failure;
            if (first != null) {
                throw new EngineStoppedException(first);
            }
        }

        private synchronized void latch(int stage, Command command, Throwable cause) {
            if (failure == null) {
                byte[] bytes = new byte[command.length()];
                command.message().getBytes(0, bytes);
                failure = new Failure(STAGE_NAMES.get(stage), command.sequence(), cause, bytes);
            }
        }
    }

    /** Lets a test delay a stage or make it fail. */
    @FunctionalInterface
    interface StageProbe {
        /** Called by the thread that is about to run a stage, which is given by its index in ring order. */
        void before(int stage, DecisionEvent event);
    }
}

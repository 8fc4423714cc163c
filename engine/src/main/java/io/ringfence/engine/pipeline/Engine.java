package io.ringfence.engine.pipeline;

import io.ringfence.engine.budget.BudgetResult;
import io.ringfence.engine.digest.Sha256;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * The eight stages in ring order with the state they own: state is the fold of the commands.
 *
 * <p>{@link #apply} runs them on the caller's thread; that is the mode of recovery, replay and tests. {@link Pipeline} hands the
 * same stage objects to a ring. Whoever runs the stages owns the engine: one thread, or those of one pipeline.
 */
public final class Engine {
    /** Names of the stages in ring order; a stage's index is its number in snapshots. */
    public static final List<String> STAGE_NAMES =
            List.of("intake", "regime", "bandit", "kernel", "proof", "selection", "budget", "journal");

    /** Version of what the stages compute; it grows when the same command may give another record. */
    public static final int SEMANTICS_VERSION = 1;

    private static final byte[] STATE_TAG = "ringsta1\0".getBytes(StandardCharsets.US_ASCII);

    private final FailureLatch latch = new FailureLatch();
    private final StageRunner[] runners;
    private final IntakeStage intake;
    private final BudgetStage budget;
    private final JournalStage journal;

    /**
     * A fresh engine, before its first command.
     *
     * @param settings  deciding settings; the first command must carry the same.
     * @param log       takes the records.
     * @param snapshots takes what stages write at a snapshot marker.
     */
    public Engine(EngineSettings settings, RecordLog log, SnapshotSink snapshots) {
        this(settings, log, snapshots, StageFilter.NONE);
    }

    Engine(EngineSettings settings, RecordLog log, SnapshotSink snapshots, StageFilter filter) {
        journal = new JournalStage(log, snapshots);
        intake = new IntakeStage(settings);
        budget = new BudgetStage();
        Stage[] stages = {
            intake,
            new RegimeStage(settings),
            new BanditStage(settings),
            new KernelStage(),
            new ProofStage(),
            new SelectionStage(),
            budget,
            journal
        };
        runners = new StageRunner[stages.length];
        for (int i = 0; i < stages.length; i++) {
            Stage stage = i == stages.length - 1 ? stages[i] : new SnapshottingStage(stages[i], i, snapshots);
            runners[i] = new StageRunner(STAGE_NAMES.get(i), filter.wrap(i, stage), latch);
        }
    }

    /** Runs all stages over one event on the caller's thread. Throws what a stage throws; nothing may be applied after that. */
    public void apply(DecisionEvent event) {
        for (StageRunner runner : runners) {
            runner.onEvent(event);
        }
    }

    /** The first failure of any stage. Safe from any thread. */
    public FailureLatch latch() {
        return latch;
    }

    /** Sequence of the last record appended; 0 for none. For the thread that runs the journal stage. */
    public long lastSequence() {
        return journal.lastSequence();
    }

    /** The policy in force; null before the first. For the owner, while no stage runs. */
    public Policy policy() {
        return intake.policy();
    }

    /** Was an account of this id opened? For the owner, while no stage runs. */
    public boolean knowsAccount(long accountId) {
        return intake.knowsAccount(accountId);
    }

    /** Hands over the highest request id that came of each principal. For the owner, while no stage runs. */
    public void forEachPrincipal(PrincipalVisitor visitor) {
        intake.forEachPrincipal(visitor);
    }

    /** Hands over how each account stands, in ascending order of ids. For the owner, while no stage runs; allocates. */
    public void forEachAccount(Consumer<BudgetResult> visitor) {
        budget.forEachAccount(visitor);
    }

    /** Takes each principal's highest request id. */
    @FunctionalInterface
    public interface PrincipalVisitor {
        /** @param highestRequestId that intake remembers or knows to have forgotten; u64 bits. */
        void onPrincipal(int principalId, long highestRequestId);
    }

    /**
     * SHA-256 over a tag, the number of stages and the SHA-256 of each one's canonical state, in ring order. Equal for live,
     * restored and replayed engines at one sequence. For the owner, while no stage runs; allocates.
     */
    public byte[] stateDigest() {
        byte[][] digests = new byte[runners.length][];
        for (int i = 0; i < runners.length; i++) {
            StateWriter writer = new StateWriter();
            runners[i].stage().writeState(writer);
            digests[i] = Sha256.of(writer.byteArray(), writer.position());
        }
        return stateDigest(digests);
    }

    /** The same from the digests of the stages' states, 32 bytes each, in ring order. */
    public static byte[] stateDigest(byte[][] stageDigests) {
        Sha256 digest = new Sha256();
        digest.update(STATE_TAG);
        digest.update(new byte[] {(byte) stageDigests.length});
        for (byte[] stageDigest : stageDigests) {
            digest.update(stageDigest);
        }
        return digest.finish();
    }

    /**
     * Takes back the states that the stages wrote.
     *
     * @param states one a stage, in ring order; of a fresh engine only.
     * @throws IllegalArgumentException when they are not the states of an engine of these settings.
     */
    public void restore(List<byte[]> states) {
        if (states.size() != runners.length) {
            throw new IllegalArgumentException("a state a stage is needed: states=" + states.size());
        }
        for (int i = 0; i < runners.length; i++) {
            byte[] state = states.get(i);
            runners[i].stage().readState(new StateReader(state, 0, state.length));
        }
    }

    StageRunner[] runners() {
        return Arrays.copyOf(runners, runners.length);
    }
}

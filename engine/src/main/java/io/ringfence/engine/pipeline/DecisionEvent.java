package io.ringfence.engine.pipeline;

import static io.ringfence.engine.pipeline.Engine.BANDIT;
import static io.ringfence.engine.pipeline.Engine.INTAKE;
import static io.ringfence.engine.pipeline.Engine.KERNEL;
import static io.ringfence.engine.pipeline.Engine.PROOF;
import static io.ringfence.engine.pipeline.Engine.REGIME;
import static io.ringfence.engine.pipeline.Engine.SELECTION;

import io.ringfence.engine.bandit.TierBandit.TierChoice;
import io.ringfence.engine.budget.BudgetResult;
import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.command.Request;
import io.ringfence.engine.digest.Sha256;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.pipeline.Verdict.Learnt;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.selection.Selection;
import io.ringfence.schemas.FloorSource;
import io.ringfence.schemas.ReasonCode;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * A slot of the ring: one command on its way through the stages, with its journal record growing in place.
 *
 * <p>Sections in ring order, each written by one stage only; a stage reads only sections before its own:
 *
 * <pre>
 *   command, stamp   the gateway       bytes as received; the request's fields; sequence, time, session, principal; facts for an outcome
 *   intake           IntakeStage       known before? known account? policy in force; what the request leaves out is filled in
 *   regime           RegimeStage       kind of request, usual or not
 *   effective        BanditStage       the kernel's input, floor resolved; what an outcome taught
 *   decision         KernelStage       action, reason, candidate
 *   proof            ProofStage        input digest, decision digest
 *   selection        SelectionStage    who acts
 *   budget, verdict  BudgetStage       hold, or why not; what the command came to
 *   record           JournalStage      the record's bytes, sealed
 * </pre>
 *
 * <p>A stage that takes part writes its whole section and marks it; {@link #stamp} takes all marks back. What a section holds
 * without its mark is left from an earlier command. Handed from thread to thread by the ring.
 */
public final class DecisionEvent {
    private static final int DECIDED = 1 << REGIME | 1 << BANDIT | 1 << KERNEL | 1 << PROOF | 1 << SELECTION;
    private static final int ALWAYS = 1 << INTAKE | 1 << Engine.BUDGET;
    private static final int NOT_PASSED_STAGES = ALWAYS | 1 << Engine.JOURNAL;
    private static final int BOOKED = 1 << Engine.STAGE_NAMES.size();

    private final Command command = new Command();
    private int written; // A bit for each stage whose section is written, and one for booked.

    private ReasonCode intakeResult = ReasonCode.NONE;
    private long originalSequence;
    private Policy policy;
    private int regime;
    private int severity;
    private int floorStepBps;
    private final KernelInput input = new KernelInput();
    private final TierChoice choice = new TierChoice();
    private FloorSource floorSource = FloorSource.HARD;
    private final Learnt learnt = new Learnt();
    private boolean hasLearnt;

    private final KernelDecision decision = new KernelDecision();
    private final byte[] inputDigest = new byte[Sha256.LENGTH];
    private final byte[] decisionDigest = new byte[Sha256.LENGTH];
    private final Selection selection = new Selection();
    private final BudgetResult budget = new BudgetResult();
    private final Verdict verdict = new Verdict();
    private int recordLength;

    /**
     * Stamps the command that was loaded into {@link #command()}, and takes the marks of all sections back.
     *
     * @param sequence    the next one; 1 and above.
     * @param timestampNs event time; not below the last one.
     * @param sessionId   session it came by; 0 for none.
     * @param principalId whose command; 0 for the engine itself.
     */
    public void stamp(CommandType type, long sequence, long timestampNs, int sessionId, int principalId) {
        command.stamp(type, sequence, timestampNs, sessionId, principalId);
        written = 0;
        if (hasLearnt) {
            learnt.clear();
            hasLearnt = false;
        }
    }

    /** Loads and stamps a command that is trusted; see {@link Command#load} and {@link #stamp}. */
    public void accept(
            CommandType type,
            long sequence,
            long timestampNs,
            int sessionId,
            int principalId,
            DirectBuffer source,
            int offset,
            int length) {
        command.load(source, offset, length);
        stamp(type, sequence, timestampNs, sessionId, principalId);
    }

    void intake(ReasonCode result, long originalSequence, Policy policy) {
        this.intakeResult = result;
        this.originalSequence = originalSequence;
        this.policy = policy;
        written |= 1 << INTAKE;
    }

    void regime(int regime, int severity, int floorStepBps) {
        this.regime = regime;
        this.severity = severity;
        this.floorStepBps = floorStepBps;
        written |= 1 << REGIME;
    }

    /** The kernel's input and the tiers' choice are written. */
    void effective(FloorSource source) {
        floorSource = source;
        written |= 1 << BANDIT;
    }

    /** A stage has written the section that it owns. */
    void wrote(int stage) {
        written |= 1 << stage;
    }

    /** The budget acted on the command. */
    void booked() {
        written |= BOOKED;
    }

    void appended(int length) {
        recordLength = length;
        written |= 1 << Engine.JOURNAL;
    }

    /** Stages that act on this command: known once intake has written its section. */
    int stages() {
        boolean isTaken = isPassed() || intakeResult == ReasonCode.APPLIED;
        return isTaken ? command.type().stages() : NOT_PASSED_STAGES;
    }

    /** Are intake, budget and, for a request that passed intake, all five deciding sections written? */
    boolean isReadyForJournal() {
        int needed = command.type().isRequest() ? stages() & (DECIDED | ALWAYS) : ALWAYS;
        return (written & needed) == needed;
    }

    /** The command as received, with its stamps. */
    public Command command() {
        return command;
    }

    /** What the command is. */
    public CommandType type() {
        return command.type();
    }

    /** The command's sequence. */
    public long sequence() {
        return command.sequence();
    }

    /** Does the command go on to the stages behind intake? */
    public boolean isPassed() {
        return intakeResult == ReasonCode.NONE && originalSequence == 0;
    }

    /** Why it does not go on; NONE when it goes on or is a duplicate. */
    public ReasonCode intakeResult() {
        return intakeResult;
    }

    /** Is it a repetition of an earlier command? */
    public boolean isDuplicate() {
        return originalSequence != 0;
    }

    /** Sequence of the first one of the same id and body; 0 when this is no duplicate. */
    public long originalSequence() {
        return originalSequence;
    }

    /** The hold that the command may make, or names; of a duplicate: that of the first one. No such hold need stand. */
    long holdInQuestion() {
        long madeHoldId = isDuplicate() ? originalSequence : sequence();
        return type().isOnHold() ? command.holdId() : madeHoldId;
    }

    /** The policy in force after this command; null before the first activation. */
    public Policy policy() {
        return policy;
    }

    /** The fields of an admission request or order, read once; another one's for any other command. */
    public Request request() {
        return command.request();
    }

    /** Was it decided: did regime, bandit, kernel, proof and selection take part? */
    public boolean isDecided() {
        return (written & DECIDED) == DECIDED;
    }

    /** Of a decided request: its regime, 0..7. */
    public int regime() {
        return regime;
    }

    /** Of a decided request: above 0 anomalous, below 0 common, 0 neither. */
    public int severity() {
        return severity;
    }

    /** Of a decided request: step on the recommended floor in bps; negative lowers it. */
    public int floorStepBps() {
        return floorStepBps;
    }

    /** Of a decided request: the kernel's input. */
    public KernelInput input() {
        return input;
    }

    /** Of a decided request: each tier's posterior, what was sampled, and the tier chosen. */
    public TierChoice choice() {
        return choice;
    }

    /** Of a decided request: which rule gave the floor. */
    public FloorSource floorSource() {
        return floorSource;
    }

    /** What an outcome did to what is learnt; empty for everything else. */
    public Learnt learnt() {
        return learnt;
    }

    /** The same, for its writer. */
    Learnt learning() {
        hasLearnt = true;
        return learnt;
    }

    /** Of a decided request: what the kernel said. */
    public KernelDecision decision() {
        return decision;
    }

    /** Of a decided request: {@code calyinp1} of the input, 32 bytes. Not to be changed by readers. */
    public byte[] inputDigest() {
        return inputDigest;
    }

    /** Of a decided request: {@code calydcn1} of the decision, 32 bytes. Not to be changed by readers. */
    public byte[] decisionDigest() {
        return decisionDigest;
    }

    /** Of a decided request: who acts, how that was chosen, and what it costs. */
    public Selection selection() {
        return selection;
    }

    /** Did the budget act on it? */
    public boolean isBooked() {
        return (written & BOOKED) != 0;
    }

    /** What happened to the budget, with the account as it stands after it; cleared unless {@link #isBooked()}. */
    public BudgetResult budget() {
        return budget;
    }

    /** What the command came to. */
    public Verdict verdict() {
        return verdict;
    }

    /** Length of the record without its seal, in bytes. */
    public int recordLength() {
        return recordLength;
    }

    /** Where the 32 bytes of the record's hash stand in {@link Command#bytes()}, once it is appended. */
    public int entryHashOffset() {
        return Command.RECORD_OFFSET + recordLength;
    }

    /** A copy of the record's hash, 32 bytes; allocates. */
    public byte[] entryHash() {
        return Arrays.copyOfRange(command.bytes(), entryHashOffset(), entryHashOffset() + Sha256.LENGTH);
    }
}

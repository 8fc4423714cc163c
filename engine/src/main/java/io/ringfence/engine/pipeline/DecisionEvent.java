package io.ringfence.engine.pipeline;

import io.ringfence.schemas.Action;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.ReasonCode;
import org.agrona.DirectBuffer;

/**
 * A slot of the ring: one command on its way through the stages.
 *
 * <p>Sections in ring order, each written by one stage only; a stage reads only sections before its own:
 *
 * <pre>
 *   command, stamp   the gateway, before it publishes
 *   intake           IntakeStage      known before? known account? policy in force
 *   regime           RegimeStage      kind of request, usual or not
 *   effective        BanditStage      the kernel's input, floor resolved
 *   decision         KernelStage      action, reason, candidate
 *   proof            ProofStage       input digest, decision digest
 *   selection        SelectionStage   who acts
 *   budget           BudgetStage      hold, or why not
 *   record           JournalStage     entry hash
 * </pre>
 *
 * <p>Slots are reused: a stage writes its whole section on every path. Handed from thread to thread by the ring.
 */
public final class DecisionEvent {
    private final CommandSection command = new CommandSection();
    private final StampSection stamp = new StampSection();
    private final IntakeSection intake = new IntakeSection();
    private final RegimeSection regime = new RegimeSection();
    private final EffectiveSection effective = new EffectiveSection();
    private final DecisionSection decision = new DecisionSection();
    private final ProofSection proof = new ProofSection();
    private final SelectionSection selection = new SelectionSection();
    private final BudgetSection budget = new BudgetSection();
    private final RecordSection record = new RecordSection();

    /**
     * Takes a command into the slot. For the thread that claimed it.
     *
     * @param kind        of the command.
     * @param sequence    the next one; 1 and above.
     * @param timestampNs event time; not below the last one.
     * @param sessionId   session it came by; 0 for none.
     * @param principalId whose command; 0 for the engine itself.
     * @param source      of the command's bytes, copied.
     * @param offset      of its message header.
     * @param length      in bytes, header included.
     */
    public void accept(
            CommandKind kind,
            long sequence,
            long timestampNs,
            int sessionId,
            int principalId,
            DirectBuffer source,
            int offset,
            int length) {
        command.accept(kind, source, offset, length);
        command.done(sequence);
        stamp.accept(sequence, timestampNs, sessionId, principalId);
        stamp.done(sequence);
    }

    /** The command's identity, and its record's and hold's. */
    public long sequence() {
        return stamp.sequence();
    }

    public CommandSection command() {
        return command;
    }

    public StampSection stamp() {
        return stamp;
    }

    public IntakeSection intake() {
        return intake;
    }

    public RegimeSection regime() {
        return regime;
    }

    public EffectiveSection effective() {
        return effective;
    }

    public DecisionSection decision() {
        return decision;
    }

    public ProofSection proof() {
        return proof;
    }

    public SelectionSection selection() {
        return selection;
    }

    public BudgetSection budget() {
        return budget;
    }

    public RecordSection record() {
        return record;
    }

    /** Does the command ask for an admission: a request, an order, or a change of one? */
    public boolean asksAdmission() {
        return switch (command.kind()) {
            case ADMISSION, ORDER, REPLACE -> true;
            default -> false;
        };
    }

    /**
     * The final action. Fails closed: {@link Action#REJECT} unless intake, kernel, selection and budget all said yes and a
     * hold stands; {@link Action#NOTHING_GRANTED} for a command that asks for no admission and for a duplicate, whose answer
     * is the first one's.
     */
    public Action action() {
        if (!asksAdmission() || intake.isDuplicate()) {
            return Action.NOTHING_GRANTED;
        }
        if (!intake.isPassed() || !budget.isPresent() || budget.result().reason() != ReasonCode.NONE) {
            return Action.REJECT;
        }
        if (command.kind() == CommandKind.REPLACE) {
            return Action.EXECUTE;
        }
        return selection.isPresent() ? selection.selection().action() : Action.REJECT;
    }

    /** The final reason: the first step's that said no, else the selection's. */
    public ReasonCode reason() {
        if (intake.result() != ReasonCode.NONE) {
            return intake.result();
        }
        if (selection.isPresent() && selection.selection().action() == Action.REJECT) {
            return selection.selection().reason();
        }
        if (budget.isPresent() && budget.result().reason() != ReasonCode.NONE) {
            return budget.result().reason();
        }
        return selection.isPresent() ? selection.selection().reason() : ReasonCode.APPLIED;
    }

    /** Was it admitted: does the client hold a yes? */
    public boolean isAdmitted() {
        Action action = action();
        return action == Action.EXECUTE || action == Action.SUBSTITUTE;
    }

    /** Were all sections from intake to budget written for this command? */
    boolean isReadyForJournal() {
        long sequence = sequence();
        return command.isDone(sequence)
                && stamp.isDone(sequence)
                && intake.isDone(sequence)
                && regime.isDone(sequence)
                && effective.isDone(sequence)
                && decision.isDone(sequence)
                && proof.isDone(sequence)
                && selection.isDone(sequence)
                && budget.isDone(sequence);
    }
}

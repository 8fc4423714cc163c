package io.ringfence.engine.selection;

import io.ringfence.engine.kernel.Kernel;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.policy.Bps;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.engine.policy.Policy;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Strategy;

/**
 * The candidate that acts on a request, and how it was chosen: the kernel's choice, one near it that was drawn, or, where the client
 * allows no substitute, the requested candidate or none. Mutable and reused; not thread safe; allocates nothing once warm.
 *
 * <table>
 * <caption>Choices</caption>
 * <tr><th>kernel</th><th>substitution</th><th>requested</th><th>action</th><th>strategy</th></tr>
 * <tr><td>rejects</td><td>any</td><td>any</td><td>reject, the kernel's reason</td><td>follow</td></tr>
 * <tr><td>selects</td><td>allowed</td><td>any</td><td>the kernel's</td><td>follow</td></tr>
 * <tr><td>selects</td><td>allowed, and a draw is made</td><td>acts by the draw</td><td>execute</td><td>explore</td></tr>
 * <tr><td>selects</td><td>allowed, and a draw is made</td><td>another</td><td>substitute</td><td>explore</td></tr>
 * <tr><td>selects</td><td>never</td><td>is the kernel's choice</td><td>execute</td><td>follow</td></tr>
 * <tr><td>selects</td><td>never</td><td>passes every gate</td><td>execute</td><td>directed</td></tr>
 * <tr><td>selects</td><td>never</td><td>fails a gate, unknown, or 0</td><td>reject, not eligible</td><td>directed</td></tr>
 * </table>
 */
public final class Selection {
    /** Propensity of a directed choice: absent; of a draw from posteriors: it follows from these. */
    public static final int NO_PROPENSITY = 0;

    /** Tier and provider when no candidate acts. */
    public static final int NONE = 255;

    private final Explored explored = new Explored();
    private boolean hasNear;
    private Action action = Action.REJECT;
    private ReasonCode reason = ReasonCode.NONE;
    private long actedCandidateId;
    private int actedIndex = Catalog.NO_INDEX;
    private long costMicros;
    private int tier = NONE;
    private int providerId = NONE;
    private Strategy strategy = Strategy.FOLLOW;
    private int propensityBps = NO_PROPENSITY;

    /** Becomes a rejection without a reason. */
    public void clear() {
        hasNear = false;
        reject(ReasonCode.NONE, Strategy.FOLLOW, NO_PROPENSITY);
    }

    /**
     * Chooses for one request and writes every field.
     *
     * @param decision         the kernel's, on this policy's catalog and this input.
     * @param mayBeSubstituted whether a candidate other than the requested one may act.
     */
    public void choose(Policy policy, KernelInput input, KernelDecision decision, boolean mayBeSubstituted) {
        hasNear = false;
        if (!decision.isSelected()) {
            reject(decision.reason(), Strategy.FOLLOW, Bps.ONE);
        } else if (mayBeSubstituted || decision.action() == Action.EXECUTE) {
            act(policy, decision.selectedIndex(), decision.selectedId(), decision.costMicros());
            chosen(decision.action(), decision.reason(), Strategy.FOLLOW, Bps.ONE);
        } else {
            direct(policy, input);
        }
    }

    /**
     * Finds the candidates near the kernel's choice, after {@link #choose} followed it; {@link #explored()} is to be settled next.
     *
     * @param nearMicros most utility below the choice's.
     * @return is there one?
     */
    public boolean explore(Policy policy, KernelInput input, KernelDecision decision, long nearMicros) {
        hasNear = explored.begin(policy.catalog(), input, decision, nearMicros);
        return hasNear;
    }

    /** Lets the candidate act that was drawn, once {@link #explored()} is settled. */
    public void follow(Policy policy, KernelInput input) {
        if (explored.isExplored()) {
            int index = explored.actedIndex();
            long candidateId = policy.catalog().candidate(index).id();
            act(policy, index, candidateId, Kernel.costMicros(policy.catalog(), index, input));
            action = candidateId == input.requestedCandidateId() ? Action.EXECUTE : Action.SUBSTITUTE;
            reason = ReasonCode.EXPLORED;
        }
        if (explored.inPlayCount() > 0) {
            strategy = Strategy.EXPLORE;
            propensityBps = NO_PROPENSITY;
        } else if (explored.numerator() != explored.denominator()) {
            strategy = Strategy.EXPLORE;
            propensityBps = explored.propensityBps();
        }
    }

    private void direct(Policy policy, KernelInput input) {
        Catalog catalog = policy.catalog();
        int index = catalog.indexOf(input.requestedCandidateId());
        if (index == Catalog.NO_INDEX || !Kernel.isEligible(catalog, index, input)) {
            reject(ReasonCode.REQUESTED_NOT_ELIGIBLE, Strategy.DIRECTED, NO_PROPENSITY);
            return;
        }
        act(policy, index, input.requestedCandidateId(), Kernel.costMicros(catalog, index, input));
        chosen(Action.EXECUTE, ReasonCode.REQUESTED_DIRECTED, Strategy.DIRECTED, NO_PROPENSITY);
    }

    private void act(Policy policy, int index, long candidateId, long costMicros) {
        this.actedCandidateId = candidateId;
        this.actedIndex = index;
        this.costMicros = costMicros;
        this.tier = policy.tierOfIndex(index);
        this.providerId = policy.providerOfIndex(index);
    }

    private void reject(ReasonCode reason, Strategy strategy, int propensityBps) {
        actedCandidateId = 0;
        actedIndex = Catalog.NO_INDEX;
        costMicros = 0;
        tier = NONE;
        providerId = NONE;
        chosen(Action.REJECT, reason, strategy, propensityBps);
    }

    private void chosen(Action action, ReasonCode reason, Strategy strategy, int propensityBps) {
        this.action = action;
        this.reason = reason;
        this.strategy = strategy;
        this.propensityBps = propensityBps;
    }

    /** Execute what was asked, substitute, or reject; before any control or hold. */
    public Action action() {
        return action;
    }

    /** The reason of the action. A directed execution has {@link ReasonCode#REQUESTED_DIRECTED}. */
    public ReasonCode reason() {
        return reason;
    }

    /** Id of the acting candidate, u32; 0 when none acts. */
    public long actedCandidateId() {
        return actedCandidateId;
    }

    /** Index of the acting candidate in the catalog; {@link Catalog#NO_INDEX} when none acts. */
    public int actedIndex() {
        return actedIndex;
    }

    /** Cost of the acting candidate in micros, u64 bits; 0 when none acts. */
    public long costMicros() {
        return costMicros;
    }

    /** Tier of the acting candidate, 0 to 7; {@link #NONE} when none acts. */
    public int tier() {
        return tier;
    }

    /** Provider of the acting candidate, 0 to 63; {@link #NONE} when none acts. */
    public int providerId() {
        return providerId;
    }

    /** Was another candidate near, in a use case that explores? */
    public boolean hasNear() {
        return hasNear;
    }

    /** What was drawn among the near candidates, or what kept the kernel's choice; null unless {@link #hasNear}. */
    public Explored explored() {
        return hasNear ? explored : null;
    }

    /** Notes the keyed draw that the record of a command holds: an engine without a key takes it for its own of that sequence. */
    public void recordedDraw(long sequence, long draw, long pick) {
        explored.recorded(sequence, draw, pick);
    }

    /** Whether the kernel's choice was followed, a draw was made, or the client directed it. */
    public Strategy strategy() {
        return strategy;
    }

    /**
     * Probability with which this choice was made given the floor, 1 to 10,000; {@link #NO_PROPENSITY} when directed, and when candidates
     * were drawn from their posteriors: then it follows from these, off the path.
     */
    public int propensityBps() {
        return propensityBps;
    }
}

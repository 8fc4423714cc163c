package io.ringfence.engine.selection;

import io.ringfence.engine.policy.Catalog;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Strategy;

/** Who acts, and how that was chosen. Mutable and reused; not thread safe. */
public final class Selection {
    /** Propensity of what was not drawn but told: absent. */
    public static final int NO_PROPENSITY = 0;

    /** Propensity of what could not have been otherwise. */
    public static final int CERTAIN_BPS = 10_000;

    private Action action = Action.REJECT;
    private ReasonCode reason = ReasonCode.NONE;
    private long actedCandidateId;
    private int actedIndex = Catalog.NO_INDEX;
    private Strategy strategy = Strategy.FOLLOW;
    private int propensityBps = NO_PROPENSITY;

    /** Nobody was asked: rejects, without a reason. */
    public void clear() {
        reject(ReasonCode.NONE);
        chosenBy(Strategy.FOLLOW, NO_PROPENSITY);
    }

    void act(Action action, ReasonCode reason, long candidateId, int index) {
        this.action = action;
        this.reason = reason;
        this.actedCandidateId = candidateId;
        this.actedIndex = index;
    }

    void reject(ReasonCode reason) {
        act(Action.REJECT, reason, 0, Catalog.NO_INDEX);
    }

    void chosenBy(Strategy strategy, int propensityBps) {
        this.strategy = strategy;
        this.propensityBps = propensityBps;
    }

    /** Execute what was asked, substitute, or reject: before any control or hold. */
    public Action action() {
        return action;
    }

    /** Why. For a directed execution the kernel's: that it preferred another. */
    public ReasonCode reason() {
        return reason;
    }

    /** u32; who acts, 0 for nobody. */
    public long actedCandidateId() {
        return actedCandidateId;
    }

    /** Its index in the catalog; {@link Catalog#NO_INDEX} for nobody. */
    public int actedIndex() {
        return actedIndex;
    }

    /** How it was chosen. */
    public Strategy strategy() {
        return strategy;
    }

    /** Probability with which it was chosen, 1 to 10,000; {@link #NO_PROPENSITY} when directed. */
    public int propensityBps() {
        return propensityBps;
    }
}

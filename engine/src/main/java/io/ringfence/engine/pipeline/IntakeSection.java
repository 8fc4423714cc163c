package io.ringfence.engine.pipeline;

import io.ringfence.engine.policy.Policy;
import io.ringfence.schemas.ReasonCode;

/** What intake found: whether the command goes on, and under which policy. Written by {@link IntakeStage}. */
public final class IntakeSection extends Section {
    private ReasonCode result = ReasonCode.NONE;
    private long originalSequence;
    private Policy policy;

    void goesOn(long sequence, Policy policy) {
        set(sequence, ReasonCode.NONE, 0, policy);
    }

    void refused(long sequence, ReasonCode result, Policy policy) {
        set(sequence, result, 0, policy);
    }

    void duplicate(long sequence, long originalSequence, Policy policy) {
        set(sequence, ReasonCode.NONE, originalSequence, policy);
    }

    private void set(long sequence, ReasonCode result, long originalSequence, Policy policy) {
        this.result = result;
        this.originalSequence = originalSequence;
        this.policy = policy;
        done(sequence);
    }

    /** Does the command go on to the stages behind? */
    public boolean isPassed() {
        return result == ReasonCode.NONE && originalSequence == 0;
    }

    /** Why not; {@link ReasonCode#NONE} when it goes on or is a duplicate. */
    public ReasonCode result() {
        return result;
    }

    /** Is it a repetition of an earlier command? */
    public boolean isDuplicate() {
        return originalSequence != 0;
    }

    /** Sequence of the first one of the same id and body; 0 when this is no duplicate. */
    public long originalSequence() {
        return originalSequence;
    }

    /** The policy in force after this command; null before the first activation. */
    public Policy policy() {
        return policy;
    }
}

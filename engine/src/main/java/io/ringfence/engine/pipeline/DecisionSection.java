package io.ringfence.engine.pipeline;

import io.ringfence.engine.kernel.KernelDecision;

/** What the kernel said. Written by {@link KernelStage}. */
public final class DecisionSection extends Section {
    private final KernelDecision decision = new KernelDecision();
    private boolean isPresent;

    void notTaken(long sequence) {
        isPresent = false;
        decision.clear();
        done(sequence);
    }

    void decided(long sequence) {
        isPresent = true;
        done(sequence);
    }

    /** Did the stage take part? */
    public boolean isPresent() {
        return isPresent;
    }

    /** The kernel's decision; cleared when the stage did not take part. */
    public KernelDecision decision() {
        return decision;
    }
}

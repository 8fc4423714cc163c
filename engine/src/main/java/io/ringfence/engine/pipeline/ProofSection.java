package io.ringfence.engine.pipeline;

import java.util.Arrays;

/** Seal of the kernel's decision. Written by {@link ProofStage}. */
public final class ProofSection extends Section {
    private final byte[] inputDigest = new byte[32];
    private final byte[] decisionDigest = new byte[32];
    private boolean isPresent;

    void notTaken(long sequence) {
        isPresent = false;
        Arrays.fill(inputDigest, (byte) 0);
        Arrays.fill(decisionDigest, (byte) 0);
        done(sequence);
    }

    void sealed(long sequence) {
        isPresent = true;
        done(sequence);
    }

    /** Did the stage take part? */
    public boolean isPresent() {
        return isPresent;
    }

    /** {@code calyinp1} of the effective input, 32 bytes; zeros when absent. Not to be changed by readers. */
    public byte[] inputDigest() {
        return inputDigest;
    }

    /** {@code calydcn1} of the decision, 32 bytes; zeros when absent. Not to be changed by readers. */
    public byte[] decisionDigest() {
        return decisionDigest;
    }
}

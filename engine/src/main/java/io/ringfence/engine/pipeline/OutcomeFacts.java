package io.ringfence.engine.pipeline;

import java.util.Arrays;

/** Facts of one answered decision, as an outcome needs them. Mutable and reused; not thread safe. */
public final class OutcomeFacts {
    /** Stands for "no regime", "no tier" and "no provider". */
    public static final int NONE = 255;

    private final byte[] identityDigest = new byte[32];
    private long decisionSequence;
    private long accountId;
    private int actedCandidateId;
    private int useCase;
    private int regime;
    private int tier;
    private int providerId;
    private boolean isAdmitted;

    /** Forgets everything: {@link #isPresent()} is false afterwards. */
    public void clear() {
        set(0, 0, 0, 0, NONE, NONE, NONE, false);
        Arrays.fill(identityDigest, (byte) 0);
    }

    /** Sets all but the {@link #identityDigest()}. */
    public void set(
            long decisionSequence,
            long accountId,
            int actedCandidateId,
            int useCase,
            int regime,
            int tier,
            int providerId,
            boolean isAdmitted) {
        this.decisionSequence = decisionSequence;
        this.accountId = accountId;
        this.actedCandidateId = actedCandidateId;
        this.useCase = useCase;
        this.regime = regime;
        this.tier = tier;
        this.providerId = providerId;
        this.isAdmitted = isAdmitted;
    }

    /** Takes another's values. */
    public void copyFrom(OutcomeFacts other) {
        set(
                other.decisionSequence,
                other.accountId,
                other.actedCandidateId,
                other.useCase,
                other.regime,
                other.tier,
                other.providerId,
                other.isAdmitted);
        System.arraycopy(other.identityDigest, 0, identityDigest, 0, identityDigest.length);
    }

    /** Has the other the same values? */
    public boolean isSameAs(OutcomeFacts other) {
        return decisionSequence == other.decisionSequence
                && accountId == other.accountId
                && actedCandidateId == other.actedCandidateId
                && useCase == other.useCase
                && regime == other.regime
                && tier == other.tier
                && providerId == other.providerId
                && isAdmitted == other.isAdmitted
                && Arrays.equals(identityDigest, other.identityDigest);
    }

    /** Were any found? */
    public boolean isPresent() {
        return decisionSequence != 0;
    }

    /** The decision; 0 for none. */
    public long decisionSequence() {
        return decisionSequence;
    }

    /** Its account. */
    public long accountId() {
        return accountId;
    }

    /** Who acted, u32 bits; 0 for nobody. */
    public int actedCandidateId() {
        return actedCandidateId;
    }

    /** Its use case, 0..63. */
    public int useCase() {
        return useCase;
    }

    /** Its regime, 0..7, or {@link #NONE}. */
    public int regime() {
        return regime;
    }

    /** Tier of the acted candidate, or {@link #NONE}. */
    public int tier() {
        return tier;
    }

    /** Provider of the acted candidate, 0..63, or {@link #NONE}. */
    public int providerId() {
        return providerId;
    }

    /** Was it admitted? */
    public boolean isAdmitted() {
        return isAdmitted;
    }

    /** Its identity digest, 32 bytes, mutable in place; zeros when the kernel did not take part. */
    public byte[] identityDigest() {
        return identityDigest;
    }
}

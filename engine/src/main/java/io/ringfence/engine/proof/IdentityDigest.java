package io.ringfence.engine.proof;

import static io.ringfence.engine.proof.CanonicalBytes.TAG_LENGTH;
import static org.agrona.BitUtil.SIZE_OF_LONG;

import io.ringfence.engine.digest.Sha256;

/**
 * Digest that names one decision for good: SHA-256 over 113 bytes under the tag {@code calyidn1}.
 *
 * <pre>
 *   0 tag 9 | 9 policy digest 32 | 41 input digest 32 | 73 decision digest 32 | 105 sequence u64 little endian | 113
 * </pre>
 *
 * <p>Not thread safe; allocates nothing once warm.
 */
public final class IdentityDigest {
    private static final int POLICY_OFFSET = TAG_LENGTH;
    private static final int INPUT_OFFSET = POLICY_OFFSET + Sha256.LENGTH;
    private static final int DECISION_OFFSET = INPUT_OFFSET + Sha256.LENGTH;
    private static final int SEQUENCE_OFFSET = DECISION_OFFSET + Sha256.LENGTH;
    private static final int LENGTH = SEQUENCE_OFFSET + SIZE_OF_LONG;

    private final CanonicalBytes bytes = new CanonicalBytes("calyidn1", LENGTH);

    /** Writes 32 bytes at an offset; each digest given is the first 32 bytes of its array. */
    public void write(
            byte[] policyDigest, byte[] inputDigest, byte[] decisionDigest, long sequence, byte[] out, int outOffset) {
        bytes.raw(POLICY_OFFSET, policyDigest, 0, Sha256.LENGTH);
        bytes.raw(INPUT_OFFSET, inputDigest, 0, Sha256.LENGTH);
        bytes.raw(DECISION_OFFSET, decisionDigest, 0, Sha256.LENGTH);
        bytes.u64(SEQUENCE_OFFSET, sequence);
        bytes.hash(out, outOffset);
    }
}

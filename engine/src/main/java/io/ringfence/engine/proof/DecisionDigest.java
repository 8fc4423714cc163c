package io.ringfence.engine.proof;

import static io.ringfence.engine.proof.CanonicalBytes.TAG_LENGTH;
import static org.agrona.BitUtil.SIZE_OF_BYTE;
import static org.agrona.BitUtil.SIZE_OF_INT;
import static org.agrona.BitUtil.SIZE_OF_LONG;
import static org.agrona.BitUtil.SIZE_OF_SHORT;

import io.ringfence.engine.kernel.KernelDecision;

/**
 * Digest of what was decided: SHA-256 over 74 bytes, little endian, under the tag {@code calydcn1}.
 *
 * <pre>
 *   0 tag 9 | 9 sequence u64 | 17 action u8 | 18 reason u16 | 20 selected id u32 | 24 selected index u16 | 26 cost u64
 *   34 utility i64 | 42 counterfactual id u32 | 46 counterfactual utility i64 | 54 evaluated u16 | 56 eligible u16
 *   58 policy epoch u64 | 66 catalog epoch u64 | 74
 * </pre>
 *
 * <p>Not thread safe; allocates nothing once warm.
 */
public final class DecisionDigest {
    private static final int SEQUENCE_OFFSET = TAG_LENGTH;
    private static final int ACTION_OFFSET = SEQUENCE_OFFSET + SIZE_OF_LONG;
    private static final int REASON_OFFSET = ACTION_OFFSET + SIZE_OF_BYTE;
    private static final int SELECTED_ID_OFFSET = REASON_OFFSET + SIZE_OF_SHORT;
    private static final int SELECTED_INDEX_OFFSET = SELECTED_ID_OFFSET + SIZE_OF_INT;
    private static final int COST_OFFSET = SELECTED_INDEX_OFFSET + SIZE_OF_SHORT;
    private static final int UTILITY_OFFSET = COST_OFFSET + SIZE_OF_LONG;
    private static final int COUNTERFACTUAL_ID_OFFSET = UTILITY_OFFSET + SIZE_OF_LONG;
    private static final int COUNTERFACTUAL_UTILITY_OFFSET = COUNTERFACTUAL_ID_OFFSET + SIZE_OF_INT;
    private static final int EVALUATED_OFFSET = COUNTERFACTUAL_UTILITY_OFFSET + SIZE_OF_LONG;
    private static final int ELIGIBLE_OFFSET = EVALUATED_OFFSET + SIZE_OF_SHORT;
    private static final int POLICY_EPOCH_OFFSET = ELIGIBLE_OFFSET + SIZE_OF_SHORT;
    private static final int CATALOG_EPOCH_OFFSET = POLICY_EPOCH_OFFSET + SIZE_OF_LONG;
    private static final int LENGTH = CATALOG_EPOCH_OFFSET + SIZE_OF_LONG;

    private final CanonicalBytes bytes = new CanonicalBytes("calydcn1", LENGTH);

    /** Writes 32 bytes at an offset. */
    public void write(KernelDecision decision, byte[] out, int outOffset) {
        bytes.u64(SEQUENCE_OFFSET, decision.requestSequence());
        bytes.u8(ACTION_OFFSET, decision.action().value());
        bytes.u16(REASON_OFFSET, decision.reason().value());
        bytes.u32(SELECTED_ID_OFFSET, decision.selectedId());
        bytes.u16(SELECTED_INDEX_OFFSET, decision.selectedIndex());
        bytes.u64(COST_OFFSET, decision.costMicros());
        bytes.u64(UTILITY_OFFSET, decision.utilityMicros());
        bytes.u32(COUNTERFACTUAL_ID_OFFSET, decision.counterfactualId());
        bytes.u64(COUNTERFACTUAL_UTILITY_OFFSET, decision.counterfactualUtilityMicros());
        bytes.u16(EVALUATED_OFFSET, decision.evaluatedCount());
        bytes.u16(ELIGIBLE_OFFSET, decision.eligibleCount());
        bytes.u64(POLICY_EPOCH_OFFSET, decision.policyEpoch());
        bytes.u64(CATALOG_EPOCH_OFFSET, decision.catalogEpoch());
        bytes.hash(out, outOffset);
    }
}

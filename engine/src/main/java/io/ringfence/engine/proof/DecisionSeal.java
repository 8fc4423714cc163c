package io.ringfence.engine.proof;

import static org.agrona.BitUtil.SIZE_OF_BYTE;
import static org.agrona.BitUtil.SIZE_OF_INT;
import static org.agrona.BitUtil.SIZE_OF_LONG;
import static org.agrona.BitUtil.SIZE_OF_SHORT;

import io.ringfence.engine.digest.Sha256;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.kernel.KernelInput;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;

/**
 * Writes the digests of one decision: SHA-256 over canonical bytes, little endian, that start with a tag of 8 characters and a
 * zero byte.
 *
 * <pre>
 * input, 79 bytes
 *   0 tag calyinp1 | 9 sequence u64 | 17 requested candidate u32 | 21 units in u32 | 25 units out u32
 *   29 business value i64 | 37 cost limit u64 | 45 risk u16 | 47 confidence u16 | 49 minimum quality u16
 *   51 latency cap u32 | 55 capabilities u64 | 63 provider mask u64 | 71 region mask u64 | 79
 * decision, 74 bytes
 *   0 tag calydcn1 | 9 sequence u64 | 17 action u8 | 18 reason u16 | 20 selected id u32 | 24 selected index u16
 *   26 cost u64 | 34 utility i64 | 42 counterfactual id u32 | 46 counterfactual utility i64 | 54 evaluated u16
 *   56 eligible u16 | 58 policy epoch u64 | 66 catalog epoch u64 | 74
 * identity, 113 bytes
 *   0 tag calyidn1 | 9 policy digest 32 | 41 input digest 32 | 73 decision digest 32 | 105 sequence u64 | 113
 * </pre>
 *
 * <p>Not thread safe; allocates nothing once warm.
 */
public final class DecisionSeal {
    private static final VarHandle U16 = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle U32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle U64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int TAG_LENGTH = 9;
    private static final int SEQUENCE = TAG_LENGTH;

    private static final int REQUESTED_CANDIDATE = SEQUENCE + SIZE_OF_LONG;
    private static final int INPUT_UNITS = REQUESTED_CANDIDATE + SIZE_OF_INT;
    private static final int OUTPUT_UNITS = INPUT_UNITS + SIZE_OF_INT;
    private static final int BUSINESS_VALUE = OUTPUT_UNITS + SIZE_OF_INT;
    private static final int COST_LIMIT = BUSINESS_VALUE + SIZE_OF_LONG;
    private static final int RISK = COST_LIMIT + SIZE_OF_LONG;
    private static final int CONFIDENCE = RISK + SIZE_OF_SHORT;
    private static final int MINIMUM_QUALITY = CONFIDENCE + SIZE_OF_SHORT;
    private static final int LATENCY_CAP = MINIMUM_QUALITY + SIZE_OF_SHORT;
    private static final int CAPABILITIES = LATENCY_CAP + SIZE_OF_INT;
    private static final int PROVIDER_MASK = CAPABILITIES + SIZE_OF_LONG;
    private static final int REGION_MASK = PROVIDER_MASK + SIZE_OF_LONG;
    private static final int INPUT_LENGTH = REGION_MASK + SIZE_OF_LONG;

    private static final int ACTION = SEQUENCE + SIZE_OF_LONG;
    private static final int REASON = ACTION + SIZE_OF_BYTE;
    private static final int SELECTED_ID = REASON + SIZE_OF_SHORT;
    private static final int SELECTED_INDEX = SELECTED_ID + SIZE_OF_INT;
    private static final int COST = SELECTED_INDEX + SIZE_OF_SHORT;
    private static final int UTILITY = COST + SIZE_OF_LONG;
    private static final int COUNTERFACTUAL_ID = UTILITY + SIZE_OF_LONG;
    private static final int COUNTERFACTUAL_UTILITY = COUNTERFACTUAL_ID + SIZE_OF_INT;
    private static final int EVALUATED = COUNTERFACTUAL_UTILITY + SIZE_OF_LONG;
    private static final int ELIGIBLE = EVALUATED + SIZE_OF_SHORT;
    private static final int POLICY_EPOCH = ELIGIBLE + SIZE_OF_SHORT;
    private static final int CATALOG_EPOCH = POLICY_EPOCH + SIZE_OF_LONG;
    private static final int DECISION_LENGTH = CATALOG_EPOCH + SIZE_OF_LONG;

    private static final int POLICY_DIGEST = TAG_LENGTH;
    private static final int INPUT_DIGEST = POLICY_DIGEST + Sha256.LENGTH;
    private static final int DECISION_DIGEST = INPUT_DIGEST + Sha256.LENGTH;
    private static final int IDENTITY_SEQUENCE = DECISION_DIGEST + Sha256.LENGTH;
    private static final int IDENTITY_LENGTH = IDENTITY_SEQUENCE + SIZE_OF_LONG;

    private final byte[] input = tagged("calyinp1", INPUT_LENGTH);
    private final byte[] decision = tagged("calydcn1", DECISION_LENGTH);
    private final byte[] identity = tagged("calyidn1", IDENTITY_LENGTH);
    private final MessageDigest sha256 = Sha256.newDigest();

    /** Writes the digest of the kernel's input, 32 bytes at an offset. */
    public void input(KernelInput source, byte[] out, int outOffset) {
        U64.set(input, SEQUENCE, source.requestSequence());
        U32.set(input, REQUESTED_CANDIDATE, (int) source.requestedCandidateId());
        U32.set(input, INPUT_UNITS, (int) source.inputUnits());
        U32.set(input, OUTPUT_UNITS, (int) source.outputUnits());
        U64.set(input, BUSINESS_VALUE, source.businessValueMicros());
        U64.set(input, COST_LIMIT, source.costLimitMicros());
        U16.set(input, RISK, (short) source.riskBps());
        U16.set(input, CONFIDENCE, (short) source.confidenceBps());
        U16.set(input, MINIMUM_QUALITY, (short) source.minimumQualityBps());
        U32.set(input, LATENCY_CAP, (int) source.maxP95LatencyMs());
        U64.set(input, CAPABILITIES, source.requiredCapabilities());
        U64.set(input, PROVIDER_MASK, source.allowedProviderMask());
        U64.set(input, REGION_MASK, source.requiredRegionMask());
        hash(input, out, outOffset);
    }

    /** Writes the digest of the kernel's decision, 32 bytes at an offset. */
    public void decision(KernelDecision source, byte[] out, int outOffset) {
        U64.set(decision, SEQUENCE, source.requestSequence());
        decision[ACTION] = (byte) source.action().value();
        U16.set(decision, REASON, (short) source.reason().value());
        U32.set(decision, SELECTED_ID, (int) source.selectedId());
        U16.set(decision, SELECTED_INDEX, (short) source.selectedIndex());
        U64.set(decision, COST, source.costMicros());
        U64.set(decision, UTILITY, source.utilityMicros());
        U32.set(decision, COUNTERFACTUAL_ID, (int) source.counterfactualId());
        U64.set(decision, COUNTERFACTUAL_UTILITY, source.counterfactualUtilityMicros());
        U16.set(decision, EVALUATED, (short) source.evaluatedCount());
        U16.set(decision, ELIGIBLE, (short) source.eligibleCount());
        U64.set(decision, POLICY_EPOCH, source.policyEpoch());
        U64.set(decision, CATALOG_EPOCH, source.catalogEpoch());
        hash(decision, out, outOffset);
    }

    /**
     * Writes the digest that names a decision for good, 32 bytes at an offset. Each given digest is the first 32 bytes of its
     * array.
     */
    public void identity(
            byte[] policyDigest, byte[] inputDigest, byte[] decisionDigest, long sequence, byte[] out, int outOffset) {
        System.arraycopy(policyDigest, 0, identity, POLICY_DIGEST, Sha256.LENGTH);
        System.arraycopy(inputDigest, 0, identity, INPUT_DIGEST, Sha256.LENGTH);
        System.arraycopy(decisionDigest, 0, identity, DECISION_DIGEST, Sha256.LENGTH);
        U64.set(identity, IDENTITY_SEQUENCE, sequence);
        hash(identity, out, outOffset);
    }

    private void hash(byte[] bytes, byte[] out, int outOffset) {
        sha256.update(bytes);
        try {
            sha256.digest(out, outOffset, Sha256.LENGTH);
        } catch (DigestException e) {
            throw new IllegalArgumentException(
                    "a digest needs 32 bytes: offset=" + outOffset + ", length=" + out.length, e);
        }
    }

    private static byte[] tagged(String tag, int length) {
        byte[] bytes = new byte[length];
        System.arraycopy(tag.getBytes(StandardCharsets.US_ASCII), 0, bytes, 0, TAG_LENGTH - 1);
        return bytes;
    }
}

package io.ringfence.engine.proof;

import static io.ringfence.engine.proof.CanonicalBytes.TAG_LENGTH;
import static org.agrona.BitUtil.SIZE_OF_INT;
import static org.agrona.BitUtil.SIZE_OF_LONG;
import static org.agrona.BitUtil.SIZE_OF_SHORT;

import io.ringfence.engine.kernel.KernelInput;

/**
 * Digest of what was decided about: SHA-256 over 79 bytes, little endian, under the tag {@code calyinp1}.
 *
 * <pre>
 *   0 tag 9 | 9 sequence u64 | 17 requested candidate u32 | 21 units in u32 | 25 units out u32 | 29 business value i64
 *   37 cost limit u64 | 45 risk u16 | 47 confidence u16 | 49 minimum quality u16 | 51 latency cap u32
 *   55 capabilities u64 | 63 provider mask u64 | 71 region mask u64 | 79
 * </pre>
 *
 * <p>Not thread safe; allocates nothing once warm.
 */
public final class InputDigest {
    private static final int SEQUENCE_OFFSET = TAG_LENGTH;
    private static final int REQUESTED_CANDIDATE_OFFSET = SEQUENCE_OFFSET + SIZE_OF_LONG;
    private static final int INPUT_UNITS_OFFSET = REQUESTED_CANDIDATE_OFFSET + SIZE_OF_INT;
    private static final int OUTPUT_UNITS_OFFSET = INPUT_UNITS_OFFSET + SIZE_OF_INT;
    private static final int BUSINESS_VALUE_OFFSET = OUTPUT_UNITS_OFFSET + SIZE_OF_INT;
    private static final int COST_LIMIT_OFFSET = BUSINESS_VALUE_OFFSET + SIZE_OF_LONG;
    private static final int RISK_OFFSET = COST_LIMIT_OFFSET + SIZE_OF_LONG;
    private static final int CONFIDENCE_OFFSET = RISK_OFFSET + SIZE_OF_SHORT;
    private static final int MINIMUM_QUALITY_OFFSET = CONFIDENCE_OFFSET + SIZE_OF_SHORT;
    private static final int LATENCY_CAP_OFFSET = MINIMUM_QUALITY_OFFSET + SIZE_OF_SHORT;
    private static final int CAPABILITIES_OFFSET = LATENCY_CAP_OFFSET + SIZE_OF_INT;
    private static final int PROVIDER_MASK_OFFSET = CAPABILITIES_OFFSET + SIZE_OF_LONG;
    private static final int REGION_MASK_OFFSET = PROVIDER_MASK_OFFSET + SIZE_OF_LONG;
    private static final int LENGTH = REGION_MASK_OFFSET + SIZE_OF_LONG;

    private final CanonicalBytes bytes = new CanonicalBytes("calyinp1", LENGTH);

    /** Writes 32 bytes at an offset. */
    public void write(KernelInput input, byte[] out, int outOffset) {
        bytes.u64(SEQUENCE_OFFSET, input.requestSequence());
        bytes.u32(REQUESTED_CANDIDATE_OFFSET, input.requestedCandidateId());
        bytes.u32(INPUT_UNITS_OFFSET, input.inputUnits());
        bytes.u32(OUTPUT_UNITS_OFFSET, input.outputUnits());
        bytes.u64(BUSINESS_VALUE_OFFSET, input.businessValueMicros());
        bytes.u64(COST_LIMIT_OFFSET, input.costLimitMicros());
        bytes.u16(RISK_OFFSET, input.riskBps());
        bytes.u16(CONFIDENCE_OFFSET, input.confidenceBps());
        bytes.u16(MINIMUM_QUALITY_OFFSET, input.minimumQualityBps());
        bytes.u32(LATENCY_CAP_OFFSET, input.maxP95LatencyMs());
        bytes.u64(CAPABILITIES_OFFSET, input.requiredCapabilities());
        bytes.u64(PROVIDER_MASK_OFFSET, input.allowedProviderMask());
        bytes.u64(REGION_MASK_OFFSET, input.requiredRegionMask());
        bytes.hash(out, outOffset);
    }
}

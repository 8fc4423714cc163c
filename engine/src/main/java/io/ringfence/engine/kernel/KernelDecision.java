package io.ringfence.engine.kernel;

import io.ringfence.schemas.Action;
import io.ringfence.schemas.ReasonCode;
import java.util.Arrays;

/**
 * The kernel's decision about one request, with the count of candidates that failed at each gate. Mutable, reused, not thread
 * safe.
 *
 * <p>u16 is carried as int and u32 as long, both by value; u64 is carried as long by its bits. {@code begin}, then the counts,
 * then {@code reject} or {@code select} write every field.
 */
public final class KernelDecision {
    /** The gates of a candidate, in the order of checking. A candidate is counted under the first gate it fails. */
    public enum Gate {
        /** The candidate is enabled. */
        DISABLED(ReasonCode.CANDIDATES_DISABLED),
        /** Its quality reaches the request's minimum. */
        QUALITY(ReasonCode.QUALITY_TOO_LOW),
        /** Its p95 latency is at most the cap, if there is a cap. */
        LATENCY(ReasonCode.LATENCY_TOO_HIGH),
        /** It has all required capabilities. */
        CAPABILITY(ReasonCode.CAPABILITY_MISSING),
        /** Its provider is at most 63 and allowed. */
        PROVIDER(ReasonCode.PROVIDER_NOT_ALLOWED),
        /** It serves one of the required regions, if any is required. */
        REGION(ReasonCode.REGION_NOT_ALLOWED),
        /** Its risk ceiling is at least the request's risk. */
        RISK_CEILING(ReasonCode.RISK_CEILING_EXCEEDED),
        /** Its cost is at most the limit. */
        COST_LIMIT(ReasonCode.COST_LIMIT_EXCEEDED),
        /** Its utility is positive. */
        UTILITY(ReasonCode.UTILITY_NOT_POSITIVE);

        static final int COUNT = values().length;

        private final ReasonCode reason;

        Gate(ReasonCode reason) {
            this.reason = reason;
        }

        /** The reason of a rejection when more candidates fail here than at any other gate. */
        public ReasonCode reason() {
            return reason;
        }
    }

    /** The selected index of a rejection, and of an index that does not fit in a u16. */
    public static final int NO_INDEX = 0xFFFF;

    private static final int U16_MAX = 0xFFFF;
    /** Gates by precedence: of gates with equal counts, the first gives the reason. */
    private static final Gate[] BY_STRENGTH = {
        Gate.DISABLED,
        Gate.UTILITY,
        Gate.COST_LIMIT,
        Gate.LATENCY,
        Gate.RISK_CEILING,
        Gate.QUALITY,
        Gate.PROVIDER,
        Gate.REGION,
        Gate.CAPABILITY
    };

    private final int[] gateCounts = new int[Gate.COUNT];
    private long requestSequence;
    private Action action = Action.REJECT;
    private ReasonCode reason = ReasonCode.NONE;
    private long selectedId;
    private int selectedIndex = NO_INDEX;
    private long costMicros;
    private long utilityMicros;
    private long counterfactualId;
    private long counterfactualUtilityMicros;
    private int evaluatedCount;
    private int eligibleCount;
    private long policyEpoch;
    private long catalogEpoch;

    /** Empties the decision. It then reads as a rejection without a reason. */
    public void clear() {
        requestSequence = 0;
        policyEpoch = 0;
        catalogEpoch = 0;
        counterfactualId = 0;
        counterfactualUtilityMicros = 0;
        evaluatedCount = 0;
        eligibleCount = 0;
        Arrays.fill(gateCounts, 0);
        reject(ReasonCode.NONE);
    }

    /** Starts a new decision: echoes the sequence, takes the epochs, sets all counts to 0. */
    void begin(long requestSequence, long policyEpoch, long catalogEpoch) {
        this.requestSequence = requestSequence;
        this.policyEpoch = policyEpoch;
        this.catalogEpoch = catalogEpoch;
        counterfactualId = 0;
        counterfactualUtilityMicros = 0;
        evaluatedCount = 0;
        eligibleCount = 0;
        Arrays.fill(gateCounts, 0);
    }

    /** Writes the count of candidates, saturating. */
    void evaluated(int count) {
        evaluatedCount = Math.min(count, U16_MAX);
    }

    /** Writes the count of a gate that needs no arithmetic. Such counts saturate. */
    void gateCount(Gate gate, int count) {
        gateCounts[gate.ordinal()] = Math.min(count, U16_MAX);
    }

    /** Writes the counts of the two gates that need arithmetic, which wrap, and the count of eligible candidates, which saturates. */
    void scored(int overLimit, int withoutUtility, int eligible) {
        gateCounts[Gate.COST_LIMIT.ordinal()] = overLimit & U16_MAX;
        gateCounts[Gate.UTILITY.ordinal()] = withoutUtility & U16_MAX;
        eligibleCount = Math.min(eligible, U16_MAX);
    }

    /** Rejects because no candidate is eligible. The reason is that of the gate where most candidates failed. */
    void rejectCatalog() {
        Gate most = Gate.DISABLED;
        for (Gate gate : BY_STRENGTH) {
            if (gateCounts[gate.ordinal()] > gateCounts[most.ordinal()]) {
                most = gate;
            }
        }
        reject(most.reason());
    }

    void reject(ReasonCode reason) {
        action = Action.REJECT;
        this.reason = reason;
        selectedId = 0;
        selectedIndex = NO_INDEX;
        costMicros = 0;
        utilityMicros = 0;
    }

    /** Selects the candidate that ranks first. */
    void select(boolean isRequested, long id, int index, long costMicros, long utilityMicros) {
        action = isRequested ? Action.EXECUTE : Action.SUBSTITUTE;
        reason = isRequested ? ReasonCode.REQUESTED_IS_BEST : ReasonCode.BETTER_CANDIDATE;
        selectedId = id;
        selectedIndex = Math.min(index, NO_INDEX);
        this.costMicros = costMicros;
        this.utilityMicros = utilityMicros;
    }

    /** Writes the candidate that ranks second. */
    void counterfactual(long id, long utilityMicros) {
        counterfactualId = id;
        counterfactualUtilityMicros = utilityMicros;
    }

    /** True when a candidate was selected. */
    public boolean isSelected() {
        return action != Action.REJECT;
    }

    /** u64 bits; the input's. */
    public long requestSequence() {
        return requestSequence;
    }

    /** Execute what was asked, substitute, or reject. */
    public Action action() {
        return action;
    }

    /** Why: 1, 2 or 100 to 110. */
    public ReasonCode reason() {
        return reason;
    }

    /** u32; 0 when rejected. */
    public long selectedId() {
        return selectedId;
    }

    /** u16; its index in the catalog, {@link #NO_INDEX} when rejected. */
    public int selectedIndex() {
        return selectedIndex;
    }

    /** u64 bits; cost of the selected candidate, 0 when rejected. */
    public long costMicros() {
        return costMicros;
    }

    /** Utility of the selected candidate, 0 when rejected. */
    public long utilityMicros() {
        return utilityMicros;
    }

    /** u32; the second in rank, 0 when there is none. */
    public long counterfactualId() {
        return counterfactualId;
    }

    /** Utility of the second in rank, 0 when there is none. */
    public long counterfactualUtilityMicros() {
        return counterfactualUtilityMicros;
    }

    /** u16, saturating; candidates looked at. */
    public int evaluatedCount() {
        return evaluatedCount;
    }

    /** u16, saturating; candidates that passed every gate. */
    public int eligibleCount() {
        return eligibleCount;
    }

    /** u64 bits. */
    public long policyEpoch() {
        return policyEpoch;
    }

    /** u64 bits. */
    public long catalogEpoch() {
        return catalogEpoch;
    }

    /** u16; candidates for which this was the first gate they failed. All zero when the request itself was rejected. */
    public int gateCount(Gate gate) {
        return gateCounts[gate.ordinal()];
    }
}

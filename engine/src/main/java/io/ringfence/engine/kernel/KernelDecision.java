package io.ringfence.engine.kernel;

import io.ringfence.engine.policy.Catalog;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.ReasonCode;
import java.util.Arrays;

/**
 * What the kernel decided, with how many candidates failed at which gate. Mutable, reused, not thread safe.
 *
 * <p>u16 is carried as int and u32 as long, both by value; u64 is carried as long by its bits. {@code begin}, then the counts,
 * then {@code reject} or {@code select} write every field.
 */
public final class KernelDecision {
    /** The selected index of a rejection, and of what stands too far behind for a u16. */
    public static final int NO_INDEX = 0xFFFF;

    private static final int U16_MAX = 0xFFFF;
    /** Who gives the reason when counts are equal: the strongest first. */
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

    /** Forgets everything: as if nothing had been decided, which reads as a rejection. */
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

    /** Starts anew: whatever stood here is gone. */
    void begin(long requestSequence, Catalog catalog) {
        this.requestSequence = requestSequence;
        policyEpoch = catalog.policyEpoch();
        catalogEpoch = catalog.catalogEpoch();
        counterfactualId = 0;
        counterfactualUtilityMicros = 0;
        evaluatedCount = 0;
        eligibleCount = 0;
        Arrays.fill(gateCounts, 0);
    }

    /** How many candidates there are to look at. */
    void evaluated(int count) {
        evaluatedCount = Math.min(count, U16_MAX);
    }

    /** How many stopped at a gate that needs no arithmetic: such counts saturate. */
    void gateCount(Gate gate, int count) {
        gateCounts[gate.ordinal()] = Math.min(count, U16_MAX);
    }

    /** How many stopped at the two gates that need arithmetic, whose counts wrap; how many at none. */
    void scored(int overLimit, int withoutUtility, int eligible) {
        gateCounts[Gate.COST_LIMIT.ordinal()] = overLimit & U16_MAX;
        gateCounts[Gate.UTILITY.ordinal()] = withoutUtility & U16_MAX;
        eligibleCount = Math.min(eligible, U16_MAX);
    }

    /** Rejected because no candidate is eligible: the reason is the gate where most of them stopped. */
    void rejectCatalog() {
        Gate most = Gate.DISABLED;
        for (Gate gate : BY_STRENGTH) {
            if (gateCounts[gate.ordinal()] > gateCounts[most.ordinal()]) {
                most = gate;
            }
        }
        reject(most.reason());
    }

    /** Rejected. */
    void reject(ReasonCode reason) {
        action = Action.REJECT;
        this.reason = reason;
        selectedId = 0;
        selectedIndex = NO_INDEX;
        costMicros = 0;
        utilityMicros = 0;
    }

    /** Selected: the first in rank. */
    void select(boolean isRequested, long id, int index, long costMicros, long utilityMicros) {
        action = isRequested ? Action.EXECUTE : Action.SUBSTITUTE;
        reason = isRequested ? ReasonCode.REQUESTED_IS_BEST : ReasonCode.BETTER_CANDIDATE;
        selectedId = id;
        selectedIndex = Math.min(index, NO_INDEX);
        this.costMicros = costMicros;
        this.utilityMicros = utilityMicros;
    }

    /** The second in rank. */
    void counterfactual(long id, long utilityMicros) {
        counterfactualId = id;
        counterfactualUtilityMicros = utilityMicros;
    }

    /** Was a candidate selected? */
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

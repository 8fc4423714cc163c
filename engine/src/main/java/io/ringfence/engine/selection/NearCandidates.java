package io.ringfence.engine.selection;

import io.ringfence.engine.kernel.Kernel;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.policy.Catalog;
import java.util.Arrays;

/**
 * Finds the candidates beside the kernel's choice that pass every gate and whose utility is at most so far below the choice's.
 *
 * <p>Looks at one candidate after the other, and stops once it has met all that are eligible. Not thread safe; allocates only when more
 * are near than ever before.
 */
final class NearCandidates {
    private static final int U16_MAX = 0xFFFF;

    private int[] indexes = new int[64];
    private int count;
    private long greatestCostMicros;

    /**
     * Finds them for one request that the kernel decided.
     *
     * @param nearMicros most that the utility may be below; u64 bits.
     */
    void find(Catalog catalog, KernelInput input, KernelDecision decision, long nearMicros) {
        count = 0;
        greatestCostMicros = 0;
        int left = decision.eligibleCount() == U16_MAX ? Integer.MAX_VALUE : decision.eligibleCount() - 1;
        for (int index = 0; left > 0 && index < catalog.count(); index++) {
            if (catalog.candidate(index).id() != decision.selectedId() && Kernel.isEligible(catalog, index, input)) {
                left--;
                // Both utilities are above 0, so their difference fits.
                long below = decision.utilityMicros() - Kernel.utilityMicros(catalog, index, input);
                if (Long.compareUnsigned(below, nearMicros) <= 0) {
                    add(index, Kernel.costMicros(catalog, index, input));
                }
            }
        }
    }

    private void add(int index, long costMicros) {
        if (count == indexes.length) {
            indexes = Arrays.copyOf(indexes, 2 * count);
        }
        indexes[count++] = index;
        if (Long.compareUnsigned(costMicros, greatestCostMicros) > 0) {
            greatestCostMicros = costMicros;
        }
    }

    /** How many there are, the choice not counted. */
    int count() {
        return count;
    }

    /** Index in the catalog of one of them; they stand in the order of the catalog. */
    int index(int place) {
        return indexes[place];
    }

    /** What the dearest of them would cost in micros, u64 bits; 0 when there is none. */
    long greatestCostMicros() {
        return greatestCostMicros;
    }
}

package io.ringfence.engine.kernel;

/** The first two in rank of what was offered. Offers come in order of position, which breaks the last tie. Reused. */
final class Podium {
    /** Nobody stands here. */
    static final int NOBODY = -1;

    private int firstPosition;
    private long firstCost;
    private long firstUtility;
    private int secondPosition;
    private long secondCost;
    private long secondUtility;

    void clear() {
        firstPosition = NOBODY;
        secondPosition = NOBODY;
    }

    /** Ranks by higher utility, then lower cost (u64 bits), then lower position. */
    void offer(int position, long costMicros, long utilityMicros) {
        if (firstPosition == NOBODY || isAhead(utilityMicros, costMicros, firstUtility, firstCost)) {
            secondPosition = firstPosition;
            secondCost = firstCost;
            secondUtility = firstUtility;
            firstPosition = position;
            firstCost = costMicros;
            firstUtility = utilityMicros;
        } else if (secondPosition == NOBODY || isAhead(utilityMicros, costMicros, secondUtility, secondCost)) {
            secondPosition = position;
            secondCost = costMicros;
            secondUtility = utilityMicros;
        }
    }

    private static boolean isAhead(long utility, long cost, long otherUtility, long otherCost) {
        return utility > otherUtility || (utility == otherUtility && Long.compareUnsigned(cost, otherCost) < 0);
    }

    /** Position in the candidate table, or {@link #NOBODY}. */
    int firstPosition() {
        return firstPosition;
    }

    long firstCost() {
        return firstCost;
    }

    long firstUtility() {
        return firstUtility;
    }

    /** Position in the candidate table, or {@link #NOBODY}. */
    int secondPosition() {
        return secondPosition;
    }

    long secondUtility() {
        return secondUtility;
    }
}

package io.ringfence.engine.budget;

import org.agrona.collections.Long2LongHashMap;

/** Keeps what few orders have, by their holds: the client's own figure (floor), the quantity filled, and a pending replace. 0 is absent. */
final class RareTerms {
    private static final long ABSENT = 0;

    private final Long2LongHashMap floors = new Long2LongHashMap(ABSENT);
    private final Long2LongHashMap filledQuantities = new Long2LongHashMap(ABSENT);
    private final Long2LongHashMap pendingQuantities = new Long2LongHashMap(ABSENT);
    private final Long2LongHashMap pendingPrices = new Long2LongHashMap(ABSENT);

    long floorMicros(long holdId) {
        return find(floors, holdId);
    }

    long filledQuantity(long holdId) {
        return find(filledQuantities, holdId);
    }

    long pendingQuantity(long holdId) {
        return find(pendingQuantities, holdId);
    }

    long pendingPriceMicros(long holdId) {
        return find(pendingPrices, holdId);
    }

    /** Writes all of an order's; 0 for what it does not have. */
    void store(long holdId, long floorMicros, long filledQuantity, long pendingQuantity, long pendingPriceMicros) {
        keep(floors, holdId, floorMicros);
        keep(filledQuantities, holdId, filledQuantity);
        keep(pendingQuantities, holdId, pendingQuantity);
        keep(pendingPrices, holdId, pendingPriceMicros);
    }

    /** Entries: floors, quantities filled, and at most two for each pending replace. */
    int size() {
        return floors.size() + filledQuantities.size() + pendingQuantities.size() + pendingPrices.size();
    }

    void clear() {
        floors.clear();
        filledQuantities.clear();
        pendingQuantities.clear();
        pendingPrices.clear();
    }

    private static long find(Long2LongHashMap map, long holdId) {
        return map.isEmpty() ? ABSENT : map.get(holdId);
    }

    private static void keep(Long2LongHashMap map, long holdId, long value) {
        if (value != ABSENT) {
            map.put(holdId, value);
        } else if (!map.isEmpty()) {
            map.remove(holdId);
        }
    }
}

package io.ringfence.engine.budget;

import org.agrona.collections.Long2LongHashMap;

/** Keeps the terms of open orders: in the hold's row what each has, beside it what few have. */
final class OrderHolds {
    private static final long ABSENT = 0;

    private final Holds holds;
    private final Long2LongHashMap floors = new Long2LongHashMap(ABSENT);
    private final Long2LongHashMap pendingQuantities = new Long2LongHashMap(ABSENT);
    private final Long2LongHashMap pendingPrices = new Long2LongHashMap(ABSENT);

    OrderHolds(Holds holds) {
        this.holds = holds;
    }

    void load(int row, OrderTerms terms) {
        long id = holds.id(row);
        terms.set(holds.quantity(row), holds.limitPriceMicros(row), holds.costMicros(row), floors.get(id));
        terms.replace(pendingQuantities.get(id), pendingPrices.get(id));
    }

    void store(int row, OrderTerms terms) {
        long id = holds.id(row);
        holds.terms(row, terms.quantity(), terms.limitPriceMicros(), terms.costMicros());
        keep(floors, id, terms.floorMicros());
        keep(pendingQuantities, id, terms.pendingQuantity());
        keep(pendingPrices, id, terms.pendingPriceMicros());
    }

    void forget(long holdId) {
        floors.remove(holdId);
        pendingQuantities.remove(holdId);
        pendingPrices.remove(holdId);
    }

    /** Figures and pending replaces kept beside the rows. */
    int size() {
        return floors.size() + pendingQuantities.size() + pendingPrices.size();
    }

    void clear() {
        floors.clear();
        pendingQuantities.clear();
        pendingPrices.clear();
    }

    private static void keep(Long2LongHashMap map, long id, long value) {
        if (value != ABSENT) {
            map.put(id, value);
        } else if (!map.isEmpty()) {
            map.remove(id);
        }
    }
}

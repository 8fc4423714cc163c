package io.ringfence.engine.budget;

import org.agrona.collections.Long2LongHashMap;

/** Keeps the position of each account in each instrument: a quantity in 1e-8 units, below 0 short. */
final class Positions {
    private static final int SLOT_SHIFT = 32;
    private static final long FLAT = 0;

    private final Long2LongHashMap quantities = new Long2LongHashMap(FLAT);

    long quantity(int accountSlot, long instrumentId) {
        return quantities.get(key(accountSlot, instrumentId));
    }

    void quantity(int accountSlot, long instrumentId, long quantity) {
        if (quantity == FLAT) {
            quantities.remove(key(accountSlot, instrumentId));
        } else {
            quantities.put(key(accountSlot, instrumentId), quantity);
        }
    }

    /**
     * Keys of all positions that are not 0, in ascending order of the account's {@link #rank} in {@code slotsById}, then of the
     * instrument; allocates.
     */
    long[] keysByRank(int[] slotsById) {
        long[] ranks = new long[slotsById.length];
        for (int rank = 0; rank < slotsById.length; rank++) {
            ranks[slotsById[rank]] = rank;
        }
        long[] keys = new long[quantities.size()];
        int count = 0;
        Long2LongHashMap.KeyIterator iterator = quantities.keySet().iterator();
        while (iterator.hasNext()) {
            long key = iterator.nextValue();
            keys[count++] = key((int) ranks[(int) (key >>> SLOT_SHIFT)], key & 0xFFFF_FFFFL);
        }
        RowIndex.sortUnsigned(keys);
        return keys;
    }

    void clear() {
        quantities.clear();
    }

    static int rank(long key) {
        return (int) (key >>> SLOT_SHIFT);
    }

    static long instrumentId(long key) {
        return key & 0xFFFF_FFFFL;
    }

    private static long key(int accountSlot, long instrumentId) {
        return (long) accountSlot << SLOT_SHIFT | instrumentId;
    }
}

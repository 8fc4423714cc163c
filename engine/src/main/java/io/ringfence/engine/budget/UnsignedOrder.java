package io.ringfence.engine.budget;

import java.util.Arrays;
import java.util.function.LongToIntFunction;

/** Sorts u64 keys: the canonical order of a snapshot. */
final class UnsignedOrder {
    private UnsignedOrder() {}

    static void sort(long[] keys) {
        flip(keys);
        Arrays.sort(keys);
        flip(keys);
    }

    /** The rows of the ids, in ascending order of these, which are sorted. */
    static int[] rowsOf(long[] ids, LongToIntFunction find) {
        sort(ids);
        return Arrays.stream(ids).mapToInt(find).toArray();
    }

    private static void flip(long[] keys) {
        for (int i = 0; i < keys.length; i++) {
            keys[i] ^= Long.MIN_VALUE;
        }
    }
}

package io.ringfence.engine.budget;

import java.util.Arrays;

/** Sorts u64 keys: the canonical order of a snapshot. */
final class UnsignedOrder {
    private UnsignedOrder() {}

    static void sort(long[] keys) {
        flip(keys);
        Arrays.sort(keys);
        flip(keys);
    }

    private static void flip(long[] keys) {
        for (int i = 0; i < keys.length; i++) {
            keys[i] ^= Long.MIN_VALUE;
        }
    }
}

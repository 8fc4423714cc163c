package io.ringfence.engine.snapshot;

import java.util.Arrays;

/**
 * Sorts u64 keys into the canonical order of a state, in arrays that it keeps: a second sort of as many keys allocates nothing.
 *
 * <p>Large arrays that come and go make some collectors stop all threads. Not thread safe.
 */
public final class SortRoom {
    private static final int RUN = 1 << 11;
    private static final int REST_MASK = (1 << 12) - 1;

    private long[] keys = new long[0];
    private long[] merged = new long[0];

    /** Makes room for so many keys and half as many again. */
    public void reserve(int count) {
        if (count > keys.length) {
            int length = (int) Math.min(Integer.MAX_VALUE - 8L, count + count / 2L);
            keys = new long[length];
            merged = new long[length];
        }
    }

    /** Where the keys are put, from 0 on, after {@link #reserve}. */
    public long[] keys() {
        return keys;
    }

    /**
     * Sorts the first keys in ascending unsigned order: runs one by one, which are then merged pair by pair.
     *
     * @param count how many.
     * @param rest  runs every 100 us or so.
     * @return the array that has them from 0 on; valid until the next call.
     */
    public long[] sort(int count, Runnable rest) {
        for (int begin = 0; begin < count; begin += RUN) {
            rest.run();
            int end = Math.min(count, begin + RUN);
            flip(begin, end);
            Arrays.sort(keys, begin, end);
            flip(begin, end);
        }
        for (long run = RUN; run < count; run *= 2) {
            for (long begin = 0; begin < count; begin += 2 * run) {
                int middle = (int) Math.min(count, begin + run);
                merge((int) begin, middle, (int) Math.min(count, begin + 2 * run), rest);
            }
            long[] from = keys;
            keys = merged;
            merged = from;
        }
        return keys;
    }

    private void flip(int begin, int end) {
        for (int i = begin; i < end; i++) {
            keys[i] ^= Long.MIN_VALUE;
        }
    }

    private void merge(int begin, int middle, int end, Runnable rest) {
        int left = begin;
        int right = middle;
        for (int at = begin; at < end; at++) {
            if ((at & REST_MASK) == 0) {
                rest.run();
            }
            boolean isLeft = right == end || left < middle && Long.compareUnsigned(keys[left], keys[right]) <= 0;
            merged[at] = keys[isLeft ? left++ : right++];
        }
    }
}

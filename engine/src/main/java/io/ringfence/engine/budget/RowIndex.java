package io.ringfence.engine.budget;

import java.util.Arrays;
import java.util.function.IntToLongFunction;
import java.util.function.LongToIntFunction;

/**
 * Finds rows by their keys: open addressing over row numbers; the keys stay in the rows.
 *
 * <p>A search walks the positions from {@link #first} until {@link #row} is {@link #NONE}. An int holds a row number and, in the
 * bits left over, a part of its key's hash, so that a walk skips most rows of other keys without reading them. Allocates only
 * when it grows. One thread.
 */
final class RowIndex {
    static final int NONE = -1;

    /** The row at a position has another key. */
    static final int STRANGER = -2;

    /** A walk over rows rests whenever these bits of the row number are 0: every 4,096 rows. */
    static final int REST_MASK = (1 << 12) - 1;

    private static final long GOLDEN_RATIO = 0x9E37_79B9_7F4A_7C15L;
    private static final long MIX = 0xBF58_476D_1CE4_E5B9L;
    private static final int GROUP_MASK = 3;
    private static final int SMALLEST_LENGTH = 16;

    private final IntToLongFunction hashes; // Of the key of a row.
    private int[] numbers; // Some bits of the hash above row + 1; 0 is an empty position.
    private int rowMask;
    private int shift;
    private int bound; // Rows that fit before it must grow: a quarter of the positions stays empty.
    private int size;

    RowIndex(int capacity, IntToLongFunction hashes) {
        this.hashes = hashes;
        allocate(lengthFor(capacity));
    }

    /** Hash of an id that grows: 4 ids that follow one another stand side by side. Larger groups would make long walks. */
    static long hash(long key) {
        return (key >>> 2) * GOLDEN_RATIO & ~GROUP_MASK | key & GROUP_MASK;
    }

    /** Hash of two keys, mixed in full: a sum of two multiples would cluster where the keys grow together. */
    static long hash(long firstKey, long secondKey) {
        long mixed = (firstKey ^ firstKey >>> 32) * MIX + secondKey;
        mixed = (mixed ^ mixed >>> 29) * GOLDEN_RATIO;
        return (mixed ^ mixed >>> 32) * MIX;
    }

    /** Rows of the ids, in ascending unsigned order of the ids, which it sorts in place; allocates. */
    static int[] rowsOf(long[] ids, LongToIntFunction find) {
        sortUnsigned(ids);
        return Arrays.stream(ids).mapToInt(find).toArray();
    }

    /** Sorts u64 keys in place: the canonical order of a snapshot. */
    static void sortUnsigned(long[] keys) {
        flip(keys);
        Arrays.sort(keys);
        flip(keys);
    }

    /**
     * The row of an id, or {@link #NONE}, where each row begins with its id.
     *
     * @param hash   of the id.
     * @param cells  of all rows in sequence; cell 0 of each row is its id.
     * @param stride cells a row.
     */
    int find(long hash, long id, long[] cells, int stride) {
        int position = first(hash);
        int row = row(position, hash);
        while (row == STRANGER || row != NONE && cells[row * stride] != id) {
            position = next(position);
            row = row(position, hash);
        }
        return row;
    }

    /** The high bits choose the group of positions, the lowest the place in it. */
    int first(long hash) {
        return (int) (hash >>> shift) & ~GROUP_MASK | (int) hash & GROUP_MASK;
    }

    int next(int position) {
        return position + 1 & numbers.length - 1;
    }

    /** The row at a position if its key may have this hash, {@link #STRANGER} if not, {@link #NONE} where the walk ends. */
    int row(int position, long hash) {
        int number = numbers[position];
        if (number == 0) {
            return NONE;
        }
        return ((number ^ (int) hash) & ~rowMask) == 0 ? (number & rowMask) - 1 : STRANGER;
    }

    private int row(int position) {
        return (numbers[position] & rowMask) - 1;
    }

    void add(long hash, int row) {
        while (size == bound || row >= rowMask) {
            grow();
        }
        place(hash, row);
        size++;
    }

    /** Removes a row and closes the gap, so that no search ends early and no mark of a removed row stays. */
    void remove(long hash, int row) {
        int gap = first(hash);
        while (row(gap) != row) {
            gap = next(gap);
        }
        for (int position = next(gap); numbers[position] != 0; position = next(position)) {
            int wanted = first(hashes.applyAsLong(row(position)));
            if (distance(wanted, position) >= distance(gap, position)) {
                numbers[gap] = numbers[position];
                gap = position;
            }
        }
        numbers[gap] = 0;
        size--;
    }

    void clear() {
        Arrays.fill(numbers, 0);
        size = 0;
    }

    long lengthBytes() {
        return (long) numbers.length * Integer.BYTES;
    }

    private void grow() {
        int[] old = numbers;
        allocate(old.length * 2);
        int oldMask = rowMask(old.length);
        for (int number : old) {
            if (number != 0) {
                int row = (number & oldMask) - 1;
                place(hashes.applyAsLong(row), row);
            }
        }
    }

    private void allocate(int length) {
        numbers = new int[length];
        rowMask = rowMask(length);
        bound = length / 4 * 3;
        shift = Long.numberOfLeadingZeros(length) + 1;
    }

    private void place(long hash, int row) {
        int position = first(hash);
        while (numbers[position] != 0) {
            position = next(position);
        }
        numbers[position] = (int) hash & ~rowMask | row + 1;
    }

    /** Bits of an int that are the row number plus 1; {@link #add} grows the index before a row number needs more. */
    private static int rowMask(int length) {
        return length - 1;
    }

    private int distance(int from, int to) {
        return to - from & numbers.length - 1;
    }

    private static void flip(long[] keys) {
        for (int i = 0; i < keys.length; i++) {
            keys[i] ^= Long.MIN_VALUE;
        }
    }

    /** The smallest power of two that leaves at least a quarter of the positions empty. */
    private static int lengthFor(int capacity) {
        long wanted = Math.max(SMALLEST_LENGTH, capacity + (capacity + 2L) / 3);
        return (int) (Long.highestOneBit(wanted - 1) << 1);
    }
}

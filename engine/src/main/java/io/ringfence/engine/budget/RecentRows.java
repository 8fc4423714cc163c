package io.ringfence.engine.budget;

import java.util.Arrays;

/** Keeps the rows added last, up to a bound: one more takes the place of the oldest. Grows up to its bound, then never. */
final class RecentRows {
    static final int NONE = RowIndex.NONE;

    private static final int FIRST_CAPACITY = 1024;

    private final int bound;
    private final int stride;
    private long[] cells;
    private int next;
    private int size;

    RecentRows(int bound, int stride) {
        if (bound < 1) {
            throw new IllegalArgumentException("bound must be positive: bound=" + bound);
        }
        this.bound = bound;
        this.stride = stride;
        this.cells = new long[Math.min(bound, FIRST_CAPACITY) * stride];
    }

    /** The row that the next {@link #claim} takes from its holder, or {@link #NONE} while there is room. */
    int displaced() {
        return size == bound ? next : NONE;
    }

    int claim() {
        int row = next;
        if ((row + 1) * stride > cells.length) {
            cells = Arrays.copyOf(cells, (int) Math.min((long) bound * stride, cells.length * 2L));
        }
        next = row + 1 == bound ? 0 : row + 1;
        size = Math.min(bound, size + 1);
        return row;
    }

    /** The row that was added as the given one of those kept, oldest first from 0. */
    int row(int age) {
        int row = next - size + age;
        return row < 0 ? row + bound : row;
    }

    int size() {
        return size;
    }

    long cell(int row, int field) {
        return cells[row * stride + field];
    }

    void set(int row, int field, long value) {
        cells[row * stride + field] = value;
    }

    void clear() {
        next = 0;
        size = 0;
    }
}

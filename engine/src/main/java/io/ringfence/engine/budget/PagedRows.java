package io.ringfence.engine.budget;

import java.util.Arrays;

/**
 * Rows of longs that grow by a page at a time: growing copies no row, and takes no more memory than the rows do.
 *
 * <p>A row number stays the same for as long as the row is in use; a released one is given out again first. Allocates only when it grows.
 * One thread.
 */
final class PagedRows {
    private static final int NONE = RowIndex.NONE;
    private static final int PAGE_SHIFT = 12;
    private static final int PAGE_ROWS = 1 << PAGE_SHIFT;
    private static final int PAGE_MASK = PAGE_ROWS - 1;

    private final int stride;
    private long[][] pages;
    private int used;
    private int released = NONE; // Cell 0 of a released row links to the one before.

    /**
     * @param capacity rows to make room for; more of them make it grow.
     * @param stride   cells a row.
     */
    PagedRows(int capacity, int stride) {
        this.stride = stride;
        pages = new long[Math.max(1, (capacity + PAGE_MASK) >>> PAGE_SHIFT)][PAGE_ROWS * stride];
    }

    long cell(int row, int field) {
        return pages[row >>> PAGE_SHIFT][(row & PAGE_MASK) * stride + field];
    }

    void set(int row, int field, long value) {
        pages[row >>> PAGE_SHIFT][(row & PAGE_MASK) * stride + field] = value;
    }

    /** Gives out a row, with whatever its cells hold. */
    int claim() {
        if (released != NONE) {
            int row = released;
            released = (int) cell(row, 0);
            return row;
        }
        if (used == pages.length << PAGE_SHIFT) {
            pages = Arrays.copyOf(pages, pages.length + 1);
            pages[pages.length - 1] = new long[PAGE_ROWS * stride];
        }
        return used++;
    }

    /** Takes a row back. No index may know it any more. */
    void release(int row) {
        set(row, 0, released);
        released = row;
    }

    /** The row of an id that stands in cell 0, or {@link RowIndex#NONE}. */
    int find(RowIndex index, long hash, long id) {
        int position = index.first(hash);
        int row = index.row(position, hash);
        while (row == RowIndex.STRANGER || row != NONE && cell(row, 0) != id) {
            position = index.next(position);
            row = index.row(position, hash);
        }
        return row;
    }

    void clear() {
        used = 0;
        released = NONE;
    }
}

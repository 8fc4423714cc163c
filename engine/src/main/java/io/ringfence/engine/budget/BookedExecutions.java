package io.ringfence.engine.budget;

import io.ringfence.schemas.BookedExecutionDecoder;

/**
 * Remembers the executions of each order, listed by order: it tells a repeated one, and has the figures that a bust takes back.
 *
 * <p>An execution is in one of five states. <i>Booked</i>: it has its figures. <i>Corrected</i>: it names its correction, which has the
 * figures now; its own are 0. <i>Busted</i>: it has no figures and never gets any. <i>Awaited</i>: it was busted or corrected before it
 * arrived; it has the quantity that was taken out of the position ahead of it. <i>Outstanding</i>: a person books or drops it; nothing is
 * taken back from it. An order's executions are forgotten together: {@link #forget}. Allocates only when it grows. One thread.
 */
final class BookedExecutions {
    static final int NONE = RowIndex.NONE;
    static final long NO_EXECUTION = BookedExecutionDecoder.correctedByNullValue();

    private static final long AWAITED = -1; // In place of a value, which is never below 0.
    private static final long BUSTED = -2;
    private static final long OUTSTANDING = -3;

    private static final int HOLD_ID = 0; // First, for the index of lists.
    private static final int EXECUTION_ID = 1;
    private static final int QUANTITY = 2;
    private static final int VALUE = 3;
    private static final int FEE = 4;
    private static final int CORRECTED_BY = 5;
    private static final int LINKS =
            6; // Next of the order plus 1, 32 bits | in the first row of a list: its last plus 1, 32 bits.
    private static final int STRIDE = 7;

    private static final int NEXT_SHIFT = 32;
    private static final long LAST_MASK = 0xFFFF_FFFFL;
    private static final int CAPACITY = 1 << 14;

    private final RowIndex index = new RowIndex(CAPACITY, row -> hash(holdId(row), executionId(row)));
    private final RowIndex lists = new RowIndex(CAPACITY, row -> RowIndex.hash(holdId(row))); // First rows alone.
    private final PagedRows rows = new PagedRows(CAPACITY, STRIDE);
    private int size;

    /** Row of an execution of an order, or {@link #NONE}. */
    int find(long holdId, long executionId) {
        long hash = hash(holdId, executionId);
        int position = index.first(hash);
        int row = index.row(position, hash);
        while (row == RowIndex.STRANGER || row != NONE && !(holdId(row) == holdId && executionId(row) == executionId)) {
            position = index.next(position);
            row = index.row(position, hash);
        }
        return row;
    }

    /**
     * Row that has the figures of an execution now: its own, or that of the last in the chain of its corrections; {@link #NONE} when the
     * execution is not remembered.
     */
    int findStanding(long holdId, long executionId) {
        int row = executionId == NO_EXECUTION ? NONE : find(holdId, executionId);
        int next = correction(row);
        while (next != NONE) {
            row = next;
            next = correction(row);
        }
        return row;
    }

    private int correction(int row) {
        return row == NONE || correctedBy(row) == NO_EXECUTION ? NONE : find(holdId(row), correctedBy(row));
    }

    /**
     * Remembers an execution as booked, behind the others of its order, and returns its row.
     *
     * @param quantity    in 1e-8 units.
     * @param valueMicros 0 and above.
     * @param feeMicros   below 0 a rebate.
     */
    int add(long holdId, long executionId, long quantity, long valueMicros, long feeMicros) {
        int row = rows.claim();
        set(row, HOLD_ID, holdId);
        set(row, EXECUTION_ID, executionId);
        figures(row, quantity, valueMicros, feeMicros);
        set(row, CORRECTED_BY, NO_EXECUTION);
        set(row, LINKS, 0);
        index.add(hash(holdId, executionId), row);
        size++;
        int first = first(holdId);
        if (first == NONE) {
            lists.add(RowIndex.hash(holdId), row);
            last(row, row);
        } else {
            int last = (int) (cell(first, LINKS) & LAST_MASK) - 1;
            set(last, LINKS, cell(last, LINKS) | (long) (row + 1) << NEXT_SHIFT);
            last(first, row);
        }
        return row;
    }

    /**
     * Keeps a place for an execution that has not arrived, and returns its row.
     *
     * @param quantityAhead that was taken out of the position ahead of it, in 1e-8 units.
     */
    int await(long holdId, long executionId, long quantityAhead) {
        return add(holdId, executionId, quantityAhead, AWAITED, 0);
    }

    /** Marks an awaited execution as arrived. Its figures become 0; it is busted unless a correction is named. */
    void arrive(int row) {
        figures(row, 0, correctedBy(row) == NO_EXECUTION ? BUSTED : 0, 0);
    }

    /** Marks an execution as busted: its figures are gone for good. One that is awaited stays so. */
    void bust(int row) {
        if (!isAwaited(row)) {
            figures(row, 0, BUSTED, 0);
            correctedBy(row, NO_EXECUTION);
        }
    }

    /** Names the correction that has the figures of an execution from now on. One that is awaited stays so. */
    void correct(int row, long correctedBy) {
        if (!isAwaited(row)) {
            figures(row, 0, 0, 0);
        }
        correctedBy(row, correctedBy);
    }

    /** Marks an execution as one that a person books or drops. */
    void outstand(int row) {
        figures(row, 0, OUTSTANDING, 0);
    }

    /** Forgets all executions of an order and returns how many they were. */
    int forget(long holdId) {
        int count = 0;
        int row = first(holdId);
        if (row != NONE) {
            lists.remove(RowIndex.hash(holdId), row);
        }
        while (row != NONE) {
            int next = next(row);
            index.remove(hash(holdId, executionId(row)), row);
            rows.release(row);
            row = next;
            count++;
        }
        size -= count;
        return count;
    }

    /** First row of an order's executions, or {@link #NONE}. */
    int first(long holdId) {
        return rows.find(lists, RowIndex.hash(holdId), holdId);
    }

    /** The row behind one in the list of its order, or {@link #NONE}. */
    int next(int row) {
        return (int) (cell(row, LINKS) >>> NEXT_SHIFT) - 1;
    }

    private void last(int first, int row) {
        set(first, LINKS, cell(first, LINKS) & ~LAST_MASK | row + 1);
    }

    private void figures(int row, long quantity, long valueMicros, long feeMicros) {
        set(row, QUANTITY, quantity);
        set(row, VALUE, valueMicros);
        set(row, FEE, feeMicros);
    }

    void correctedBy(int row, long executionId) {
        set(row, CORRECTED_BY, executionId);
    }

    /** Has the execution not arrived yet? */
    boolean isAwaited(int row) {
        return valueMicros(row) == AWAITED;
    }

    /** Is it busted or awaited? Then there is no money to take back, and a correction gets no figures. */
    boolean isBusted(int row) {
        return valueMicros(row) < 0;
    }

    /** Does a person book or drop it? */
    boolean isOutstanding(int row) {
        return valueMicros(row) == OUTSTANDING;
    }

    /** Executions of all orders. */
    int size() {
        return size;
    }

    long holdId(int row) {
        return cell(row, HOLD_ID);
    }

    long executionId(int row) {
        return cell(row, EXECUTION_ID);
    }

    long quantity(int row) {
        return cell(row, QUANTITY);
    }

    long valueMicros(int row) {
        return cell(row, VALUE);
    }

    long feeMicros(int row) {
        return cell(row, FEE);
    }

    long correctedBy(int row) {
        return cell(row, CORRECTED_BY);
    }

    void clear() {
        index.clear();
        lists.clear();
        rows.clear();
        size = 0;
    }

    private long cell(int row, int field) {
        return rows.cell(row, field);
    }

    private void set(int row, int field, long value) {
        rows.set(row, field, value);
    }

    private static long hash(long holdId, long executionId) {
        return RowIndex.hash(holdId, executionId);
    }
}

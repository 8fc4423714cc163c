package io.ringfence.engine.budget;

import io.ringfence.engine.recent.RecentRows;
import io.ringfence.schemas.BookedExecutionDecoder;

/**
 * Remembers the executions that were booked last: it tells a repeated one, and has the figures that a bust takes back.
 *
 * <p>An execution is in one of four states. <i>Booked</i>: it has its figures. <i>Corrected</i>: it names its correction, which
 * has the figures now; its own are 0. <i>Busted</i>: it has no figures and never gets any. <i>Awaited</i>: it was busted or
 * corrected before it arrived; it has the quantity that was taken out of the position ahead of it. Bounded: one more takes the
 * place of the oldest.
 */
final class BookedExecutions {
    static final int NONE = RecentRows.NONE;
    static final long NO_EXECUTION = BookedExecutionDecoder.correctedByNullValue();

    private static final long AWAITED = -1; // In place of a value, which is never below 0.
    private static final long BUSTED = -2;

    private static final int HOLD_ID = 0;
    private static final int EXECUTION_ID = 1;
    private static final int KEY = 2;
    private static final int QUANTITY = 3;
    private static final int VALUE = 4;
    private static final int FEE = 5;
    private static final int CORRECTED_BY = 6;
    private static final int STRIDE = 7;

    private final RecentRows rows;

    /** @param bound most executions remembered; 1 and above. */
    BookedExecutions(int bound) {
        rows = RecentRows.full(bound, STRIDE);
    }

    /** Row of an execution of an order, or {@link #NONE}. */
    int find(long holdId, long executionId) {
        long hash = RecentRows.hash(holdId, executionId);
        int row = rows.find(hash);
        while (row != NONE && !(holdId(row) == holdId && executionId(row) == executionId)) {
            row = rows.findOlder(row, hash);
        }
        return row;
    }

    /**
     * Row that has the figures of an execution now: its own, or that of the last in the chain of its corrections that is
     * remembered; {@link #NONE} when the execution is not.
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
     * Remembers an execution as booked and returns its row.
     *
     * @param key         of its order, as {@link Positions} packs it.
     * @param quantity    in 1e-8 units.
     * @param valueMicros 0 and above.
     * @param feeMicros   below 0 a rebate.
     */
    int add(long holdId, long executionId, long key, long quantity, long valueMicros, long feeMicros) {
        int row = rows.add(RecentRows.hash(holdId, executionId));
        rows.set(row, HOLD_ID, holdId);
        rows.set(row, EXECUTION_ID, executionId);
        rows.set(row, KEY, key);
        figures(row, quantity, valueMicros, feeMicros);
        rows.set(row, CORRECTED_BY, NO_EXECUTION);
        return row;
    }

    /**
     * Keeps a place for an execution that has not arrived, and returns its row.
     *
     * @param quantityAhead that was taken out of the position ahead of it, in 1e-8 units.
     */
    int await(long holdId, long executionId, long key, long quantityAhead) {
        return add(holdId, executionId, key, quantityAhead, AWAITED, 0);
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

    private void figures(int row, long quantity, long valueMicros, long feeMicros) {
        rows.set(row, QUANTITY, quantity);
        rows.set(row, VALUE, valueMicros);
        rows.set(row, FEE, feeMicros);
    }

    void correctedBy(int row, long executionId) {
        rows.set(row, CORRECTED_BY, executionId);
    }

    /** Has the execution not arrived yet? */
    boolean isAwaited(int row) {
        return valueMicros(row) == AWAITED;
    }

    /** Is it busted or awaited? Then there is no money to take back, and a correction gets no figures. */
    boolean isBusted(int row) {
        return valueMicros(row) < 0;
    }

    int size() {
        return rows.size();
    }

    /** Row of a remembered execution by its age: 0 is the oldest. */
    int row(int age) {
        return rows.row(age);
    }

    long holdId(int row) {
        return rows.cell(row, HOLD_ID);
    }

    long executionId(int row) {
        return rows.cell(row, EXECUTION_ID);
    }

    long key(int row) {
        return rows.cell(row, KEY);
    }

    long quantity(int row) {
        return rows.cell(row, QUANTITY);
    }

    long valueMicros(int row) {
        return rows.cell(row, VALUE);
    }

    long feeMicros(int row) {
        return rows.cell(row, FEE);
    }

    long correctedBy(int row) {
        return rows.cell(row, CORRECTED_BY);
    }

    void clear() {
        rows.clear();
    }
}

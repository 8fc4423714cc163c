package io.ringfence.engine.budget;

import io.ringfence.engine.recent.RecentRows;
import io.ringfence.schemas.BookedExecutionDecoder;

/**
 * Remembers the executions booked last: a repeated one is known by it, a bust finds what to take back.
 *
 * <p>One that was corrected names the correction, which now keeps the figures. One that was busted keeps its place, so that it
 * cannot be taken back twice. One that is awaited was busted or corrected before it came: its place says how much of the
 * position was taken back ahead of it.
 */
final class BookedExecutions {
    static final int NONE = RecentRows.NONE;
    static final long NO_EXECUTION = BookedExecutionDecoder.correctedByNullValue();

    private static final long AWAITED = -1; // In place of a value, which is never below 0.
    private static final long BUSTED = -2;

    private static final int HOLD_ID = 0;
    private static final int EXECUTION_ID = 1;
    private static final int OWNER = 2;
    private static final int QUANTITY = 3;
    private static final int VALUE = 4;
    private static final int FEE = 5;
    private static final int CORRECTED_BY = 6;
    private static final int STRIDE = 7;

    private final RecentRows rows;

    BookedExecutions(int bound) {
        rows = new RecentRows(bound, STRIDE, row -> RecentRows.hash(holdId(row), executionId(row)));
    }

    int find(long holdId, long executionId) {
        long hash = RecentRows.hash(holdId, executionId);
        int row = rows.find(hash);
        while (row != NONE && !(holdId(row) == holdId && executionId(row) == executionId)) {
            row = rows.findOlder(row, hash);
        }
        return row;
    }

    /** The row that keeps the figures of an execution today: its own or its last correction's that is remembered. */
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

    int add(long holdId, long executionId, long owner, TradeFigures figures) {
        int row = rows.add(RecentRows.hash(holdId, executionId));
        rows.set(row, HOLD_ID, holdId);
        rows.set(row, EXECUTION_ID, executionId);
        rows.set(row, OWNER, owner);
        rows.set(row, QUANTITY, figures.quantity());
        rows.set(row, VALUE, figures.valueMicros());
        rows.set(row, FEE, figures.feeMicros());
        rows.set(row, CORRECTED_BY, NO_EXECUTION);
        return row;
    }

    /** Keeps a place for an execution that is still to come, so much of which was taken back ahead. */
    int await(long holdId, long executionId, long owner, TradeFigures ahead) {
        int row = add(holdId, executionId, owner, ahead);
        set(row, ahead.quantity(), AWAITED, 0);
        return row;
    }

    /** What was awaited has come; it keeps no figures, and where no correction does, none ever will. */
    void arrive(int row) {
        set(row, 0, correctedBy(row) == NO_EXECUTION ? BUSTED : 0, 0);
    }

    /** Takes the figures of a row back for good. */
    void bust(int row) {
        if (!isAwaited(row)) {
            set(row, 0, BUSTED, 0);
            correctedBy(row, NO_EXECUTION);
        }
    }

    /** Leaves the figures of a row to its correction. */
    void correct(int row, long correctedBy) {
        if (!isAwaited(row)) {
            set(row, 0, 0, 0);
        }
        correctedBy(row, correctedBy);
    }

    private void set(int row, long quantity, long valueMicros, long feeMicros) {
        rows.set(row, QUANTITY, quantity);
        rows.set(row, VALUE, valueMicros);
        rows.set(row, FEE, feeMicros);
    }

    void correctedBy(int row, long executionId) {
        rows.set(row, CORRECTED_BY, executionId);
    }

    boolean isAwaited(int row) {
        return valueMicros(row) == AWAITED;
    }

    /** Was it busted, or is it awaited? Then it has no figures, and no correction gives it any. */
    boolean isBusted(int row) {
        return valueMicros(row) < 0;
    }

    int size() {
        return rows.size();
    }

    /** Row of one of those kept, oldest first from 0. */
    int row(int age) {
        return rows.row(age);
    }

    long holdId(int row) {
        return rows.cell(row, HOLD_ID);
    }

    long executionId(int row) {
        return rows.cell(row, EXECUTION_ID);
    }

    long owner(int row) {
        return rows.cell(row, OWNER);
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

package io.ringfence.engine.budget;

import io.ringfence.engine.recent.RecentRows;
import io.ringfence.schemas.BookedExecutionDecoder;

/**
 * Remembers the executions booked last: a repeated one is known by it, a bust finds what to take back.
 *
 * <p>An execution that was taken back keeps its place with zeros, so that it cannot be taken back twice; one that was
 * corrected names the correction, which now keeps the figures.
 */
final class BookedExecutions {
    static final int NONE = RecentRows.NONE;
    static final long NO_EXECUTION = BookedExecutionDecoder.correctedByNullValue();

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

    /** The row that keeps the figures of an execution today: its own or its last correction's. */
    int findStanding(long holdId, long executionId) {
        int row = executionId == NO_EXECUTION ? NONE : find(holdId, executionId);
        while (row != NONE && correctedBy(row) != NO_EXECUTION) {
            row = find(holdId, correctedBy(row));
        }
        return row;
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

    /** Leaves nothing to take back in a row; its figures are now with the correction, if there is one. */
    void takeBack(int row, long correctedBy) {
        rows.set(row, QUANTITY, 0);
        rows.set(row, VALUE, 0);
        rows.set(row, FEE, 0);
        correctedBy(row, correctedBy);
    }

    void correctedBy(int row, long executionId) {
        rows.set(row, CORRECTED_BY, executionId);
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

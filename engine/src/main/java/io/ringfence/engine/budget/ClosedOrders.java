package io.ringfence.engine.budget;

import io.ringfence.engine.recent.RecentRows;

/** Remembers whose the orders were that ended last, so that their late executions find their account. */
final class ClosedOrders {
    private static final int ID = 0;
    private static final int OWNER = 1;
    private static final int STRIDE = 2;

    private final RecentRows rows;

    ClosedOrders(int bound) {
        rows = new RecentRows(bound, STRIDE, row -> RecentRows.hash(id(row)));
    }

    /** Whose the order was, or {@link Owner#NONE} where it never was or is forgotten. */
    long owner(long holdId) {
        long hash = RecentRows.hash(holdId);
        int row = rows.find(hash);
        while (row != RecentRows.NONE && id(row) != holdId) {
            row = rows.findOlder(row, hash);
        }
        return row == RecentRows.NONE ? Owner.NONE : ownerAt(row);
    }

    void add(long holdId, long owner) {
        int row = rows.add(RecentRows.hash(holdId));
        rows.set(row, ID, holdId);
        rows.set(row, OWNER, owner);
    }

    int size() {
        return rows.size();
    }

    /** Row of one of those kept, oldest first from 0. */
    int row(int age) {
        return rows.row(age);
    }

    long id(int row) {
        return rows.cell(row, ID);
    }

    long ownerAt(int row) {
        return rows.cell(row, OWNER);
    }

    void clear() {
        rows.clear();
    }
}

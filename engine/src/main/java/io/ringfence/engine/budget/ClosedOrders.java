package io.ringfence.engine.budget;

import io.ringfence.engine.recent.RecentRows;

/**
 * Remembers the account, side and instrument of the orders that ended last, so that their late executions can be booked.
 *
 * <p>Bounded: one more takes the place of the oldest.
 */
final class ClosedOrders {
    private static final int ID = 0;
    private static final int KEY = 1;
    private static final int STRIDE = 2;

    private final RecentRows rows;

    /** @param bound most orders remembered; 1 and above. */
    ClosedOrders(int bound) {
        rows = RecentRows.full(bound, STRIDE);
    }

    /** Key of an order that ended, or {@link Positions#NO_KEY} when it never ended or is forgotten. */
    long key(long holdId) {
        long hash = RecentRows.hash(holdId);
        int row = rows.find(hash);
        while (row != RecentRows.NONE && id(row) != holdId) {
            row = rows.findOlder(row, hash);
        }
        return row == RecentRows.NONE ? Positions.NO_KEY : keyAt(row);
    }

    void add(long holdId, long key) {
        int row = rows.add(RecentRows.hash(holdId));
        rows.set(row, ID, holdId);
        rows.set(row, KEY, key);
    }

    int size() {
        return rows.size();
    }

    /** Row of a remembered order by its age: 0 is the oldest. */
    int row(int age) {
        return rows.row(age);
    }

    long id(int row) {
        return rows.cell(row, ID);
    }

    long keyAt(int row) {
        return rows.cell(row, KEY);
    }

    void clear() {
        rows.clear();
    }
}

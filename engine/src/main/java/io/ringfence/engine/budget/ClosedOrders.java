package io.ringfence.engine.budget;

import io.ringfence.engine.recent.RecentRows;

/**
 * Remembers account, side, instrument and limit price of the orders that ended last, so that their late executions can be booked.
 *
 * <p>Bounded: one more takes the place of the oldest.
 */
final class ClosedOrders {
    private static final int ID = 0;
    private static final int KEY = 1;
    private static final int LIMIT_PRICE = 2;
    private static final int STRIDE = 3;

    private final RecentRows rows;

    /** @param bound most orders remembered; 1 and above. */
    ClosedOrders(int bound) {
        rows = RecentRows.full(bound, STRIDE);
    }

    /** Key of an order that ended, or {@link Positions#NO_KEY} when it never ended or is forgotten. */
    long key(long holdId) {
        int row = find(holdId);
        return row == RecentRows.NONE ? Positions.NO_KEY : keyAt(row);
    }

    /** Limit price of an order when it ended, in micros; {@link Long#MAX_VALUE} when it never ended or is forgotten. */
    long limitPriceMicros(long holdId) {
        int row = find(holdId);
        return row == RecentRows.NONE ? Long.MAX_VALUE : limitPriceMicrosAt(row);
    }

    private int find(long holdId) {
        long hash = RecentRows.hash(holdId);
        int row = rows.find(hash);
        while (row != RecentRows.NONE && id(row) != holdId) {
            row = rows.findOlder(row, hash);
        }
        return row;
    }

    void add(long holdId, long key, long limitPriceMicros) {
        int row = rows.add(RecentRows.hash(holdId));
        rows.set(row, ID, holdId);
        rows.set(row, KEY, key);
        rows.set(row, LIMIT_PRICE, limitPriceMicros);
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

    long limitPriceMicrosAt(int row) {
        return rows.cell(row, LIMIT_PRICE);
    }

    void clear() {
        rows.clear();
    }
}

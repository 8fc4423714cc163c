package io.ringfence.engine.budget;

import io.ringfence.engine.recent.RecentRows;

/**
 * Remembers account, side, instrument, limit price and traded quantity of the orders that ended last, so that their late executions can
 * be booked, and so that a venue can open them again.
 *
 * <p>Bounded: one more takes the place of the oldest.
 */
final class ClosedOrders {
    private static final int ID = 0;
    private static final int KEY = 1;
    private static final int LIMIT_PRICE = 2;
    private static final int TOTAL = 3;
    private static final int FILLED = 4;
    private static final int TERMS = 5;
    private static final int MARKS = 6;
    private static final int STRIDE = 7;

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

    /** Makes an order that ended the working copy of the terms; false when it never ended or is forgotten. */
    boolean load(long holdId, OrderTerms terms) {
        int row = find(holdId);
        if (row == RecentRows.NONE) {
            return false;
        }
        terms.loadEnded(holdId, limitPriceMicrosAt(row), totalAt(row), filledAt(row), termsAt(row), marksAt(row));
        return true;
    }

    /** @param terms under which it ended. */
    void add(long holdId, long key, long limitPriceMicros, OrderTerms terms) {
        add(
                holdId,
                key,
                limitPriceMicros,
                terms.orderQuantity(),
                terms.filledQuantity(),
                terms.replaceSequence(),
                terms.marks());
    }

    void add(long holdId, long key, long limitPriceMicros, long total, long filled, long termsSequence, long marks) {
        int row = rows.add(RecentRows.hash(holdId));
        rows.set(row, ID, holdId);
        rows.set(row, KEY, key);
        rows.set(row, LIMIT_PRICE, limitPriceMicros);
        rows.set(row, TOTAL, total);
        rows.set(row, FILLED, filled);
        rows.set(row, TERMS, termsSequence);
        rows.set(row, MARKS, marks);
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

    long totalAt(int row) {
        return rows.cell(row, TOTAL);
    }

    long filledAt(int row) {
        return rows.cell(row, FILLED);
    }

    long termsAt(int row) {
        return rows.cell(row, TERMS);
    }

    long marksAt(int row) {
        return rows.cell(row, MARKS);
    }

    void clear() {
        rows.clear();
    }
}

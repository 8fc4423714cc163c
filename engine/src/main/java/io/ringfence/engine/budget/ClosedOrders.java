package io.ringfence.engine.budget;

/** Remembers whose the orders were that ended last, so that their late executions find their account. */
final class ClosedOrders {
    private static final int ID = 0;
    private static final int OWNER = 1;
    private static final int STRIDE = 2;

    private final RecentRows rows;
    private final RowIndex index;

    ClosedOrders(int bound) {
        rows = new RecentRows(bound, STRIDE);
        index = new RowIndex(1, row -> RowIndex.hash(id(row)));
    }

    /** Whose the order was, or {@link Owner#NONE} where it never was or is forgotten. */
    long owner(long holdId) {
        long hash = RowIndex.hash(holdId);
        int position = index.first(hash);
        int row = index.row(position, hash);
        while (row == RowIndex.STRANGER || row != RowIndex.NONE && id(row) != holdId) {
            position = index.next(position);
            row = index.row(position, hash);
        }
        return row == RowIndex.NONE ? Owner.NONE : ownerAt(row);
    }

    void add(long holdId, long owner) {
        int displaced = rows.displaced();
        if (displaced != RecentRows.NONE) {
            index.remove(RowIndex.hash(id(displaced)), displaced);
        }
        int row = rows.claim();
        rows.set(row, ID, holdId);
        rows.set(row, OWNER, owner);
        index.add(RowIndex.hash(holdId), row);
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
        index.clear();
    }
}

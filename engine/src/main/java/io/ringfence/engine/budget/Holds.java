package io.ringfence.engine.budget;

import java.util.Arrays;

/**
 * Keeps the standing holds by their ids; one row of 48 bytes each.
 *
 * <p>A row is an order's (its quantity, limit price and cost part) or a plain one (its deadline); the two share the cells.
 * Rows are reused, so a row number is good only until its hold ends.
 */
final class Holds {
    static final int NONE = RowIndex.NONE;
    static final long NO_DEADLINE = Long.MAX_VALUE;

    private static final int ID = 0; // First, for the index.
    private static final int HELD = 1;
    private static final int OWNER = 2;
    private static final int QUANTITY = 3;
    private static final int PRICE = 4;
    private static final int COST = 5;
    private static final int STRIDE = 6;

    private static final int DEADLINE = QUANTITY;
    private static final int HEAP_POSITION = PRICE;
    private static final int NEXT_FREE = HELD;

    private final RowIndex index;
    private final Deadlines deadlines = new Deadlines(this);
    private long[] cells;
    private int usedRows;
    private int freeRow = NONE;
    private int size;

    Holds(int capacity) {
        cells = new long[Math.max(1, capacity) * STRIDE];
        index = new RowIndex(capacity, row -> RowIndex.hash(id(row)));
    }

    int find(long holdId) {
        return index.find(RowIndex.hash(holdId), holdId, cells, STRIDE);
    }

    /** A plain hold without a deadline, or an order whose terms follow; the caller has made sure that the id is new. */
    int add(long holdId, long owner, long heldMicros) {
        int row = claimRow();
        set(row, ID, holdId);
        set(row, HELD, heldMicros);
        set(row, OWNER, owner);
        set(row, QUANTITY, Owner.isOrder(owner) ? 0 : NO_DEADLINE);
        set(row, PRICE, 0);
        set(row, COST, 0);
        index.add(RowIndex.hash(holdId), row);
        size++;
        return row;
    }

    void remove(int row) {
        if (deadlineNs(row) != NO_DEADLINE) {
            deadlines.remove(row);
        }
        index.remove(RowIndex.hash(id(row)), row);
        set(row, OWNER, Owner.NONE);
        set(row, NEXT_FREE, freeRow);
        freeRow = row;
        size--;
    }

    void deadline(int row, long deadlineNs) {
        if (deadlineNs != NO_DEADLINE) {
            set(row, DEADLINE, deadlineNs);
            deadlines.add(row);
        }
    }

    /** The plain hold that ends first and its deadline has come, or {@link #NONE}. */
    int firstDue(long nowNs) {
        int row = deadlines.first();
        return row == NONE || deadlineNs(row) > nowNs ? NONE : row;
    }

    void terms(int row, long quantity, long limitPriceMicros, long costMicros) {
        set(row, QUANTITY, quantity);
        set(row, PRICE, limitPriceMicros);
        set(row, COST, costMicros);
    }

    void held(int row, long heldMicros) {
        set(row, HELD, heldMicros);
    }

    void heapPosition(int row, int position) {
        set(row, HEAP_POSITION, position);
    }

    int size() {
        return size;
    }

    long id(int row) {
        return cell(row, ID);
    }

    long heldMicros(int row) {
        return cell(row, HELD);
    }

    long owner(int row) {
        return cell(row, OWNER);
    }

    int accountSlot(int row) {
        return Owner.accountSlot(owner(row));
    }

    boolean isOrder(int row) {
        return Owner.isOrder(owner(row));
    }

    long quantity(int row) {
        return cell(row, QUANTITY);
    }

    long limitPriceMicros(int row) {
        return cell(row, PRICE);
    }

    long costMicros(int row) {
        return cell(row, COST);
    }

    /** {@link #NO_DEADLINE} for every order. */
    long deadlineNs(int row) {
        return isOrder(row) ? NO_DEADLINE : cell(row, DEADLINE);
    }

    int heapPosition(int row) {
        return (int) cell(row, HEAP_POSITION);
    }

    /** Rows in ascending order of their ids; allocates. */
    int[] rowsById() {
        long[] ids = new long[size];
        int count = 0;
        for (int row = 0; row < usedRows; row++) {
            if (owner(row) != Owner.NONE) {
                ids[count++] = id(row);
            }
        }
        return UnsignedOrder.rowsOf(ids, this::find);
    }

    void clear() {
        index.clear();
        deadlines.clear();
        usedRows = 0;
        freeRow = NONE;
        size = 0;
    }

    long lengthBytes() {
        return (long) cells.length * Long.BYTES + index.lengthBytes() + deadlines.lengthBytes();
    }

    private int claimRow() {
        if (freeRow != NONE) {
            int row = freeRow;
            freeRow = (int) cell(row, NEXT_FREE);
            return row;
        }
        if ((usedRows + 1) * STRIDE > cells.length) {
            cells = Arrays.copyOf(cells, cells.length * 2);
        }
        return usedRows++;
    }

    private long cell(int row, int field) {
        return cells[row * STRIDE + field];
    }

    private void set(int row, int field, long value) {
        cells[row * STRIDE + field] = value;
    }
}

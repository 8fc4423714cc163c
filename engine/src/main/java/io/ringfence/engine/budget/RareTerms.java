package io.ringfence.engine.budget;

import io.ringfence.schemas.OrderTermsStateDecoder;
import io.ringfence.schemas.OrderTermsStateEncoder;
import java.util.Arrays;

/** Keeps what few orders have beside the rows of their holds, one row of 96 bytes an order; 0 is absent. {@link OrderTerms} says what each cell means. */
final class RareTerms {
    static final int NONE = RowIndex.NONE;

    static final int FLOOR = 1;
    static final int FILLED = 2;
    static final int UNCOUNTED = 3; // Order quantity less what is counted as open and what is filled.
    static final int SAID = 4;
    static final int TERMS = 5;
    static final int EARLIER_TOTAL = 6;
    static final int MARKS = 7;
    static final int PENDING_TERMS = 8;
    static final int PENDING_TOTAL = 9;
    static final int PENDING = 10;
    static final int PENDING_PRICE = 11;
    private static final int STRIDE = 12;

    private static final int ID = 0; // First, for the index.
    private static final int NEXT_FREE = FLOOR;
    private static final int CAPACITY = 16;

    private final RowIndex index = new RowIndex(CAPACITY, row -> RowIndex.hash(cell(row, ID)));
    private long[] cells = new long[CAPACITY * STRIDE];
    private int usedRows;
    private int freeRow = NONE;
    private int size;

    /** Row of an order, or {@link #NONE} where it has nothing here. */
    int find(long holdId) {
        return size == 0 ? NONE : index.find(RowIndex.hash(holdId), holdId, cells, STRIDE);
    }

    /** 0 for {@link #NONE}. */
    long cell(int row, int field) {
        return row == NONE ? 0 : cells[row * STRIDE + field];
    }

    void cell(int row, int field, long value) {
        cells[row * STRIDE + field] = value;
    }

    /** Row of an order, made with zeros where it has none; the caller writes every cell or leaves 0. */
    int claim(long holdId) {
        int found = find(holdId);
        if (found != NONE) {
            return found;
        }
        int row = freeRow;
        if (row == NONE) {
            if ((usedRows + 1) * STRIDE > cells.length) {
                cells = Arrays.copyOf(cells, cells.length * 2);
            }
            row = usedRows++;
        } else {
            freeRow = (int) cell(row, NEXT_FREE);
        }
        Arrays.fill(cells, row * STRIDE, (row + 1) * STRIDE, 0);
        cell(row, ID, holdId);
        index.add(RowIndex.hash(holdId), row);
        size++;
        return row;
    }

    /** Forgets what an order has here, if anything. */
    void remove(long holdId) {
        int row = find(holdId);
        if (row != NONE) {
            index.remove(RowIndex.hash(holdId), row);
            cell(row, NEXT_FREE, freeRow);
            freeRow = row;
            size--;
        }
    }

    /** Orders that have something here. */
    int size() {
        return size;
    }

    void clear() {
        index.clear();
        usedRows = 0;
        freeRow = NONE;
        size = 0;
    }

    void write(int row, OrderTermsStateEncoder state) {
        state.holdId(cell(row, ID))
                .floorMicros(cell(row, FLOOR))
                .filledQuantity(cell(row, FILLED))
                .uncountedQuantity(cell(row, UNCOUNTED))
                .saidQuantity(cell(row, SAID))
                .termsSequence(cell(row, TERMS))
                .earlierOrderQuantity(cell(row, EARLIER_TOTAL))
                .pendingSequence(cell(row, PENDING_TERMS))
                .pendingOrderQuantity(cell(row, PENDING_TOTAL))
                .pendingQuantity(cell(row, PENDING))
                .pendingPriceMicros(cell(row, PENDING_PRICE))
                .marks((short) cell(row, MARKS));
    }

    void read(OrderTermsStateDecoder state) {
        int row = claim(state.holdId());
        cell(row, FLOOR, state.floorMicros());
        cell(row, FILLED, state.filledQuantity());
        cell(row, UNCOUNTED, state.uncountedQuantity());
        cell(row, SAID, state.saidQuantity());
        cell(row, TERMS, state.termsSequence());
        cell(row, EARLIER_TOTAL, state.earlierOrderQuantity());
        cell(row, PENDING_TERMS, state.pendingSequence());
        cell(row, PENDING_TOTAL, state.pendingOrderQuantity());
        cell(row, PENDING, state.pendingQuantity());
        cell(row, PENDING_PRICE, state.pendingPriceMicros());
        cell(row, MARKS, state.marks());
    }
}

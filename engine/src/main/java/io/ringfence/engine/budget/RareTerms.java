package io.ringfence.engine.budget;

import io.ringfence.schemas.OrderTermsStateDecoder;
import io.ringfence.schemas.OrderTermsStateEncoder;

/** Keeps what few orders have beside the rows of their holds, one row of 112 bytes an order; 0 is absent. {@link OrderTerms} says what each cell means. */
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
    static final int UNREPORTED = 12;
    static final int UNREPORTED_PRICE = 13;
    private static final int STRIDE = 14;

    private static final int ID = 0; // First, for the index.
    private static final int CAPACITY = 16;

    private final RowIndex index = new RowIndex(CAPACITY, row -> RowIndex.hash(cell(row, ID)));
    private final PagedRows rows = new PagedRows(CAPACITY, STRIDE);
    private int size;

    /** Row of an order, or {@link #NONE} where it has nothing here. */
    int find(long holdId) {
        return size == 0 ? NONE : rows.find(index, RowIndex.hash(holdId), holdId);
    }

    /** 0 for {@link #NONE}. */
    long cell(int row, int field) {
        return row == NONE ? 0 : rows.cell(row, field);
    }

    void cell(int row, int field, long value) {
        rows.set(row, field, value);
    }

    /** Row of an order, made with zeros where it has none; the caller writes every cell or leaves 0. */
    int claim(long holdId) {
        int found = find(holdId);
        if (found != NONE) {
            return found;
        }
        int row = rows.claim();
        for (int field = FLOOR; field < STRIDE; field++) {
            cell(row, field, 0);
        }
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
            rows.release(row);
            size--;
        }
    }

    /** Orders that have something here. */
    int size() {
        return size;
    }

    void clear() {
        index.clear();
        rows.clear();
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
                .unreportedQuantity(cell(row, UNREPORTED))
                .unreportedPriceMicros(cell(row, UNREPORTED_PRICE))
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
        cell(row, UNREPORTED, state.unreportedQuantity());
        cell(row, UNREPORTED_PRICE, state.unreportedPriceMicros());
        cell(row, MARKS, state.marks());
    }
}

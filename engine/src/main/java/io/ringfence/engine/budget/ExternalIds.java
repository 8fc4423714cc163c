package io.ringfence.engine.budget;

import io.ringfence.engine.control.ControlContext;
import io.ringfence.schemas.ExternalIdStateDecoder;
import io.ringfence.schemas.ExternalIdStateEncoder;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Knows which external id each standing order has, and whether a standing order of a principal has a given one.
 *
 * <p>A key is three longs: the first 8 characters, the next 8, and the last 4 below the principal's id. It lies beside the order's row in
 * {@link Holds}, under the same number; an order without an external id has zeros there and is in no index. Allocates only when it grows.
 */
final class ExternalIds {
    private static final int STRIDE = 3;
    private static final int SMALLEST_ROWS = 64;

    private final RowIndex index = new RowIndex(SMALLEST_ROWS, this::hash);
    private long[] cells = new long[SMALLEST_ROWS * STRIDE];
    private int size;

    /** Has a standing order the external id of the order that is asked for, and the same principal? */
    boolean isStanding(ControlContext asked) {
        return isStanding(asked.externalFirst(), asked.externalSecond(), asked.externalThird());
    }

    /** Has a standing order this key? */
    boolean isStanding(long first, long second, long third) {
        long hash = hash(first, second, third);
        int position = index.first(hash);
        int row = index.row(position, hash);
        while (row == RowIndex.STRANGER || row != RowIndex.NONE && !isAt(row, first, second, third)) {
            position = index.next(position);
            row = index.row(position, hash);
        }
        return row != RowIndex.NONE;
    }

    /** Notes the external id of the order that was asked for and stands in a row from now on. */
    void add(int row, ControlContext asked) {
        add(row, asked.externalFirst(), asked.externalSecond(), asked.externalThird());
    }

    /** The same from a snapshot. */
    void add(int row, long first, long second, long third) {
        if ((row + 1) * STRIDE > cells.length) {
            cells = Arrays.copyOf(cells, Math.max((row + 1) * STRIDE, 2 * cells.length));
        }
        cells[row * STRIDE] = first;
        cells[row * STRIDE + 1] = second;
        cells[row * STRIDE + 2] = third;
        index.add(hash(row), row);
        size++;
    }

    /** Forgets the key of an order that ends, if it has one. */
    void remove(int row) {
        if (has(row)) {
            index.remove(hash(row), row);
            Arrays.fill(cells, row * STRIDE, (row + 1) * STRIDE, 0);
            size--;
        }
    }

    /** Has the order in a row an external id? */
    boolean has(int row) {
        return (row + 1) * STRIDE <= cells.length && (first(row) | second(row) | third(row)) != 0;
    }

    long first(int row) {
        return cells[row * STRIDE];
    }

    long second(int row) {
        return cells[row * STRIDE + 1];
    }

    long third(int row) {
        return cells[row * STRIDE + 2];
    }

    /** Writes a key into a snapshot. */
    static void write(ExternalIdStateEncoder state, long first, long second, long third) {
        int offset = state.offset() + ExternalIdStateEncoder.externalIdEncodingOffset();
        state.principalId(third >>> Integer.SIZE);
        state.buffer().putLong(offset, first, ByteOrder.LITTLE_ENDIAN);
        state.buffer().putLong(offset + Long.BYTES, second, ByteOrder.LITTLE_ENDIAN);
        state.buffer().putInt(offset + 2 * Long.BYTES, (int) third, ByteOrder.LITTLE_ENDIAN);
    }

    /** Long 0 or 1 of a key that {@link #write} wrote. */
    static long part(ExternalIdStateDecoder state, int part) {
        int offset = state.offset() + ExternalIdStateDecoder.externalIdEncodingOffset();
        return state.buffer().getLong(offset + part * Long.BYTES, ByteOrder.LITTLE_ENDIAN);
    }

    /** The last long of a key that {@link #write} wrote. */
    static long lastPart(ExternalIdStateDecoder state) {
        int offset = state.offset() + ExternalIdStateDecoder.externalIdEncodingOffset();
        return state.principalId() << Integer.SIZE
                | state.buffer().getInt(offset + 2 * Long.BYTES, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL;
    }

    /** How many standing orders have one. */
    int size() {
        return size;
    }

    void clear() {
        index.clear();
        Arrays.fill(cells, 0);
        size = 0;
    }

    private boolean isAt(int row, long first, long second, long third) {
        return first(row) == first && second(row) == second && third(row) == third;
    }

    private long hash(int row) {
        return hash(first(row), second(row), third(row));
    }

    private static long hash(long first, long second, long third) {
        return RowIndex.hash(RowIndex.hash(first, second), third);
    }
}

package io.ringfence.engine.budget;

import io.ringfence.schemas.ReasonCode;
import java.util.Arrays;

/**
 * Keeps what each account was granted and where it went; one row of 64 bytes each, so that a decision touches one line.
 *
 * <p>{@code free + reserved + committed == granted} after every change: free above 0 is available, below 0 it is the
 * overdraft. A change that breaks it throws, which stops the engine.
 */
final class Accounts {
    static final int NONE = RowIndex.NONE;

    private static final int ID = 0; // First, for the index.
    private static final int GRANTED = 1;
    private static final int FREE = 2;
    private static final int RESERVED = 3;
    private static final int COMMITTED = 4;
    private static final int CAP = 5;
    private static final int OPEN_ORDERS = 6;
    private static final int STRIDE = 8;

    private final RowIndex index;
    private long[] cells;
    private int size;
    private int overdrawnCount;

    Accounts(int capacity) {
        cells = new long[Math.max(1, capacity) * STRIDE];
        index = new RowIndex(capacity, slot -> hash(id(slot)));
    }

    int find(long accountId) {
        return index.find(hash(accountId), accountId, cells, STRIDE);
    }

    /** A new account with all of its grant free; the caller has made sure that the id is new. */
    int add(long accountId, long grantedMicros) {
        if ((size + 1) * STRIDE > cells.length) {
            cells = Arrays.copyOf(cells, cells.length * 2);
        }
        int slot = size++;
        Arrays.fill(cells, slot * STRIDE, (slot + 1) * STRIDE, 0);
        set(slot, ID, accountId);
        set(slot, GRANTED, grantedMicros);
        set(slot, FREE, grantedMicros);
        index.add(hash(accountId), slot);
        return slot;
    }

    ReasonCode grant(int slot, long amountMicros) {
        long free = cell(slot, FREE);
        if (Int64.sumOverflows(cell(slot, GRANTED), amountMicros)
                || Int64.sumOverflows(free, amountMicros)
                || Int64.sumOverflows(Math.max(0, free + amountMicros), cell(slot, RESERVED))) {
            return ReasonCode.AMOUNT_OVERFLOW;
        }
        set(slot, GRANTED, cell(slot, GRANTED) + amountMicros);
        free(slot, free + amountMicros);
        checkConserved(slot);
        return ReasonCode.NONE;
    }

    void cap(int slot, long capMicros) {
        set(slot, CAP, capMicros);
    }

    /** May this much more be held? In the published order of the checks; 0 passes a cap that was lowered below reserved. */
    ReasonCode checkReserve(int slot, long amountMicros) {
        long reserved = cell(slot, RESERVED);
        long cap = cell(slot, CAP);
        long free = cell(slot, FREE);
        if (free < 0) {
            return ReasonCode.ACCOUNT_OVERDRAWN;
        }
        if (Int64.sumOverflows(reserved, amountMicros)) {
            return ReasonCode.AMOUNT_OVERFLOW;
        }
        if (cap > 0 && amountMicros > 0 && reserved + amountMicros > cap) {
            return ReasonCode.EXPOSURE_LIMIT;
        }
        return free < amountMicros ? ReasonCode.BUDGET_EXHAUSTED : ReasonCode.NONE;
    }

    /** Holds what {@link #checkReserve} let pass. */
    void reserve(int slot, long amountMicros) {
        set(slot, FREE, cell(slot, FREE) - amountMicros);
        set(slot, RESERVED, cell(slot, RESERVED) + amountMicros);
        checkConserved(slot);
    }

    /**
     * Books a fact. What the hold frees pays it first, then what is available, and beyond that the account is overdrawn;
     * what is left over pays an overdraft first.
     *
     * @param freedMicros  that the hold no longer keeps; 0 and above.
     * @param chargeMicros that is spent; below 0 it comes back.
     * @return {@code AMOUNT_OVERFLOW} with nothing changed, or {@code NONE}.
     */
    ReasonCode book(int slot, long freedMicros, long chargeMicros) {
        long reserved = cell(slot, RESERVED) - freedMicros;
        long unspent = cell(slot, FREE) + freedMicros; // Free and reserved always fit together.
        long free = unspent - chargeMicros;
        if (Int64.sumOverflows(cell(slot, COMMITTED), chargeMicros)
                || Int64.differenceOverflows(unspent, chargeMicros)
                || free == Long.MIN_VALUE
                || Int64.sumOverflows(Math.max(0, free), reserved)) {
            return ReasonCode.AMOUNT_OVERFLOW;
        }
        set(slot, COMMITTED, cell(slot, COMMITTED) + chargeMicros);
        set(slot, RESERVED, reserved);
        free(slot, free);
        checkConserved(slot);
        return ReasonCode.NONE;
    }

    void orderOpened(int slot) {
        set(slot, OPEN_ORDERS, cell(slot, OPEN_ORDERS) + 1);
    }

    void orderClosed(int slot) {
        set(slot, OPEN_ORDERS, cell(slot, OPEN_ORDERS) - 1);
    }

    /** Throws when an account's amounts do not add up: the engine must stop. */
    void checkConserved(int slot) {
        long free = cell(slot, FREE);
        long reserved = cell(slot, RESERVED);
        long committed = cell(slot, COMMITTED);
        if (reserved < 0 || committed < 0 || free + reserved + committed != cell(slot, GRANTED)) {
            throw new IllegalStateException("available + reserved + committed - overdrawn must equal granted: account="
                    + Long.toUnsignedString(id(slot)) + ", available=" + availableMicros(slot) + ", reserved="
                    + reserved + ", committed=" + committedMicros(slot) + ", overdrawn=" + overdrawnMicros(slot)
                    + ", granted=" + grantedMicros(slot));
        }
    }

    int size() {
        return size;
    }

    int overdrawnCount() {
        return overdrawnCount;
    }

    long id(int slot) {
        return cell(slot, ID);
    }

    long grantedMicros(int slot) {
        return cell(slot, GRANTED);
    }

    long availableMicros(int slot) {
        return Math.max(0, cell(slot, FREE));
    }

    long overdrawnMicros(int slot) {
        return Math.max(0, -cell(slot, FREE));
    }

    long reservedMicros(int slot) {
        return cell(slot, RESERVED);
    }

    long committedMicros(int slot) {
        return cell(slot, COMMITTED);
    }

    long capMicros(int slot) {
        return cell(slot, CAP);
    }

    long openOrders(int slot) {
        return cell(slot, OPEN_ORDERS);
    }

    /** Slots in ascending order of their ids; allocates. */
    int[] slotsById() {
        long[] ids = new long[size];
        for (int slot = 0; slot < size; slot++) {
            ids[slot] = id(slot);
        }
        return UnsignedOrder.rowsOf(ids, this::find);
    }

    /** A row as a snapshot had it; its open orders are counted when they come back. */
    int restore(long accountId, long grantedMicros, long freeMicros, long reservedMicros, long committedMicros) {
        int slot = add(accountId, grantedMicros);
        set(slot, RESERVED, reservedMicros);
        set(slot, COMMITTED, committedMicros);
        free(slot, freeMicros);
        checkConserved(slot);
        return slot;
    }

    void clear() {
        index.clear();
        size = 0;
        overdrawnCount = 0;
    }

    long lengthBytes() {
        return (long) cells.length * Long.BYTES + index.lengthBytes();
    }

    /** Account ids are the operator's and follow no pattern that could be relied on. */
    private static long hash(long accountId) {
        return RowIndex.hash(accountId, 0);
    }

    private void free(int slot, long freeMicros) {
        overdrawnCount += (freeMicros < 0 ? 1 : 0) - (cell(slot, FREE) < 0 ? 1 : 0);
        set(slot, FREE, freeMicros);
    }

    private long cell(int slot, int field) {
        return cells[slot * STRIDE + field];
    }

    private void set(int slot, int field, long value) {
        cells[slot * STRIDE + field] = value;
    }
}

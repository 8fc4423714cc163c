package io.ringfence.engine.budget;

import io.ringfence.schemas.ReasonCode;
import java.util.Arrays;

/**
 * Keeps the balance of each account in a row of 64 bytes, so that a decision touches one cache line.
 *
 * <p>{@code free + reserved + committed == granted} after every change: free above 0 is what is available, free below 0 is the
 * overdraft. A change that breaks this throws {@link IllegalStateException}, which stops the engine. Amounts are micros. A slot
 * is the number of an account's row and never changes.
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

    /** Slot of an account, or {@link #NONE}. */
    int find(long accountId) {
        return index.find(hash(accountId), accountId, cells, STRIDE);
    }

    /** Adds an account whose whole grant is free; the id must be new, which the caller has checked. Returns its slot. */
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

    /** Grants more, above 0; {@code AMOUNT_OVERFLOW} changes nothing. */
    ReasonCode grant(int slot, long amountMicros) {
        int row = slot * STRIDE;
        long granted = cells[row + GRANTED];
        long free = cells[row + FREE];
        if (Micros.sumOverflows(granted, amountMicros)
                || Micros.sumOverflows(free, amountMicros)
                || Micros.sumOverflows(Math.max(0, free + amountMicros), cells[row + RESERVED])) {
            return ReasonCode.AMOUNT_OVERFLOW;
        }
        cells[row + GRANTED] = granted + amountMicros;
        free(row, free + amountMicros);
        checkConserved(slot);
        return ReasonCode.NONE;
    }

    void cap(int slot, long capMicros) {
        set(slot, CAP, capMicros);
    }

    /**
     * Checks whether this much more may be held; changes nothing.
     *
     * @param amountMicros 0 and above; 0 passes a cap that was lowered below what is reserved.
     * @return the first that applies of {@code ACCOUNT_OVERDRAWN}, {@code AMOUNT_OVERFLOW} (of what is reserved),
     *         {@code EXPOSURE_LIMIT}, {@code BUDGET_EXHAUSTED}; else {@code NONE}.
     */
    ReasonCode checkReserve(int slot, long amountMicros) {
        int row = slot * STRIDE;
        long reserved = cells[row + RESERVED];
        long cap = cells[row + CAP];
        long free = cells[row + FREE];
        if (free < 0) {
            return ReasonCode.ACCOUNT_OVERDRAWN;
        }
        if (Micros.sumOverflows(reserved, amountMicros)) {
            return ReasonCode.AMOUNT_OVERFLOW;
        }
        if (cap > 0 && amountMicros > 0 && reserved + amountMicros > cap) {
            return ReasonCode.EXPOSURE_LIMIT;
        }
        return free < amountMicros ? ReasonCode.BUDGET_EXHAUSTED : ReasonCode.NONE;
    }

    /** Holds an amount that {@link #checkReserve} let pass. */
    void reserve(int slot, long amountMicros) {
        int row = slot * STRIDE;
        cells[row + FREE] -= amountMicros;
        cells[row + RESERVED] += amountMicros;
        checkConserved(slot);
    }

    /**
     * Books a fact. The freed amount pays it first, then the available balance; the rest becomes overdraft. What is left over of
     * the freed amount pays an overdraft first.
     *
     * @param freedMicros  that the hold no longer keeps; 0 and above.
     * @param chargeMicros that is spent; below 0 it comes back.
     * @return {@code AMOUNT_OVERFLOW} with nothing changed, or {@code NONE}.
     */
    ReasonCode book(int slot, long freedMicros, long chargeMicros) {
        int row = slot * STRIDE;
        long committed = cells[row + COMMITTED];
        long reserved = cells[row + RESERVED] - freedMicros;
        long unspent = cells[row + FREE] + freedMicros; // Free and reserved always fit together.
        long free = unspent - chargeMicros;
        if (Micros.sumOverflows(committed, chargeMicros)
                || Micros.differenceOverflows(unspent, chargeMicros)
                || free == Long.MIN_VALUE
                || Micros.sumOverflows(Math.max(0, free), reserved)) {
            return ReasonCode.AMOUNT_OVERFLOW;
        }
        cells[row + COMMITTED] = committed + chargeMicros;
        cells[row + RESERVED] = reserved;
        free(row, free);
        checkConserved(slot);
        return ReasonCode.NONE;
    }

    void orderOpened(int slot) {
        cells[slot * STRIDE + OPEN_ORDERS]++;
    }

    void orderClosed(int slot) {
        cells[slot * STRIDE + OPEN_ORDERS]--;
    }

    /** Throws {@link IllegalStateException} when the amounts of an account do not add up: the engine must stop. */
    void checkConserved(int slot) {
        int row = slot * STRIDE;
        long reserved = cells[row + RESERVED];
        long committed = cells[row + COMMITTED];
        if (reserved < 0 || committed < 0 || cells[row + FREE] + reserved + committed != cells[row + GRANTED]) {
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
        return RowIndex.rowsOf(ids, this::find);
    }

    /** Adds an account from a snapshot and returns its slot; its open orders are counted when their holds are added. */
    int restore(long accountId, long grantedMicros, long freeMicros, long reservedMicros, long committedMicros) {
        int slot = add(accountId, grantedMicros);
        set(slot, RESERVED, reservedMicros);
        set(slot, COMMITTED, committedMicros);
        free(slot * STRIDE, freeMicros);
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

    /** Mixes in full, because operators choose account ids by patterns that are not known here. */
    private static long hash(long accountId) {
        return RowIndex.hash(accountId, 0);
    }

    private void free(int row, long freeMicros) {
        overdrawnCount += (freeMicros < 0 ? 1 : 0) - (cells[row + FREE] < 0 ? 1 : 0);
        cells[row + FREE] = freeMicros;
    }

    private long cell(int slot, int field) {
        return cells[slot * STRIDE + field];
    }

    private void set(int slot, int field, long value) {
        cells[slot * STRIDE + field] = value;
    }
}

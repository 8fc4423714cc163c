package io.ringfence.engine.budget;

import io.ringfence.schemas.ReasonCode;
import java.util.Arrays;

/**
 * Keeps the standing holds by their ids, at most so many an account, and moves the balance of the account with each hold; one row of 48
 * bytes a hold, and 4 for the candidate that acts on an order.
 *
 * <p>An order's row has its quantity, limit price and cost part; a plain hold's row has its deadline in the same cells. Rows are
 * reused: a row number is valid only until its hold ends. Amounts are micros.
 */
final class Holds {
    static final int NONE = RowIndex.NONE;
    static final long NO_DEADLINE = Long.MAX_VALUE;

    private static final int ID = 0; // First, for the index.
    private static final int HELD = 1;
    private static final int KEY = 2;
    private static final int QUANTITY = 3;
    private static final int PRICE = 4;
    private static final int COST = 5;
    private static final int STRIDE = 6;
    private static final int SLOTS = 64;

    private static final int DEADLINE = QUANTITY;
    private static final int HEAP_POSITION = PRICE;
    private static final int NEXT_FREE = HELD;

    private final Accounts accounts;
    private final int perAccount;
    private final RowIndex index;
    private final Deadlines deadlines = new Deadlines(this);
    private final ExternalIds externalIds = new ExternalIds();
    private long[] cells;
    private int[] acted; // Candidate ids, u32, by row; of orders alone.
    private int[] counts = new int[SLOTS]; // Of standing holds, by account slot.
    private int usedRows;
    private int freeRow = NONE;
    private int size;

    /**
     * @param accounts whose balances the holds keep reserved.
     * @param capacity holds to make room for; more of them make it grow.
     * @param perAccount most that may stand on one account; those of accounts below it do not count.
     */
    Holds(Accounts accounts, int capacity, int perAccount) {
        this.accounts = accounts;
        this.perAccount = perAccount;
        cells = new long[Math.max(1, capacity) * STRIDE];
        acted = new int[Math.max(1, capacity)];
        index = new RowIndex(capacity, row -> RowIndex.hash(id(row)));
    }

    /** Row of a standing hold, or {@link #NONE}. */
    int find(long holdId) {
        return index.find(RowIndex.hash(holdId), holdId, cells, STRIDE);
    }

    /**
     * Checks whether a hold of this id may be new; changes nothing.
     *
     * @param accountSlot of the account, or {@link Accounts#NONE}.
     * @return {@code ACCOUNT_UNKNOWN}, {@code HOLD_DUPLICATE}, {@code HOLDS_AT_BOUND}, or {@code NONE}.
     */
    ReasonCode check(long holdId, int accountSlot) {
        if (accountSlot == Accounts.NONE) {
            return ReasonCode.ACCOUNT_UNKNOWN;
        }
        if (find(holdId) != NONE) {
            return ReasonCode.HOLD_DUPLICATE;
        }
        return hasRoom(accountSlot) ? ReasonCode.NONE : ReasonCode.HOLDS_AT_BOUND;
    }

    /** May one more stand on this account? */
    boolean hasRoom(int accountSlot) {
        return countOf(accountSlot) < perAccount;
    }

    /** Opens a hold that {@link #check} and the controls let pass, reserves its amount, and returns its row. */
    int open(long holdId, long key, long heldMicros) {
        accounts.reserve(Positions.accountSlot(key), heldMicros);
        return add(holdId, key, heldMicros);
    }

    /**
     * Adds a hold whose amount is reserved on its account already, and returns its row: a plain hold without a deadline, or an
     * order whose terms and candidate the caller writes next. The id must be new, which the caller has checked.
     */
    int add(long holdId, long key, long heldMicros) {
        boolean isOrder = Positions.isOrder(key);
        int slot = Positions.accountSlot(key);
        if (isOrder) {
            accounts.orders(slot, 1);
        }
        if (slot >= counts.length) {
            counts = Arrays.copyOf(counts, Math.max(slot + 1, 2 * counts.length));
        }
        counts[slot]++;
        int row = claimRow();
        set(row, ID, holdId);
        set(row, HELD, heldMicros);
        set(row, KEY, key);
        set(row, QUANTITY, isOrder ? 0 : NO_DEADLINE);
        set(row, PRICE, 0);
        set(row, COST, 0);
        index.add(RowIndex.hash(holdId), row);
        size++;
        return row;
    }

    /** Raises a hold by an amount that the controls let pass. */
    void raise(int row, long amountMicros) {
        accounts.reserve(accountSlot(row), amountMicros);
        cells[row * STRIDE + HELD] += amountMicros;
    }

    /**
     * Books a fact on a standing hold, as {@link Accounts#book} does.
     *
     * @param heldMicros   that the hold keeps afterwards; 0 and above.
     * @param chargeMicros that is spent; below 0 it comes back.
     * @return {@code AMOUNT_OVERFLOW} with nothing changed, or {@code NONE}.
     */
    ReasonCode book(int row, long heldMicros, long chargeMicros) {
        int held = row * STRIDE + HELD;
        ReasonCode reason = accounts.book(accountSlot(row), cells[held] - heldMicros, chargeMicros);
        if (reason == ReasonCode.NONE) {
            cells[held] = heldMicros;
        }
        return reason;
    }

    /** Books what was checked to fit; throws {@link IllegalStateException} when it does not. */
    void mustBook(int row, long heldMicros, long chargeMicros) {
        if (book(row, heldMicros, chargeMicros) != ReasonCode.NONE) {
            throw new IllegalStateException(
                    "a checked amount must fit: hold=" + Long.toUnsignedString(id(row)) + ", charge=" + chargeMicros);
        }
    }

    /** Forgets a hold whose amount is 0 by now. */
    void remove(int row) {
        if (isOrder(row)) {
            accounts.orders(accountSlot(row), -1);
            externalIds.remove(row);
        } else if (cell(row, DEADLINE) != NO_DEADLINE) {
            deadlines.remove(row);
        }
        counts[accountSlot(row)]--;
        index.remove(RowIndex.hash(id(row)), row);
        set(row, KEY, Positions.NO_KEY);
        set(row, NEXT_FREE, freeRow);
        freeRow = row;
        size--;
    }

    /** Gives a plain hold its deadline in event time, in ns; {@link #NO_DEADLINE} leaves it without one. */
    void deadline(int row, long deadlineNs) {
        if (deadlineNs != NO_DEADLINE) {
            set(row, DEADLINE, deadlineNs);
            deadlines.add(row);
        }
    }

    /** The plain holds that have a deadline. */
    Deadlines deadlines() {
        return deadlines;
    }

    /** Writes the terms of an order: quantity in 1e-8 units, price a unit, and the part held for costs. */
    void terms(int row, long quantity, long limitPriceMicros, long costMicros) {
        set(row, QUANTITY, quantity);
        set(row, PRICE, limitPriceMicros);
        set(row, COST, costMicros);
    }

    /** Writes the candidate that acts on an order, u32; 0: not known. */
    void acted(int row, long candidateId) {
        acted[row] = (int) candidateId;
    }

    /** External ids of the orders, by row. */
    ExternalIds externalIds() {
        return externalIds;
    }

    void heapPosition(int row, int position) {
        set(row, HEAP_POSITION, position);
    }

    int size() {
        return size;
    }

    /** How many stand on an account. */
    int countOf(int accountSlot) {
        return accountSlot < counts.length ? counts[accountSlot] : 0;
    }

    long id(int row) {
        return cell(row, ID);
    }

    long heldMicros(int row) {
        return cell(row, HELD);
    }

    long key(int row) {
        return cell(row, KEY);
    }

    int accountSlot(int row) {
        return Positions.accountSlot(key(row));
    }

    boolean isOrder(int row) {
        return Positions.isOrder(key(row));
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

    long actedCandidateId(int row) {
        return Integer.toUnsignedLong(acted[row]);
    }

    /** {@link #NO_DEADLINE} for every order. */
    long deadlineNs(int row) {
        return isOrder(row) ? NO_DEADLINE : cell(row, DEADLINE);
    }

    int heapPosition(int row) {
        return (int) cell(row, HEAP_POSITION);
    }

    /**
     * The first row in use from a row on, or {@link #NONE}: for walks in no stated order.
     *
     * @param rest runs every 100 us or so.
     */
    int nextRow(int from, Runnable rest) {
        for (int row = from; row < usedRows; row++) {
            if ((row & RowIndex.REST_MASK) == 0) {
                rest.run();
            }
            if (key(row) != Positions.NO_KEY) {
                return row;
            }
        }
        return NONE;
    }

    void clear() {
        index.clear();
        deadlines.clear();
        externalIds.clear();
        Arrays.fill(counts, 0);
        usedRows = 0;
        freeRow = NONE;
        size = 0;
    }

    long lengthBytes() {
        long rowBytes = STRIDE * Long.BYTES + Integer.BYTES;
        return acted.length * rowBytes + index.lengthBytes() + deadlines.lengthBytes();
    }

    private int claimRow() {
        if (freeRow != NONE) {
            int row = freeRow;
            freeRow = (int) cell(row, NEXT_FREE);
            return row;
        }
        if ((usedRows + 1) * STRIDE > cells.length) {
            cells = Arrays.copyOf(cells, cells.length * 2);
            acted = Arrays.copyOf(acted, cells.length / STRIDE);
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

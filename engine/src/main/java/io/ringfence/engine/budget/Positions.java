package io.ringfence.engine.budget;

import java.util.Arrays;

/**
 * Keeps how each account stands in each instrument: what was filled, and what its open orders may still trade, buys and sells apart.
 *
 * <p>Quantities are in 1e-8 units; a filled one below 0 is short. A pair of account and instrument has a row of 32 bytes while one of the
 * three is not 0. A row number is valid until the next change.
 *
 * <p>A key packs what a hold belongs to into one long: account slot 30 bits | side 2 bits | instrument 32 bits. The side of an order is
 * {@link #BUY} or {@link #SELL}; a hold that is not an order has side 0 and instrument 0. The position of an order has the order's key
 * with side 0. A key is never negative. A value that does not fit its bits throws, so none can change another.
 */
final class Positions {
    static final int NONE = RowIndex.NONE;

    /** No key; also in rows that are not in use. */
    static final long NO_KEY = -1;

    static final int BUY = 1;
    static final int SELL = 2;

    private static final int SIDE_SHIFT = 32;
    private static final int SLOT_SHIFT = 34;
    private static final long INSTRUMENT_MASK = 0xFFFF_FFFFL;
    private static final long SIDE_MASK = 3L << SIDE_SHIFT;

    private static final int KEY = 0; // First, for the index.
    private static final int FILLED = 1;
    private static final int OPEN_BUYS = 2;
    private static final int OPEN_SELLS = 3;
    private static final int STRIDE = 4;
    private static final int NEXT_FREE = FILLED;
    private static final int CAPACITY = 64;

    private final RowIndex index = new RowIndex(CAPACITY, row -> hash(cell(row, KEY)));
    private final int perAccount;
    private long[] cells = new long[CAPACITY * STRIDE];
    private int[] counts = new int[CAPACITY]; // Of rows, by account slot.
    private int usedRows;
    private int freeRow = NONE;
    private int size;

    /** @param perAccount rows that an account may have before it gets no more by an order; a fact gets one all the same. */
    Positions(int perAccount) {
        this.perAccount = perAccount;
    }

    /** Key of a hold that is not an order. */
    static long plainKey(int accountSlot) {
        return (long) accountSlot << SLOT_SHIFT;
    }

    /**
     * Key of an order.
     *
     * @param side         {@link #BUY} or {@link #SELL}; anything else throws.
     * @param instrumentId 0 to 2^32-1; anything else throws.
     */
    static long orderKey(int accountSlot, int side, long instrumentId) {
        checkSide(side);
        if ((instrumentId & ~INSTRUMENT_MASK) != 0) {
            throw new IllegalArgumentException("instrumentId must fit 32 bits: instrumentId=" + instrumentId);
        }
        return plainKey(accountSlot) | (long) side << SIDE_SHIFT | instrumentId;
    }

    /** Throws unless the side is {@link #BUY} or {@link #SELL}. */
    static void checkSide(int side) {
        if (side != BUY && side != SELL) {
            throw new IllegalArgumentException("side must be 1 (buy) or 2 (sell): side=" + side);
        }
    }

    static int accountSlot(long key) {
        return (int) (key >>> SLOT_SHIFT);
    }

    /** {@link #BUY}, {@link #SELL}, or 0 for a hold that is not an order. */
    static int side(long key) {
        return (int) (key >>> SIDE_SHIFT & 3);
    }

    static long instrumentId(long key) {
        return key & INSTRUMENT_MASK;
    }

    static boolean isOrder(long key) {
        return (key & SIDE_MASK) != 0;
    }

    /** What a traded quantity adds to the position: the quantity of a buy, its negative of a sell. */
    static long signed(long key, long quantity) {
        return side(key) == SELL ? -quantity : quantity;
    }

    /** Row of the account and instrument of an order's key, or {@link #NONE} where all is 0. */
    int find(long orderKey) {
        long key = orderKey & ~SIDE_MASK;
        return index.find(hash(key), key, cells, STRIDE);
    }

    /** Row of an account in an instrument, or {@link #NONE} where all is 0. */
    int find(int accountSlot, long instrumentId) {
        return find(plainKey(accountSlot) | instrumentId);
    }

    /** May an order of this account make a row where there is none? */
    boolean hasRoom(int accountSlot) {
        return accountSlot >= counts.length || counts[accountSlot] < perAccount;
    }

    /** Bought less sold; 0 for {@link #NONE}. */
    long filled(int row) {
        return row == NONE ? 0 : cell(row, FILLED);
    }

    /** What open buys may still trade; 0 for {@link #NONE}. */
    long openBuys(int row) {
        return row == NONE ? 0 : cell(row, OPEN_BUYS);
    }

    /** What open sells may still trade; 0 for {@link #NONE}. */
    long openSells(int row) {
        return row == NONE ? 0 : cell(row, OPEN_SELLS);
    }

    /**
     * Moves what was filled, and what open orders of one side may trade; the caller has checked that both sums fit.
     *
     * @param row      {@link #find found} for the order's account and instrument.
     * @param orderKey names account, side and instrument.
     * @param traded   added to what was filled.
     * @param opened   added to what open orders of the side may trade.
     * @return the row now, or {@link #NONE}.
     */
    int move(int row, long orderKey, long traded, long opened) {
        if ((traded | opened) == 0) {
            return row;
        }
        long key = orderKey & ~SIDE_MASK;
        int moved = row == NONE ? add(key) : row;
        int first = moved * STRIDE;
        cells[first + FILLED] += traded;
        cells[first + (side(orderKey) == BUY ? OPEN_BUYS : OPEN_SELLS)] += opened;
        if ((cells[first + FILLED] | cells[first + OPEN_BUYS] | cells[first + OPEN_SELLS]) == 0) {
            remove(moved, key);
            return NONE;
        }
        return moved;
    }

    /** Takes a row of a snapshot. */
    void restore(int accountSlot, long instrumentId, long filled, long openBuys, long openSells) {
        int first = add(plainKey(accountSlot) | instrumentId) * STRIDE;
        cells[first + FILLED] = filled;
        cells[first + OPEN_BUYS] = openBuys;
        cells[first + OPEN_SELLS] = openSells;
    }

    /**
     * Keys of all rows, each with the place of its account in {@code slotsById} for the account's slot, ascending; allocates.
     */
    long[] keysByRank(int[] slotsById) {
        long[] ranks = new long[slotsById.length];
        for (int rank = 0; rank < slotsById.length; rank++) {
            ranks[slotsById[rank]] = rank;
        }
        long[] keys = new long[usedRows];
        int count = 0;
        for (int row = 0; row < usedRows; row++) {
            long key = cell(row, KEY);
            if (key != NO_KEY) {
                keys[count++] = plainKey((int) ranks[accountSlot(key)]) | instrumentId(key);
            }
        }
        keys = Arrays.copyOf(keys, count);
        RowIndex.sortUnsigned(keys);
        return keys;
    }

    /** Pairs of account and instrument that have a row. */
    int size() {
        return size;
    }

    /**
     * Throws {@link IllegalStateException} when open quantities are not the sums of the open orders. Allocates.
     *
     * @param rest runs every 100 us or so.
     */
    void checkOpen(Accounts accounts, Holds holds, Orders orders, Runnable rest) {
        Positions sums = new Positions(perAccount);
        for (int holdRow = holds.nextRow(0, rest); holdRow != NONE; holdRow = holds.nextRow(holdRow + 1, rest)) {
            if (holds.isOrder(holdRow)) {
                long key = holds.key(holdRow);
                sums.move(sums.find(key), key, 0, orders.load(holdRow).openQuantity());
            }
        }
        int[] slotsById = accounts.slotsById();
        for (long key : keysByRank(slotsById)) {
            int slot = slotsById[accountSlot(key)];
            int row = find(slot, instrumentId(key));
            int sum = sums.find(slot, instrumentId(key));
            boolean isSum = openBuys(row) == sums.openBuys(sum) && openSells(row) == sums.openSells(sum);
            if (!isSum) {
                throw new IllegalStateException("open quantity must be the sum of the open orders: account="
                        + Long.toUnsignedString(accounts.id(slot)) + ", instrument=" + instrumentId(key) + ", buys="
                        + openBuys(row) + " of " + sums.openBuys(sum) + ", sells=" + openSells(row) + " of "
                        + sums.openSells(sum));
            }
            sums.drop(sum);
        }
        if (sums.keysByRank(slotsById).length != 0) {
            throw new IllegalStateException("open orders must be in the open quantities of their account");
        }
    }

    void clear() {
        index.clear();
        Arrays.fill(counts, 0);
        usedRows = 0;
        freeRow = NONE;
        size = 0;
    }

    private int add(long key) {
        int row = freeRow;
        if (row == NONE) {
            if ((usedRows + 1) * STRIDE > cells.length) {
                cells = Arrays.copyOf(cells, cells.length * 2);
            }
            row = usedRows++;
        } else {
            freeRow = (int) cell(row, NEXT_FREE);
        }
        int first = row * STRIDE;
        cells[first + KEY] = key;
        cells[first + FILLED] = 0;
        cells[first + OPEN_BUYS] = 0;
        cells[first + OPEN_SELLS] = 0;
        index.add(hash(key), row);
        int slot = accountSlot(key);
        if (slot >= counts.length) {
            counts = Arrays.copyOf(counts, Math.max(slot + 1, 2 * counts.length));
        }
        counts[slot]++;
        size++;
        return row;
    }

    private void remove(int row, long key) {
        index.remove(hash(key), row);
        cells[row * STRIDE + KEY] = NO_KEY;
        cells[row * STRIDE + NEXT_FREE] = freeRow;
        freeRow = row;
        counts[accountSlot(key)]--;
        size--;
    }

    private void drop(int row) {
        if (row != NONE) {
            remove(row, cell(row, KEY));
        }
    }

    private long cell(int row, int field) {
        return cells[row * STRIDE + field];
    }

    private static long hash(long key) {
        return RowIndex.hash(key, 0);
    }
}

package io.ringfence.engine.budget;

import io.ringfence.engine.control.AccountView;
import io.ringfence.engine.control.ControlCode;
import io.ringfence.schemas.AccountBalanceDecoder;
import io.ringfence.schemas.AccountLimit;
import io.ringfence.schemas.ReasonCode;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Keeps the balance of each account in a row of 64 bytes, so that a decision touches one cache line an account.
 *
 * <p>Accounts form trees: what is reserved, booked or freed at an account changes every account above it alike. What an account was
 * granted is its own. {@code free + reserved + committed == granted} after every change: free above 0 is available, below 0 overdrawn. A
 * change that breaks this throws {@link IllegalStateException}, which stops the engine. A slot is the number of an account's row.
 */
final class Accounts implements AccountView {
    private static final int ID = 0; // First, for the index.
    private static final int GRANTED = 1;
    private static final int FREE = 2;
    private static final int RESERVED = 3;
    private static final int COMMITTED = 4;
    private static final int CAP = 5;
    private static final int LINKS = 6; // Slot of the parent plus 1, 32 bits | is a parent 1 | open orders 31.
    private static final int LIMITED =
            7; // Outstanding facts 32 bits | bits of the controls that have a limit or cap 32.
    private static final int STRIDE = 8;
    private static final int HIGH_SHIFT = 32;
    private static final long IS_PARENT = 1L << 31;
    private static final long OPEN_ORDERS_MASK = IS_PARENT - 1;

    private final RowIndex index;
    private final AccountLimits limits;
    private long[] cells;
    private int size;
    private int overdrawnCount;
    private long unownedFacts;

    Accounts(int capacity) {
        cells = new long[Math.max(1, capacity) * STRIDE];
        limits = new AccountLimits(Math.max(1, capacity));
        index = new RowIndex(capacity, slot -> RowIndex.hash(id(slot), 0)); // In full: ids are chosen by patterns.
    }

    /** Slot of an account, or {@link #NONE}. */
    int find(long accountId) {
        return index.find(RowIndex.hash(accountId, 0), accountId, cells, STRIDE);
    }

    /**
     * Adds an account whose whole grant is free; the id must be new, which the caller has checked. Returns its slot.
     *
     * @param parent slot of the account above it for good, or {@link #NONE}.
     */
    int add(long accountId, int parent, long grantedMicros) {
        if ((size + 1) * STRIDE > cells.length) {
            cells = Arrays.copyOf(cells, cells.length * 2);
        }
        int slot = size++;
        Arrays.fill(cells, slot * STRIDE, (slot + 1) * STRIDE, 0);
        limits.add(slot);
        set(slot, ID, accountId);
        set(slot, GRANTED, grantedMicros);
        set(slot, FREE, grantedMicros);
        link(slot, parent);
        index.add(RowIndex.hash(accountId, 0), slot);
        return slot;
    }

    /** Puts an account below another; for a new account, and for tests that skip one. */
    void link(int slot, int parent) {
        set(slot, LINKS, (long) (parent + 1) << HIGH_SHIFT | cell(slot, LINKS) & (IS_PARENT | OPEN_ORDERS_MASK));
        if (parent != NONE) {
            cells[parent * STRIDE + LINKS] |= IS_PARENT;
        }
    }

    /** Grants more, above 0, to this account alone; {@code AMOUNT_OVERFLOW} changes nothing. */
    ReasonCode grant(int slot, long amountMicros) {
        int row = slot * STRIDE;
        long free = cells[row + FREE];
        if (Micros.sumOverflows(cells[row + GRANTED], amountMicros)
                || Micros.sumOverflows(free, amountMicros)
                || Micros.sumOverflows(Math.max(0, free + amountMicros), cells[row + RESERVED])) {
            return ReasonCode.AMOUNT_OVERFLOW;
        }
        cells[row + GRANTED] += amountMicros;
        free(row, free + amountMicros);
        checkConserved(slot);
        return ReasonCode.NONE;
    }

    void cap(int slot, long capMicros) {
        set(slot, CAP, capMicros);
        limited(slot, ControlCode.EXPOSURE, capMicros > 0);
    }

    /** Sets a limit, 0 and above, or lifts it: {@link #NOT_SET}. */
    void limit(int slot, AccountLimit limit, long value) {
        limits.set(slot, limit, value);
        ControlCode control = ControlCode.of(limit);
        limited(slot, control, control.isLimitedAt(this, slot));
    }

    private void limited(int slot, ControlCode control, boolean isLimited) {
        set(slot, LIMITED, cell(slot, LIMITED) & ~control.bit() | (isLimited ? control.bit() : 0));
    }

    /** Holds an amount that the controls let pass. */
    void reserve(int slot, long amountMicros) {
        for (int at = slot; at != NONE; at = parent(at)) {
            int row = at * STRIDE;
            cells[row + FREE] -= amountMicros;
            cells[row + RESERVED] += amountMicros;
            checkConserved(at);
        }
    }

    /**
     * Books a fact. The freed amount pays it first, then an overdraft; else the available balance does, and the rest is overdraft.
     *
     * @param freedMicros  that the hold no longer keeps; below 0 it keeps more.
     * @param chargeMicros that is spent; below 0 it comes back.
     * @return {@code AMOUNT_OVERFLOW} with nothing changed (a sum leaves i64, or committed falls below 0), or {@code NONE}.
     */
    ReasonCode book(int slot, long freedMicros, long chargeMicros) {
        for (int at = slot; at != NONE; at = parent(at)) {
            if (overflows(at * STRIDE, freedMicros, chargeMicros)) {
                return ReasonCode.AMOUNT_OVERFLOW;
            }
        }
        for (int at = slot; at != NONE; at = parent(at)) {
            int row = at * STRIDE;
            cells[row + COMMITTED] += chargeMicros;
            cells[row + RESERVED] -= freedMicros;
            free(row, cells[row + FREE] + freedMicros - chargeMicros);
            checkConserved(at);
        }
        return ReasonCode.NONE;
    }

    private boolean overflows(int row, long freedMicros, long chargeMicros) {
        long unspent = cells[row + FREE] + freedMicros;
        return Micros.sumOverflows(cells[row + FREE], freedMicros)
                || Micros.differenceOverflows(cells[row + RESERVED], freedMicros)
                || Micros.sumOverflows(cells[row + COMMITTED], chargeMicros)
                || cells[row + COMMITTED] + chargeMicros < 0
                || Micros.differenceOverflows(unspent, chargeMicros)
                || unspent - chargeMicros == Long.MIN_VALUE
                || Micros.sumOverflows(Math.max(0, unspent - chargeMicros), cells[row + RESERVED] - freedMicros);
    }

    /** Adds to the number of open orders, here and above. */
    void orders(int slot, int opened) {
        for (int at = slot; at != NONE; at = parent(at)) {
            cells[at * STRIDE + LINKS] += opened;
        }
    }

    /** Throws {@link IllegalStateException} when the amounts of an account do not add up: the engine must stop. */
    void checkConserved(int slot) {
        int row = slot * STRIDE;
        long reserved = cells[row + RESERVED];
        long committed = cells[row + COMMITTED];
        if (reserved < 0 || committed < 0 || cells[row + FREE] + reserved + committed != cells[row + GRANTED]) {
            throw new IllegalStateException("available + reserved + committed - overdrawn must equal granted: account="
                    + Long.toUnsignedString(id(slot)) + ", free=" + cells[row + FREE] + ", reserved=" + reserved
                    + ", committed=" + committed + ", granted=" + cells[row + GRANTED]);
        }
    }

    int overdrawnCount() {
        return overdrawnCount;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int parent(int slot) {
        return (int) (cell(slot, LINKS) >>> HIGH_SHIFT) - 1;
    }

    @Override
    public boolean isParent(int slot) {
        return (cell(slot, LINKS) & IS_PARENT) != 0;
    }

    /** Tells how many outstanding facts an account has, or {@link #NONE}: no account. */
    void outstandingFacts(int slot, long count) {
        if (slot == NONE) {
            unownedFacts = count;
        } else {
            set(slot, LIMITED, Math.min(count, Integer.MAX_VALUE) << HIGH_SHIFT | limited(slot));
        }
    }

    @Override
    public long outstandingFacts(int slot) {
        return slot == NONE ? unownedFacts : cell(slot, LIMITED) >>> HIGH_SHIFT;
    }

    @Override
    public long limited(int slot) {
        return cell(slot, LIMITED) & (1L << HIGH_SHIFT) - 1;
    }

    @Override
    public long limit(int slot, AccountLimit limit) {
        return limits.get(slot, limit);
    }

    @Override
    public long id(int slot) {
        return cell(slot, ID);
    }

    @Override
    public long grantedMicros(int slot) {
        return cell(slot, GRANTED);
    }

    @Override
    public long freeMicros(int slot) {
        return cell(slot, FREE);
    }

    @Override
    public long reservedMicros(int slot) {
        return cell(slot, RESERVED);
    }

    @Override
    public long capMicros(int slot) {
        return cell(slot, CAP);
    }

    long availableMicros(int slot) {
        return Math.max(0, cell(slot, FREE));
    }

    long overdrawnMicros(int slot) {
        return Math.max(0, -cell(slot, FREE));
    }

    long committedMicros(int slot) {
        return cell(slot, COMMITTED);
    }

    long openOrders(int slot) {
        return cell(slot, LINKS) & OPEN_ORDERS_MASK;
    }

    /** How many limits are set, at all accounts together. */
    int limitCount() {
        return limits.count();
    }

    /** Slots in ascending order of their ids; allocates. */
    int[] slotsById() {
        return RowIndex.rowsOf(IntStream.range(0, size).mapToLong(this::id).toArray(), this::find);
    }

    /** Adds an account from a snapshot and returns its slot; its open orders are counted when their holds are added. */
    int restore(AccountBalanceDecoder balance, int parent) {
        int slot = add(balance.accountId(), parent, balance.grantedMicros());
        set(slot, RESERVED, balance.reservedMicros());
        set(slot, COMMITTED, balance.committedMicros());
        free(slot * STRIDE, balance.availableMicros() - balance.overdrawnMicros());
        checkConserved(slot);
        return slot;
    }

    void clear() {
        index.clear();
        limits.clear();
        size = overdrawnCount = 0;
        unownedFacts = 0;
    }

    long lengthBytes() {
        return (long) cells.length * Long.BYTES + limits.lengthBytes() + index.lengthBytes();
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

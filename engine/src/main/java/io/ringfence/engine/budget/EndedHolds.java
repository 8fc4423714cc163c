package io.ringfence.engine.budget;

import io.ringfence.engine.bounds.FactBounds;
import java.util.Arrays;

/**
 * Remembers the holds that ended, each account's oldest first, so that what is reported late is booked, and booked once.
 *
 * <p>An ended hold has its key, its limit price and terms, the candidate that acted, the event time of its end and, in
 * {@link BookedExecutions}, its executions. An account has a quota of rows: one for each execution of its orders, standing or ended, and one for each ended hold. When it is full, the
 * account's own oldest ended holds are forgotten; those older than the horizon are forgotten at a sweep. Nothing that other accounts do
 * makes an account forget. The highest hold that an account has forgotten is kept for good: an unknown hold up to that one may have been
 * booked before. Allocates only when it grows. One thread.
 */
final class EndedHolds {
    static final int NONE = RowIndex.NONE;

    /** In place of a limit price: the order is not bound by one that is known. */
    static final long NO_LIMIT = Long.MAX_VALUE;

    private static final long SETTLED = -1; // In place of a limit price: a plain hold that was settled for good.

    private static final int ID = 0; // First, for the index.
    private static final int KEY = 1;
    private static final int LIMIT_PRICE = 2;
    private static final int ENDED_NS = 3;
    private static final int BEHIND =
            4; // Next younger of its account plus 1, 32 bits | next younger of all plus 1, 32 bits.
    private static final int BEFORE =
            5; // Next older of its account plus 1, 32 bits | next older of all plus 1, 32 bits.
    private static final int TOTAL = 6; // From here on: the terms under which an order ended.
    private static final int FILLED = 7;
    private static final int TERMS = 8;
    private static final int MARKS = 9; // 32 bits, below the candidate that acts, 32 bits.
    private static final int EXTERNAL_ID = 10; // Three cells, as of ExternalIds.
    private static final int STRIDE = 13;

    private static final int OLDEST = 0; // Of an account: row plus 1.
    private static final int YOUNGEST = 1; // Row plus 1.
    private static final int ROWS = 2;
    private static final int HIGHEST_FORGOTTEN = 3;
    private static final int ACCOUNT_STRIDE = 4;

    private static final int SHIFT = 32;
    private static final long LOW = 0xFFFF_FFFFL;
    private static final int CAPACITY = 1 << 14;

    private final FactBounds bounds;
    private final Holds holds;
    private final ExternalIds externalIds;
    private final BookedExecutions executions;
    private final RowIndex index = new RowIndex(CAPACITY, row -> RowIndex.hash(id(row)));
    private final PagedRows rows = new PagedRows(CAPACITY, STRIDE);
    private long[] accountCells;
    private int size;
    private int externalIdCount;
    private int forgetfulAccounts;
    private int oldest = NONE; // Of all.
    private int youngest = NONE;

    /**
     * @param accountCapacity accounts to make room for; more of them make it grow.
     * @param holds           of the standing orders.
     * @param executions      of the orders, standing and ended.
     */
    EndedHolds(int accountCapacity, FactBounds bounds, Holds holds, BookedExecutions executions) {
        this.bounds = bounds;
        this.holds = holds;
        this.externalIds = holds.externalIds();
        this.executions = executions;
        accountCells = new long[Math.max(1, accountCapacity) * ACCOUNT_STRIDE];
    }

    /** Row of a hold that ended and is remembered, or {@link #NONE}. */
    int find(long holdId) {
        return rows.find(index, RowIndex.hash(holdId), holdId);
    }

    /**
     * Can an unknown hold never have been one of this account? It is above all that the account has forgotten, and below the command
     * that names it.
     *
     * @param sequence of that command.
     */
    boolean isNew(int accountSlot, long holdId, long sequence) {
        return Long.compareUnsigned(holdId, sequence) < 0
                && Long.compareUnsigned(holdId, highestForgotten(accountSlot)) > 0;
    }

    /** May an execution of a standing order of this account be remembered, maybe in the place of an ended hold? */
    boolean hasRoom(int accountSlot) {
        int account = account(accountSlot);
        return accountCells[account + ROWS] < bounds.rowsPerAccount() || accountCells[account + OLDEST] != 0;
    }

    /** Counts rows that executions of the account's orders took, and forgets its oldest ended holds while it has too many. */
    void took(int accountSlot, int count) {
        int account = account(accountSlot);
        accountCells[account + ROWS] += count;
        while (accountCells[account + ROWS] > bounds.rowsPerAccount() && accountCells[account + OLDEST] != 0) {
            forget((int) accountCells[account + OLDEST] - 1);
        }
    }

    /**
     * Remembers an order that ended; its executions are there by now.
     *
     * @param limitPriceMicros when it ended; the higher one if a replace was pending.
     * @param terms            under which it ended.
     * @param holdRow          of its hold, whose external id and candidate are still there.
     */
    void addOrder(long holdId, long key, long limitPriceMicros, OrderTerms terms, int holdRow, long endedNs) {
        int row = add(holdId, key, limitPriceMicros, endedNs);
        if (externalIds.has(holdRow)) {
            externalId(row, externalIds.first(holdRow), externalIds.second(holdRow), externalIds.third(holdRow));
        }
        terms(row, terms.orderQuantity(), terms.filledQuantity(), terms.replaceSequence(), terms.marks());
        acted(row, holds.actedCandidateId(holdRow));
        took(Positions.accountSlot(key), 1);
    }

    /** Remembers an order that was not known here before it was reported; its executions are there by now. */
    void addUnknown(long holdId, long key, long endedNs) {
        add(holdId, key, NO_LIMIT, endedNs);
        took(Positions.accountSlot(key), 1);
    }

    /** Remembers a plain hold that ended: settled for good, or released or expired, so that its cost may still come. */
    void addPlain(long holdId, long key, boolean isSettled, long endedNs) {
        add(holdId, key, isSettled ? SETTLED : 0, endedNs);
        took(Positions.accountSlot(key), 1);
    }

    /** Takes a row of a snapshot, in their order, and returns it; the executions of its orders are counted by {@link #restoreRows}. */
    int restore(long holdId, long key, long limitPriceMicros, boolean isSettled, long endedNs) {
        int row = add(holdId, key, isSettled ? SETTLED : limitPriceMicros, endedNs);
        restoreRows(Positions.accountSlot(key), 1);
        return row;
    }

    /** Makes an order that ended the working copy of the terms; false for one whose terms were never known here, and for a plain hold. */
    boolean load(int row, OrderTerms terms) {
        long limitPriceMicros = cell(row, LIMIT_PRICE);
        if (limitPriceMicros <= 0 || limitPriceMicros == NO_LIMIT) {
            return false;
        }
        terms.loadEnded(id(row), limitPriceMicros, total(row), filled(row), terms(row), marks(row));
        return true;
    }

    /**
     * Takes an order out because it stands again; its executions stay, and count as rows of its account. Its external id is its own again
     * unless another standing order has it by now.
     *
     * @param holdRow of its hold.
     */
    void reopen(int row, int holdRow) {
        if (hasExternalId(row) && !externalIds.isStanding(externalId(row, 0), externalId(row, 1), externalId(row, 2))) {
            externalIds.add(holdRow, externalId(row, 0), externalId(row, 1), externalId(row, 2));
        }
        holds.acted(holdRow, actedCandidateId(row));
        accountCells[account(Positions.accountSlot(key(row))) + ROWS]--;
        remove(row);
    }

    /** Counts rows of a snapshot, without a look at the quota. */
    void restoreRows(int accountSlot, int count) {
        int account = account(accountSlot); // First: it may make room.
        accountCells[account + ROWS] += count;
    }

    void restoreForgotten(int accountSlot, long holdId) {
        highestForgotten(account(accountSlot), holdId);
    }

    private void highestForgotten(int account, long holdId) {
        forgetfulAccounts += accountCells[account + HIGHEST_FORGOTTEN] == 0 ? 1 : 0;
        accountCells[account + HIGHEST_FORGOTTEN] = holdId;
    }

    /** Forgets the holds that ended a horizon or longer before event time {@code nowNs}, oldest first, at most {@code limit}. */
    void sweep(long nowNs, int limit) {
        for (int count = 0; count < limit && oldest != NONE; count++) {
            if (nowNs - cell(oldest, ENDED_NS) < bounds.horizonNs()) {
                return;
            }
            forget(oldest);
        }
    }

    /** Event time at which the oldest one is forgotten by a sweep, in ns; {@link Long#MAX_VALUE} for none. */
    long dueNs() {
        return oldest == NONE ? Long.MAX_VALUE : cell(oldest, ENDED_NS) + bounds.horizonNs();
    }

    private int add(long holdId, long key, long limitPriceMicros, long endedNs) {
        int row = rows.claim();
        int account = account(Positions.accountSlot(key));
        int older = (int) accountCells[account + YOUNGEST] - 1;
        set(row, ID, holdId);
        set(row, KEY, key);
        set(row, LIMIT_PRICE, limitPriceMicros);
        set(row, ENDED_NS, endedNs);
        terms(row, 0, 0, 0, 0);
        setExternalId(row, 0, 0, 0);
        set(row, BEHIND, links(NONE, NONE));
        set(row, BEFORE, links(older, youngest));
        if (youngest == NONE) {
            oldest = row;
        } else {
            set(youngest, BEHIND, links(ofAccount(youngest, BEHIND), row));
        }
        youngest = row;
        if (older == NONE) {
            accountCells[account + OLDEST] = row + 1;
        } else {
            set(older, BEHIND, links(row, ofAll(older, BEHIND)));
        }
        accountCells[account + YOUNGEST] = row + 1;
        index.add(RowIndex.hash(holdId), row);
        size++;
        return row;
    }

    /** Forgets a hold, with its executions. */
    private void forget(int row) {
        long holdId = id(row);
        int account = account(Positions.accountSlot(key(row)));
        accountCells[account + ROWS] -= 1 + executions.forget(holdId);
        if (Long.compareUnsigned(holdId, accountCells[account + HIGHEST_FORGOTTEN]) > 0) {
            highestForgotten(account, holdId);
        }
        remove(row);
    }

    private void remove(int row) {
        int account = account(Positions.accountSlot(key(row)));
        int younger = ofAll(row, BEHIND);
        int older = ofAll(row, BEFORE);
        if (older == NONE) {
            oldest = younger;
        } else {
            set(older, BEHIND, links(ofAccount(older, BEHIND), younger));
        }
        if (younger == NONE) {
            youngest = older;
        } else {
            set(younger, BEFORE, links(ofAccount(younger, BEFORE), older));
        }
        int youngerOfAccount = ofAccount(row, BEHIND);
        int olderOfAccount = ofAccount(row, BEFORE);
        if (olderOfAccount == NONE) {
            accountCells[account + OLDEST] = youngerOfAccount + 1;
        } else {
            set(olderOfAccount, BEHIND, links(youngerOfAccount, ofAll(olderOfAccount, BEHIND)));
        }
        if (youngerOfAccount == NONE) {
            accountCells[account + YOUNGEST] = olderOfAccount + 1;
        } else {
            set(youngerOfAccount, BEFORE, links(olderOfAccount, ofAll(youngerOfAccount, BEFORE)));
        }
        externalIdCount -= hasExternalId(row) ? 1 : 0;
        index.remove(RowIndex.hash(id(row)), row);
        rows.release(row);
        size--;
    }

    /** Sets the terms under which an order ended, and no candidate. */
    void terms(int row, long total, long filled, long termsSequence, long marks) {
        set(row, TOTAL, total);
        set(row, FILLED, filled);
        set(row, TERMS, termsSequence);
        set(row, MARKS, marks);
    }

    /** Sets the candidate that acted on an order, u32, behind {@link #terms(int, long, long, long, long)}. */
    void acted(int row, long candidateId) {
        set(row, MARKS, candidateId << SHIFT | marks(row));
    }

    /** Notes the external id of an order that ended and has none yet, as {@link ExternalIds} has it. */
    void externalId(int row, long first, long second, long third) {
        setExternalId(row, first, second, third);
        externalIdCount++;
    }

    private void setExternalId(int row, long first, long second, long third) {
        set(row, EXTERNAL_ID, first);
        set(row, EXTERNAL_ID + 1, second);
        set(row, EXTERNAL_ID + 2, third);
    }

    boolean hasExternalId(int row) {
        return (externalId(row, 0) | externalId(row, 1) | externalId(row, 2)) != 0;
    }

    /** Long 0, 1 or 2 of an external id. */
    long externalId(int row, int part) {
        return cell(row, EXTERNAL_ID + part);
    }

    private static long links(int ofAccount, int ofAll) {
        return (long) (ofAccount + 1) << SHIFT | ofAll + 1;
    }

    private int ofAccount(int row, int links) {
        return (int) (cell(row, links) >>> SHIFT) - 1;
    }

    private int ofAll(int row, int links) {
        return (int) (cell(row, links) & LOW) - 1;
    }

    /** Where the cells of an account begin. */
    private int account(int accountSlot) {
        int first = accountSlot * ACCOUNT_STRIDE;
        if (first >= accountCells.length) {
            accountCells = Arrays.copyOf(accountCells, Math.max(first + ACCOUNT_STRIDE, 2 * accountCells.length));
        }
        return first;
    }

    /** Highest hold that an account has forgotten; 0 for none. */
    long highestForgotten(int accountSlot) {
        int account = account(accountSlot);
        return accountCells[account + HIGHEST_FORGOTTEN];
    }

    /** Ended holds of all accounts. */
    int size() {
        return size;
    }

    /** Ended orders that had an external id. */
    int externalIdCount() {
        return externalIdCount;
    }

    /** Accounts that have forgotten a hold. */
    int forgetfulAccounts() {
        return forgetfulAccounts;
    }

    /** The row that ended first of all, or {@link #NONE}. */
    int oldest() {
        return oldest;
    }

    /** The row that ended next, or {@link #NONE}. */
    int next(int row) {
        return ofAll(row, BEHIND);
    }

    long id(int row) {
        return cell(row, ID);
    }

    /** As {@link Positions} packs it. */
    long key(int row) {
        return cell(row, KEY);
    }

    /** Limit price of an order when it ended, in micros; {@link #NO_LIMIT} when none is known. 0 of a plain hold. */
    long limitPriceMicros(int row) {
        return Math.max(0, cell(row, LIMIT_PRICE));
    }

    /** Was it a plain hold that was settled for good? */
    boolean isSettled(int row) {
        return cell(row, LIMIT_PRICE) == SETTLED;
    }

    /** Marks a plain hold as settled for good. */
    void settle(int row) {
        set(row, LIMIT_PRICE, SETTLED);
    }

    long endedNs(int row) {
        return cell(row, ENDED_NS);
    }

    /** Order quantity of an order when it ended. */
    long total(int row) {
        return cell(row, TOTAL);
    }

    /** What an order had traded when it ended. */
    long filled(int row) {
        return cell(row, FILLED);
    }

    /** As {@link OrderTerms#replaceSequence()} of an order when it ended. */
    long terms(int row) {
        return cell(row, TERMS);
    }

    /** As {@link OrderTerms#marks()} of an order when it ended. */
    long marks(int row) {
        return cell(row, MARKS) & LOW;
    }

    /** Candidate that acted on an order; 0 where it is not known. */
    long actedCandidateId(int row) {
        return cell(row, MARKS) >>> SHIFT;
    }

    void clear() {
        index.clear();
        Arrays.fill(accountCells, 0);
        rows.clear();
        size = 0;
        externalIdCount = 0;
        forgetfulAccounts = 0;
        oldest = NONE;
        youngest = NONE;
    }

    private long cell(int row, int field) {
        return rows.cell(row, field);
    }

    private void set(int row, int field, long value) {
        rows.set(row, field, value);
    }
}

package io.ringfence.engine.budget;

import io.ringfence.engine.control.ControlContext;
import io.ringfence.schemas.FactCommandDecoder;
import io.ringfence.schemas.FactVerb;
import io.ringfence.schemas.ReasonCode;
import java.util.Arrays;

/**
 * Knows which reported facts could not be booked exactly once, by the sequences of their records, until a person books or drops them.
 *
 * <p>An account, and "no account", has a cell while it has such facts: the sequences of at most {@link #LISTED_MAX}, each settled alone,
 * and of those beyond that only their count and span, which are settled together. While some are beyond, every later one is too: so all
 * outstanding facts of the account within the span are those. One thread; allocates only when it grows.
 */
final class OutstandingFacts {
    /** Most facts of one account that are settled one by one. */
    static final int LISTED_MAX = 64;

    private static final int NONE = RowIndex.NONE;

    private static final int ACCOUNT = 0; // First, for the index: the slot, or Accounts.NONE.
    private static final int LISTED = 1; // How many.
    private static final int BEYOND = 2; // How many.
    private static final int FIRST_BEYOND = 3;
    private static final int LAST_BEYOND = 4;
    private static final int SEQUENCES = 5;
    private static final int STRIDE = SEQUENCES + LISTED_MAX;
    private static final int CAPACITY = 16;

    private final Accounts accounts;
    private final Positions positions;
    private final RowIndex index = new RowIndex(CAPACITY, row -> hash((int) cell(row, ACCOUNT)));
    private long[] cells = new long[CAPACITY * STRIDE];
    private int usedRows;
    private int freeRow = NONE;
    private int listedInAll;
    private int beyondAccounts;

    OutstandingFacts(Accounts accounts, Positions positions) {
        this.accounts = accounts;
        this.positions = positions;
    }

    /**
     * Keeps the command in hand as a fact of an account, which blocks it.
     *
     * @param accountSlot of the account; {@link Accounts#NONE} for none, which blocks nobody.
     * @return {@code FACT_OUTSTANDING}.
     */
    ReasonCode keep(ControlContext asked, int accountSlot, BudgetResult out) {
        add(accountSlot, asked.sequence());
        long count = count(accountSlot);
        long accountId =
                accountSlot == Accounts.NONE ? FactCommandDecoder.accountIdNullValue() : accounts.id(accountSlot);
        out.account(accountSlot);
        out.recordedFailure().set(accountId, 0, count, 1, -count);
        return ReasonCode.FACT_OUTSTANDING;
    }

    /**
     * Books or drops by the word of a person; {@link Budget#fact} lists the reasons.
     *
     * @param isEverywhere may the sender act on all accounts?
     */
    ReasonCode settle(FactCommandDecoder command, boolean isEverywhere, BudgetResult out) {
        boolean hasAccount = command.accountId() != FactCommandDecoder.accountIdNullValue();
        int slot = hasAccount ? accounts.find(command.accountId()) : Accounts.NONE;
        out.account(slot);
        if (hasAccount && slot == Accounts.NONE) {
            return ReasonCode.ACCOUNT_UNKNOWN;
        }
        int row = hasAccount ? find(slot, command) : NONE;
        if (row == NONE && isEverywhere) {
            row = find(Accounts.NONE, command); // Facts of no account may be anyone's.
        }
        if (row == NONE) {
            return ReasonCode.FACT_UNKNOWN;
        }
        switch (command.verb()) {
            case DROP -> end(row, command);
            case BOOK, BOOK_PART -> {
                if (!hasAccount) {
                    return ReasonCode.ACCOUNT_UNKNOWN;
                }
                ReasonCode reason = book(slot, command, out);
                if (reason != ReasonCode.NONE) {
                    return reason;
                }
                if (command.verb() == FactVerb.BOOK) {
                    end(row, command);
                }
            }
            case NULL_VAL, SBE_UNKNOWN ->
                throw new IllegalArgumentException("verb must be known: verb=" + command.verbRaw());
        }
        return ReasonCode.NONE;
    }

    private ReasonCode book(int slot, FactCommandDecoder command, BudgetResult out) {
        long instrumentId = command.instrumentId();
        boolean hasInstrument = instrumentId != FactCommandDecoder.instrumentIdNullValue();
        long key = hasInstrument ? Positions.orderKey(slot, Positions.BUY, instrumentId) : Positions.plainKey(slot);
        int position = hasInstrument ? positions.find(key) : Positions.NONE;
        long quantity = hasInstrument ? command.quantity() : 0;
        if (Micros.sumOverflows(positions.filled(position), quantity)) {
            return ReasonCode.AMOUNT_OVERFLOW;
        }
        ReasonCode reason = accounts.book(slot, 0, command.chargeMicros());
        if (reason == ReasonCode.NONE && hasInstrument) {
            out.position(positions, positions.move(position, key, quantity, 0), instrumentId);
        }
        return reason;
    }

    /** Row of the account if the facts that a command names are in it, else {@link #NONE}. */
    private int find(int slot, FactCommandDecoder command) {
        int row = row(slot);
        boolean isIn = row != NONE && (isBeyond(row, command) || listed(row, command) != NONE);
        return isIn ? row : NONE;
    }

    private boolean isBeyond(int row, FactCommandDecoder command) {
        return command.count() != 0
                && command.count() == cell(row, BEYOND)
                && command.firstSequence() == cell(row, FIRST_BEYOND)
                && command.lastSequence() == cell(row, LAST_BEYOND);
    }

    /** Which of those listed a command names, or {@link #NONE}. */
    private int listed(int row, FactCommandDecoder command) {
        boolean isOne = command.count() == 1 && command.firstSequence() == command.lastSequence();
        for (int i = 0; isOne && i < listedCount(row); i++) {
            if (sequence(row, i) == command.firstSequence()) {
                return i;
            }
        }
        return NONE;
    }

    private void end(int row, FactCommandDecoder command) {
        if (isBeyond(row, command)) {
            beyond(row, 0, 0, 0);
            beyondAccounts--;
        } else {
            int first = row * STRIDE + SEQUENCES;
            int at = first + listed(row, command);
            int end = first + listedCount(row);
            System.arraycopy(cells, at + 1, cells, at, end - at - 1);
            set(row, LISTED, listedCount(row) - 1L);
            listedInAll--;
        }
        counted(row);
    }

    private void add(int slot, long sequence) {
        int row = row(slot);
        if (row == NONE) {
            row = claim(slot);
        }
        int listed = listedCount(row);
        if (listed < LISTED_MAX && beyondCount(row) == 0) {
            cells[row * STRIDE + SEQUENCES + listed] = sequence;
            set(row, LISTED, listed + 1L);
            listedInAll++;
        } else {
            long count = beyondCount(row);
            beyondAccounts += count == 0 ? 1 : 0;
            beyond(row, count + 1, count == 0 ? sequence : firstBeyond(row), sequence);
        }
        counted(row);
    }

    /** Tells the account how many it has now, and gives up a row that has none. */
    private void counted(int row) {
        int slot = (int) cell(row, ACCOUNT);
        long count = listedCount(row) + beyondCount(row);
        accounts.outstandingFacts(slot, count);
        if (count == 0) {
            index.remove(hash(slot), row);
            set(row, LISTED, freeRow);
            freeRow = row;
        }
    }

    /** Takes one of a snapshot. */
    void restore(int slot, long sequence) {
        add(slot, sequence);
    }

    /** Takes those beyond of a snapshot, behind those listed. */
    void restore(int slot, long count, long firstSequence, long lastSequence) {
        int row = row(slot);
        row = row == NONE ? claim(slot) : row;
        beyond(row, count, firstSequence, lastSequence);
        beyondAccounts++;
        counted(row);
    }

    /** Would one more fact of this account be settled alone? */
    boolean isListed(int slot) {
        int row = row(slot);
        return row == NONE || listedCount(row) < LISTED_MAX && beyondCount(row) == 0;
    }

    private void beyond(int row, long count, long firstSequence, long lastSequence) {
        set(row, BEYOND, count);
        set(row, FIRST_BEYOND, firstSequence);
        set(row, LAST_BEYOND, lastSequence);
    }

    private long count(int slot) {
        int row = row(slot);
        return row == NONE ? 0 : listedCount(row) + beyondCount(row);
    }

    /** Facts of all accounts that are settled one by one. */
    int listedInAll() {
        return listedInAll;
    }

    /** Accounts, "no account" with them, that have facts which are settled together. */
    int beyondAccounts() {
        return beyondAccounts;
    }

    /** Row of an account, or {@link #NONE} when it has no outstanding facts. */
    int row(int slot) {
        return index.find(hash(slot), slot, cells, STRIDE);
    }

    /** How many are settled one by one. */
    int listedCount(int row) {
        return (int) cell(row, LISTED);
    }

    /** Sequence of one of those listed. */
    long sequence(int row, int listed) {
        return cells[row * STRIDE + SEQUENCES + listed];
    }

    /** How many are settled together. */
    long beyondCount(int row) {
        return cell(row, BEYOND);
    }

    long firstBeyond(int row) {
        return cell(row, FIRST_BEYOND);
    }

    long lastBeyond(int row) {
        return cell(row, LAST_BEYOND);
    }

    void clear() {
        index.clear();
        usedRows = 0;
        freeRow = NONE;
        listedInAll = 0;
        beyondAccounts = 0;
    }

    private int claim(int slot) {
        int row = freeRow;
        if (row != NONE) {
            freeRow = (int) cell(row, LISTED);
        } else {
            if ((usedRows + 1) * STRIDE > cells.length) {
                cells = Arrays.copyOf(cells, cells.length * 2);
            }
            row = usedRows++;
        }
        Arrays.fill(cells, row * STRIDE, (row + 1) * STRIDE, 0);
        set(row, ACCOUNT, slot);
        index.add(hash(slot), row);
        return row;
    }

    private long cell(int row, int field) {
        return cells[row * STRIDE + field];
    }

    private void set(int row, int field, long value) {
        cells[row * STRIDE + field] = value;
    }

    private static long hash(int slot) {
        return RowIndex.hash(slot, 0);
    }
}

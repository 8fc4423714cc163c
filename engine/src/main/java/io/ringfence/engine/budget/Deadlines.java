package io.ringfence.engine.budget;

import java.util.Arrays;

/**
 * Sorts the holds that have a deadline, and hands out those that are due so that no account's backlog delays another's.
 *
 * <p>Of each account: earliest deadline first, then lowest id, in a binary heap of rows of {@link Holds}. Of the accounts: each in turn, the
 * one whose first hold is due first goes first, in a binary heap of their slots. The order follows from the holds alone. Allocates only
 * while a heap grows.
 */
final class Deadlines {
    private static final int ASIDE = -1; // Not in the heap of accounts.
    private static final int ARRAY_HEADER_LENGTH = 16;

    private final Holds holds;
    private int[][] rows = {}; // By account slot: the heap of its holds.
    private int[] sizes = {}; // By account slot: how many.
    private int[] positions = {}; // By account slot: in the heap of accounts, or ASIDE.
    private int[] accounts = {}; // The heap of the accounts that have a hold here.
    private int accountCount;
    private int[] served = {}; // Accounts that have had their turn.
    private int servedCount;

    Deadlines(Holds holds) {
        this.holds = holds;
    }

    /**
     * Row of the hold that ends next, whose account has its turn with it. The caller removes it before it asks again, and calls
     * {@link #endTurns} when it stops.
     *
     * @param nowNs event time that the deadline must not be after.
     * @return {@link Holds#NONE} if none is due.
     */
    int nextDue(long nowNs) {
        if (!isFirstDue(nowNs)) {
            endTurns(); // All that are due have had theirs: another round.
        }
        if (!isFirstDue(nowNs)) {
            return Holds.NONE;
        }
        int slot = accounts[0];
        leave(slot);
        served[servedCount++] = slot;
        return rows[slot][0];
    }

    /** The earliest deadline in event time, in ns; {@link Long#MAX_VALUE} for none. Not while turns are handed out. */
    long dueNs() {
        return accountCount == 0 ? Long.MAX_VALUE : holds.deadlineNs(rows[accounts[0]][0]);
    }

    private boolean isFirstDue(long nowNs) {
        return accountCount > 0 && holds.deadlineNs(rows[accounts[0]][0]) <= nowNs;
    }

    /** Every account may have a turn again. */
    void endTurns() {
        while (servedCount > 0) {
            int slot = served[--servedCount];
            if (sizes[slot] > 0) {
                riseAccount(accountCount++, slot);
            }
        }
    }

    /** Adds a hold that has a deadline; not while turns are handed out. */
    void add(int row) {
        int slot = holds.accountSlot(row);
        makeRoom(slot);
        int size = sizes[slot]++;
        rise(rows[slot], size, row);
        if (size == 0) {
            riseAccount(accountCount++, slot);
        } else if (rows[slot][0] == row) {
            riseAccount(positions[slot], slot);
        }
    }

    void remove(int row) {
        int slot = holds.accountSlot(row);
        int[] heap = rows[slot];
        int position = holds.heapPosition(row);
        int last = heap[--sizes[slot]];
        if (last != row) {
            sink(heap, sizes[slot], position, last);
            if (heap[position] == last) {
                rise(heap, position, last);
            }
        }
        if (positions[slot] != ASIDE && sizes[slot] == 0) {
            leave(slot);
        } else if (positions[slot] != ASIDE && position == 0) {
            sinkAccount(positions[slot], slot); // Its first hold is a later one now.
        }
    }

    void clear() {
        Arrays.fill(sizes, 0);
        Arrays.fill(positions, ASIDE);
        accountCount = 0;
        servedCount = 0;
    }

    /** Of the holds; those of accounts are beside. */
    long lengthBytes() {
        return Arrays.stream(rows)
                .mapToLong(heap -> (long) heap.length * Integer.BYTES)
                .sum();
    }

    /** What it keeps of each account, with or without holds. */
    long lengthBytesOfAccounts() {
        int ofHeap = Long.BYTES + ARRAY_HEADER_LENGTH;
        return (long) rows.length * (ofHeap + 4 * Integer.BYTES);
    }

    private void makeRoom(int slot) {
        if (slot >= rows.length) {
            int begin = rows.length;
            int length = Math.max(slot + 1, begin + begin / 2);
            rows = Arrays.copyOf(rows, length);
            Arrays.fill(rows, begin, length, new int[0]);
            sizes = Arrays.copyOf(sizes, length);
            accounts = Arrays.copyOf(accounts, length);
            served = Arrays.copyOf(served, length);
            positions = Arrays.copyOf(positions, length);
            Arrays.fill(positions, begin, length, ASIDE);
        }
        int size = sizes[slot];
        if (size == rows[slot].length) { // By a quarter: a hold may take 64 bytes in all.
            rows[slot] = Arrays.copyOf(rows[slot], size + Math.max(1, size / 4));
        }
    }

    private void rise(int[] heap, int start, int row) {
        int position = start;
        while (position > 0 && isBefore(row, heap[(position - 1) / 2])) {
            place(heap, position, heap[(position - 1) / 2]);
            position = (position - 1) / 2;
        }
        place(heap, position, row);
    }

    private void sink(int[] heap, int size, int start, int row) {
        int position = start;
        for (int child = 2 * position + 1; child < size; child = 2 * position + 1) {
            if (child + 1 < size && isBefore(heap[child + 1], heap[child])) {
                child++;
            }
            if (!isBefore(heap[child], row)) {
                break;
            }
            place(heap, position, heap[child]);
            position = child;
        }
        place(heap, position, row);
    }

    private void place(int[] heap, int position, int row) {
        heap[position] = row;
        holds.heapPosition(row, position);
    }

    /** Takes an account out of the heap of accounts. */
    private void leave(int slot) {
        int position = positions[slot];
        positions[slot] = ASIDE;
        int last = accounts[--accountCount];
        if (last != slot) {
            sinkAccount(position, last);
            if (accounts[position] == last) {
                riseAccount(position, last);
            }
        }
    }

    private void riseAccount(int start, int slot) {
        int position = start;
        while (position > 0 && isAccountBefore(slot, accounts[(position - 1) / 2])) {
            placeAccount(position, accounts[(position - 1) / 2]);
            position = (position - 1) / 2;
        }
        placeAccount(position, slot);
    }

    private void sinkAccount(int start, int slot) {
        int position = start;
        for (int child = 2 * position + 1; child < accountCount; child = 2 * position + 1) {
            if (child + 1 < accountCount && isAccountBefore(accounts[child + 1], accounts[child])) {
                child++;
            }
            if (!isAccountBefore(accounts[child], slot)) {
                break;
            }
            placeAccount(position, accounts[child]);
            position = child;
        }
        placeAccount(position, slot);
    }

    private void placeAccount(int position, int slot) {
        accounts[position] = slot;
        positions[slot] = position;
    }

    private boolean isAccountBefore(int slot, int other) {
        return isBefore(rows[slot][0], rows[other][0]);
    }

    private boolean isBefore(int row, int other) {
        int byDeadline = Long.compare(holds.deadlineNs(row), holds.deadlineNs(other));
        return byDeadline == 0 ? Long.compareUnsigned(holds.id(row), holds.id(other)) < 0 : byDeadline < 0;
    }
}

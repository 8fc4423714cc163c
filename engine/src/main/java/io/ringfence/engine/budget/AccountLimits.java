package io.ringfence.engine.budget;

import io.ringfence.engine.control.AccountView;
import io.ringfence.schemas.AccountLimit;
import java.util.Arrays;

/** Keeps the limits of each account, by slot; {@link AccountView#NOT_SET} where one is not set. */
final class AccountLimits {
    private static final int STRIDE =
            AccountLimit.values().length - 3; // Without NONE and SBE's two values for no value.

    private long[] cells;
    private int count;

    AccountLimits(int capacity) {
        cells = new long[capacity * STRIDE];
    }

    /** Makes room for a slot, whose limits are not set then. */
    void add(int slot) {
        if ((slot + 1) * STRIDE > cells.length) {
            cells = Arrays.copyOf(cells, cells.length * 2);
        }
        Arrays.fill(cells, slot * STRIDE, (slot + 1) * STRIDE, AccountView.NOT_SET);
    }

    long get(int slot, AccountLimit limit) {
        return cells[index(slot, limit)];
    }

    void set(int slot, AccountLimit limit, long value) {
        int index = index(slot, limit);
        count += (value == AccountView.NOT_SET ? 0 : 1) - (cells[index] == AccountView.NOT_SET ? 0 : 1);
        cells[index] = value;
    }

    /** How many are set, at all slots together. */
    int count() {
        return count;
    }

    /** Forgets all slots. */
    void clear() {
        count = 0;
    }

    long lengthBytes() {
        return (long) cells.length * Long.BYTES;
    }

    private static int index(int slot, AccountLimit limit) {
        return slot * STRIDE + limit.value() - 1;
    }
}

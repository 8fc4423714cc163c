package io.ringfence.engine.budget;

import java.util.BitSet;

/**
 * Remembers which accounts changed at a command that told another's balance: those above it, and those whose holds a sweep ended. Each
 * sweep tells some of them, going round, so that one result stays small. Only for display: no part of the state.
 */
final class UntoldBalances {
    private final Accounts accounts;
    private final BitSet slots;
    private int next;

    UntoldBalances(Accounts accounts, int capacity) {
        this.accounts = accounts;
        this.slots = new BitSet(capacity);
    }

    void add(int slot) {
        slots.set(slot);
        addAbove(slot);
    }

    void addAbove(int slot) {
        for (int at = accounts.parent(slot); at != Accounts.NONE; at = accounts.parent(at)) {
            slots.set(at);
        }
    }

    /** Tells as many as there is room for. */
    void tell(BudgetResult out) {
        while (!slots.isEmpty()) {
            int slot = slots.nextSetBit(next);
            next = Math.max(0, slot); // Behind the last one it begins anew.
            if (slot >= 0) {
                if (!out.other(accounts, slot)) {
                    return;
                }
                slots.clear(slot);
            }
        }
    }

    boolean isEmpty() {
        return slots.isEmpty();
    }

    void clear() {
        slots.clear();
        next = 0;
    }
}

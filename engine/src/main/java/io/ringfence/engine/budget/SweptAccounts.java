package io.ringfence.engine.budget;

import java.util.BitSet;
import org.agrona.collections.IntArrayQueue;

/**
 * Accounts whose holds a sweep ended and of which nobody was told since: each once, in the order of the sweep.
 *
 * <p>For telling only, and no part of the state: nothing decides by it. Not thread safe; allocates nothing once it has been as
 * large as it gets.
 */
final class SweptAccounts {
    private final IntArrayQueue slots = new IntArrayQueue(Accounts.NONE);
    private final BitSet waiting = new BitSet();

    void add(int slot) {
        if (!waiting.get(slot)) {
            waiting.set(slot);
            slots.addInt(slot);
        }
    }

    /** The next one, which waits no longer; {@link Accounts#NONE} when there is none. */
    int poll() {
        int slot = slots.pollInt();
        if (slot != Accounts.NONE) {
            waiting.clear(slot);
        }
        return slot;
    }
}

package io.ringfence.engine.budget;

import io.ringfence.engine.control.Controls;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Does at a tick what becomes due by event time alone, and publishes when that is next.
 *
 * <p>The published time follows from the commands so far. The owner's thread calls all methods but {@link #dueNs}; none allocates.
 */
public final class Sweep {
    private static final long NOW = Long.MIN_VALUE;

    private final Deadlines deadlines;
    private final EndedHolds ended;
    private final Controls controls;
    private final PlainHolds plainHolds;
    private final UntoldBalances untold;
    private boolean isUnownedUntold;
    private final AtomicLong dueNs = new AtomicLong(Long.MAX_VALUE);

    Sweep(Holds holds, EndedHolds ended, Controls controls, PlainHolds plainHolds, UntoldBalances untold) {
        this.deadlines = holds.deadlines();
        this.ended = ended;
        this.controls = controls;
        this.plainHolds = plainHolds;
        this.untold = untold;
    }

    /** As {@link Budget#expire}. */
    void run(long nowNs, int limit, BudgetResult out) {
        controls.tick(nowNs);
        out.expired(plainHolds.expire(nowNs, limit, untold));
        ended.sweep(nowNs, limit);
        untold.tell(out);
        isUnownedUntold = false;
    }

    /** A command changed the accounts above this one, and told them nobody: the next tick does. */
    void changedAbove(int accountSlot) {
        untold.addAbove(accountSlot);
        if (dueNs.getPlain()
                != NOW) { // Another thread reads it: a store that changes nothing would cost it a cache miss.
            dueNs.setRelease(NOW);
        }
    }

    /** A fact command may have changed the count of facts without an account, while its answer showed an account. The next tick shows the count. */
    void changedUnowned() {
        isUnownedUntold = true;
    }

    /** Forgets what is to be told: the state was read anew. */
    void restored() {
        untold.clear();
        isUnownedUntold = false;
        publish();
    }

    /** Can an order change when the next tick has work? Only by what a control remembers: an order has no deadline and ends no hold. */
    public boolean dependsOnOrders() {
        return controls.hasStateful();
    }

    /**
     * Publishes when the next tick has work: the earliest deadline of a hold, the end of the horizon of the oldest ended hold, what a control
     * waits for, and at once where balances are to be told. To be called after each command that may have changed one of them.
     */
    public void publish() {
        long next = untold.isEmpty() && !isUnownedUntold
                ? Math.min(Math.min(deadlines.dueNs(), ended.dueNs()), controls.dueNs())
                : NOW;
        if (next != dueNs.getPlain()) {
            dueNs.setRelease(next);
        }
    }

    /**
     * Event time from which a tick has work, in ns; {@link Long#MAX_VALUE} for none, {@link Long#MIN_VALUE} for at once. A tick before that
     * changes nothing. Any thread; another than the owner's may see an earlier value.
     */
    public long dueNs() {
        return dueNs.getAcquire();
    }
}

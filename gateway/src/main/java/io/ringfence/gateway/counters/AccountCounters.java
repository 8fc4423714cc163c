package io.ringfence.gateway.counters;

import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;

/** The figures and positions of one account as seen from outside. For the thread that writes the counters. */
public final class AccountCounters {
    private static final AccountFigure[] FIGURES = AccountFigure.values();

    private final AtomicCounter[] counters = new AtomicCounter[FIGURES.length];
    private final Long2ObjectHashMap<AtomicCounter> positions = new Long2ObjectHashMap<>();
    private final long accountId;
    private final CountersFile file;

    /** Stands for an account beyond those that are shown: takes figures and shows none. */
    AccountCounters() {
        accountId = 0;
        file = null;
    }

    AccountCounters(long accountId, CountersFile file, CountersManager manager) {
        this.accountId = accountId;
        this.file = file;
        for (AccountFigure figure : FIGURES) {
            counters[figure.ordinal()] =
                    manager.newCounter("account " + accountId + " " + figure.label(), AccountFigure.TYPE_ID, key -> {
                        key.putLong(0, accountId);
                        key.putInt(Long.BYTES, figure.ordinal());
                    });
        }
    }

    /** Shows a figure. */
    public void set(AccountFigure figure, long value) {
        AtomicCounter counter = counters[figure.ordinal()];
        if (counter != null) {
            counter.setRelease(value);
        }
    }

    /**
     * Shows the position in an instrument. The first one that is not 0 takes a counter, and allocates; where no counter is left,
     * {@link EngineCounter#HAS_MORE_POSITIONS} says so.
     *
     * @param quantity bought less sold, in 1e-8 units.
     */
    public void position(long instrumentId, long quantity) {
        AtomicCounter counter = positions.get(instrumentId);
        if (counter == null && quantity != 0 && file != null) {
            counter = file.newPosition(accountId, instrumentId);
            if (counter != null) {
                positions.put(instrumentId, counter);
            }
        }
        if (counter != null) {
            counter.setRelease(quantity);
        }
    }
}

package io.ringfence.gateway.counters;

import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;

/** The figures of one account as seen from outside. */
public final class AccountCounters {
    private static final AccountFigure[] FIGURES = AccountFigure.values();

    /** Stands for an account beyond those that are shown: takes figures and shows none. */
    static final AccountCounters NOT_SHOWN = new AccountCounters();

    private final AtomicCounter[] counters = new AtomicCounter[FIGURES.length];

    private AccountCounters() {}

    AccountCounters(long accountId, CountersManager manager) {
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
}

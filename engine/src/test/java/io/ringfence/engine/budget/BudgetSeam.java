package io.ringfence.engine.budget;

import io.ringfence.engine.control.Controls;

/** Lets tests of other packages reach what a budget owns. */
public final class BudgetSeam {
    private BudgetSeam() {}

    /** The budget's list of controls. */
    public static Controls controls(Budget budget) {
        return budget.ledger().controls();
    }
}

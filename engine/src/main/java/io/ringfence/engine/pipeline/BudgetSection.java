package io.ringfence.engine.pipeline;

import io.ringfence.engine.budget.BudgetResult;

/** What became of the budget. Written by {@link BudgetStage}. */
public final class BudgetSection extends Section {
    private final BudgetResult result = new BudgetResult();
    private boolean isPresent;

    void notTaken(long sequence) {
        isPresent = false;
        result.clear();
        done(sequence);
    }

    void booked(long sequence, BudgetResult booked) {
        isPresent = true;
        result.copyFrom(booked);
        done(sequence);
    }

    /** Did the stage take part? */
    public boolean isPresent() {
        return isPresent;
    }

    /** What happened, with the account as it stands after it; cleared when the stage did not take part. */
    public BudgetResult result() {
        return result;
    }
}

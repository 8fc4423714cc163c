package io.ringfence.engine.pipeline;

import io.ringfence.engine.budget.BudgetResult;

/** What became of the budget. Written by {@link BudgetStage}. */
public final class BudgetSection extends Section {
    private final BudgetResult result = new BudgetResult();
    private final BudgetResult swept = new BudgetResult();
    private boolean isPresent;

    void notTaken(long sequence) {
        isPresent = false;
        result.clear();
        swept.clear();
        done(sequence);
    }

    void booked(long sequence, BudgetResult booked) {
        isPresent = true;
        result.copyFrom(booked);
        swept.clear();
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

    /**
     * An account whose holds a sweep ended, this command's or an earlier one's, as it stands after this command; its
     * account id is 0 when there is none to tell of. Beside the record: what follows from the ticks is not recorded.
     */
    public BudgetResult swept() {
        return swept;
    }
}

package io.ringfence.engine.budget;

import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.ExecutionKind;

/**
 * Says what a venue's report books and what it takes back of what was booked before, whichever of them came first.
 *
 * <p>Money comes back only where it was committed, and once. An execution that is not remembered is taken to be in the position;
 * should it still come, its place is kept, and it puts into the position what was taken back ahead of it, and nothing else.
 * A bust is for good: no correction of the same execution, earlier or later, stands against it.
 */
final class Revision {
    private static final int NONE = BookedExecutions.NONE;

    private final BookedExecutions executions;
    private final TradeFigures booked = new TradeFigures();
    private final TradeFigures takenBack = new TradeFigures();
    private long holdId;
    private long executionId;
    private long referenceId;
    private boolean isBust;
    private boolean isCorrection;
    private boolean isTooLate; // A correction of what was busted.
    private int own; // Where this one is awaited.
    private int reference; // Who keeps the figures of what it is about.
    private int victim; // Whose figures are taken back.

    Revision(BookedExecutions executions) {
        this.executions = executions;
    }

    void find(ExecutionDecoder report) {
        holdId = report.holdId();
        executionId = report.executionId();
        referenceId = report.referenceExecutionId();
        isBust = report.kind() == ExecutionKind.BUST;
        isCorrection = report.kind() == ExecutionKind.CORRECTION;
        own = executions.find(holdId, executionId);
        reference = isRevision() ? executions.findStanding(holdId, referenceId) : NONE;
        isTooLate = isCorrection && reference != NONE && executions.isBusted(reference);
        victim = isCorrection ? victimOfCorrection() : reference;
    }

    /** Was this one booked before? */
    boolean isDuplicate() {
        return own != NONE && !executions.isAwaited(own);
    }

    boolean isUnmatched() {
        return isRevision() && reference == NONE;
    }

    /** Whose order it is as far as what was booked tells, or {@link Owner#NONE}. */
    long owner() {
        int known = reference == NONE ? own : reference;
        return known == NONE ? Owner.NONE : executions.owner(known);
    }

    void figure(ExecutionDecoder report) {
        long quantity = tradedQuantity(report);
        booked.clear();
        takenBack.clear();
        if (own != NONE) {
            booked.set(executions.quantity(own), 0, 0);
        } else if (!isBust && !isTooLate) {
            booked.trade(quantity, report.priceMicros(), report.feeMicros());
        }
        if (isUnmatched()) {
            takenBack.set(quantity, 0, 0);
        } else if (victim != NONE && !executions.isBusted(victim)) {
            takenBack.set(executions.quantity(victim), executions.valueMicros(victim), executions.feeMicros(victim));
        }
    }

    TradeFigures booked() {
        return booked;
    }

    TradeFigures takenBack() {
        return takenBack;
    }

    void remember(long owner) {
        if (own != NONE) {
            executions.arrive(own);
        }
        if (isUnmatched()) {
            await(owner);
        } else if (victim != NONE && (isBust || isTooLate)) {
            executions.bust(victim);
        } else if (victim != NONE) {
            executions.correct(victim, executionId);
        }
        if (own == NONE) {
            int row = executions.add(holdId, executionId, owner, booked);
            if (isTooLate) {
                executions.bust(row);
            }
        }
    }

    private static long tradedQuantity(ExecutionDecoder report) {
        return switch (report.kind()) {
            case FILL, BUST, CORRECTION -> report.quantity();
            case CANCELLED, REPLACED, REPLACE_REJECTED, REJECTED_BY_VENUE, EXPIRED -> 0;
            case NULL_VAL, SBE_UNKNOWN ->
                throw new IllegalArgumentException("kind must be known: kind=" + report.kind());
        };
    }

    private boolean isRevision() {
        return isBust || isCorrection;
    }

    /** What came too late takes its own corrections back, which came before it; two that correct each other take nothing back. */
    private int victimOfCorrection() {
        int heir = own == NONE ? NONE : executions.findStanding(holdId, executionId);
        return isTooLate ? heir : heir == reference ? NONE : reference;
    }

    private void await(long owner) {
        if (referenceId == BookedExecutions.NO_EXECUTION || referenceId == executionId) {
            return;
        }
        int row = executions.await(holdId, referenceId, owner, takenBack);
        boolean isCircle = executions.findStanding(holdId, executionId) == row;
        if (isCorrection && !isCircle) {
            executions.correct(row, executionId);
        }
    }
}

package io.ringfence.engine.budget;

import io.ringfence.schemas.ExecutionKind;

/**
 * Works out what one report of a venue books, and what it takes back of what was booked before, in any order of arrival.
 *
 * <p>Money comes back only where it was committed, and once. A bust or correction of an execution that is not remembered assumes
 * that the execution is in the position and takes it out. A place is kept for that execution: should it still arrive, it puts back
 * into the position what was taken out ahead of it, and nothing else. A bust is final: a correction of the same execution, earlier
 * or later, has no figures.
 *
 * <p>One report at a time: {@link #find}, {@link #compute}, then {@link #remember} once the figures are booked.
 */
final class ExecutionEffect {
    private static final int NONE = BookedExecutions.NONE;

    private final BookedExecutions executions;
    private long holdId;
    private long executionId;
    private long referenceId;
    private boolean isTrade; // Its quantity counts: a fill, bust or correction.
    private boolean isBust;
    private boolean isCorrection;
    private boolean isTooLate; // A correction of an execution that was busted.
    private int own; // Row of this execution: it is known, or awaited.
    private int reference; // Row that has the figures of the execution that this one names.
    private int victim; // Row whose figures are taken back.
    private boolean isUncertain; // It revises one that a person books or drops.

    private long bookedQuantity;
    private long bookedValueMicros;
    private long bookedFeeMicros;
    private boolean isRoundedUp;
    private long takenQuantity;
    private long takenChargeMicros;

    ExecutionEffect(BookedExecutions executions) {
        this.executions = executions;
    }

    /**
     * Finds what is known of a report's execution and of the one that it names; changes nothing that is remembered.
     *
     * @param kind              of the report; an unknown one throws.
     * @param referencedId execution that a bust or correction names; of other kinds it is ignored.
     */
    void find(long reportedHoldId, long reportedExecutionId, ExecutionKind kind, long referencedId) {
        holdId = reportedHoldId;
        executionId = reportedExecutionId;
        referenceId = referencedId;
        isTrade = isTrade(kind);
        isBust = kind == ExecutionKind.BUST;
        isCorrection = kind == ExecutionKind.CORRECTION;
        own = executions.find(holdId, executionId);
        reference = isRevision() ? executions.findStanding(holdId, referenceId) : NONE;
        isTooLate = isCorrection && reference != NONE && executions.isBusted(reference);
        victim = isCorrection ? victimOfCorrection() : reference;
        isUncertain = isOutstanding(reference) || isOutstanding(victim);
    }

    /** Was this execution booked before? */
    boolean isDuplicate() {
        return own != NONE && !executions.isAwaited(own);
    }

    /** Is it a bust or correction of an execution that is not remembered? */
    boolean isUnmatched() {
        return isRevision() && reference == NONE;
    }

    /**
     * Computes the figures from the report's own. A rebate lowers what its own trade costs, at most to 0, so no sum of trades is
     * below 0, whichever of them are taken back. The value is rounded up; see {@link #roundDown}.
     *
     * @param reportedQuantity 0 and above.
     * @param priceMicros      at which it counts; below 0 the figures of a trade are not representable.
     * @param feeMicros        below 0 a rebate.
     */
    void compute(long reportedQuantity, long priceMicros, long feeMicros) {
        long quantity = isTrade ? reportedQuantity : 0;
        book(0, 0, 0);
        isRoundedUp = false;
        if (own != NONE) {
            book(executions.quantity(own), 0, 0);
        } else if (!isBust && !isTooLate) {
            long valueMicros = valueMicros(quantity, priceMicros);
            book(quantity, valueMicros, Math.max(-valueMicros, feeMicros));
            isRoundedUp =
                    valueMicros != Micros.OVERFLOW && quantity * priceMicros != valueMicros * Micros.QUANTITY_SCALE;
        }
        takenQuantity = 0;
        takenChargeMicros = 0;
        if (isUnmatched()) {
            takenQuantity = quantity;
        } else if (victim != NONE && !executions.isBusted(victim)) {
            takenQuantity = executions.quantity(victim);
            takenChargeMicros = executions.valueMicros(victim) + executions.feeMicros(victim);
        }
    }

    private static long valueMicros(long quantity, long priceMicros) {
        if (priceMicros < 0) {
            return quantity == 0 ? 0 : Micros.OVERFLOW;
        }
        return Micros.ceilMicros(quantity, priceMicros);
    }

    /** Takes the micro back by which the value of this report was rounded up; does nothing to a value that was not. */
    void roundDown() {
        if (isRoundedUp && bookedValueMicros > 0) {
            bookedValueMicros--;
            bookedFeeMicros = Math.max(-bookedValueMicros, bookedFeeMicros);
        }
        isRoundedUp = false;
    }

    /** Do the figures fit i64, and is it known what they take back? */
    boolean isRepresentable() {
        return !isUncertain
                && bookedValueMicros != Micros.OVERFLOW
                && !Micros.sumOverflows(bookedValueMicros, bookedFeeMicros);
    }

    /** Quantity booked less quantity taken back, in 1e-8 units, before the sign of the order's side. */
    long tradedQuantity() {
        return bookedQuantity - takenQuantity;
    }

    /** Cost booked less cost taken back; below 0 money comes back. */
    long chargeMicros() {
        return bookedValueMicros + bookedFeeMicros - takenChargeMicros;
    }

    /** Remembers the execution as booked, and returns how many rows that took. */
    int remember() {
        int before = executions.size();
        if (own != NONE) {
            executions.arrive(own);
        }
        if (isUnmatched()) {
            await();
        } else if (victim != NONE && (isBust || isTooLate)) {
            executions.bust(victim);
        } else if (victim != NONE) {
            executions.correct(victim, executionId);
        }
        if (own == NONE) {
            int row = executions.add(holdId, executionId, bookedQuantity, bookedValueMicros, bookedFeeMicros);
            if (isTooLate) {
                executions.bust(row);
            }
        }
        return executions.size() - before;
    }

    /** Remembers the execution as one that a person books or drops, and returns how many rows that took. */
    int outstand() {
        int row = own == NONE ? executions.add(holdId, executionId, 0, 0, 0) : own;
        executions.outstand(row);
        return own == NONE ? 1 : 0;
    }

    /** Does this kind of report tell of a trade? */
    static boolean isTrade(ExecutionKind kind) {
        return switch (kind) {
            case FILL, BUST, CORRECTION -> true;
            case CANCELLED, REPLACED, REPLACE_REJECTED, REJECTED_BY_VENUE, EXPIRED -> false;
            case NULL_VAL, SBE_UNKNOWN -> throw new IllegalArgumentException("kind must be known: kind=" + kind);
        };
    }

    private boolean isOutstanding(int row) {
        return row != NONE && executions.isOutstanding(row);
    }

    private boolean isRevision() {
        return isBust || isCorrection;
    }

    /**
     * A correction takes back the figures of the execution that it names. One that is too late takes back its own corrections
     * instead, which arrived before it. Two corrections that name each other take nothing back.
     */
    private int victimOfCorrection() {
        int heir = own == NONE ? NONE : executions.findStanding(holdId, executionId);
        return isTooLate ? heir : heir == reference ? NONE : reference;
    }

    private void book(long quantity, long valueMicros, long feeMicros) {
        bookedQuantity = quantity;
        bookedValueMicros = valueMicros;
        bookedFeeMicros = feeMicros;
    }

    /** Keeps a place for the execution named, unless the report names none or itself. */
    private void await() {
        if (referenceId == BookedExecutions.NO_EXECUTION || referenceId == executionId) {
            return;
        }
        int row = executions.await(holdId, referenceId, takenQuantity);
        boolean isCircle = executions.findStanding(holdId, executionId) == row;
        if (isCorrection && !isCircle) {
            executions.correct(row, executionId);
        }
    }
}

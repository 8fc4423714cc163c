package io.ringfence.gateway.system;

import io.ringfence.schemas.ExecutionKind;
import java.util.HashMap;
import java.util.Map;

/** The plain twin of what one order traded, less what busts and corrections took back, in any order of arrival. */
final class TradedQuantity {
    /** An execution by its id: how much of it stands, or why nothing does. */
    private static final class Known {
        long standing;
        long ahead; // It has not come yet; so much of it was taken back already.
        boolean isAwaited;
        boolean isBusted;
        long correctedBy = Request.Execution.NO_REFERENCE;
    }

    private final Map<Long, Known> executions = new HashMap<>();
    private long sum;

    /** In 1e-8 units; below 0 while a bust is ahead of its fill. */
    long sum() {
        return sum;
    }

    /** Takes an execution that was booked: no second one of an id. */
    void booked(Request.Execution execution) {
        boolean isBust = execution.kind() == ExecutionKind.BUST;
        boolean isCorrection = execution.kind() == ExecutionKind.CORRECTION;
        boolean isRevision = isBust || isCorrection;
        long told = isRevision || execution.kind() == ExecutionKind.FILL ? execution.quantity() : 0;
        Known own = executions.get(execution.executionId());
        Known target = isRevision ? latest(execution.referenceId()) : null;
        boolean isTooLate = isCorrection && target != null && (target.isBusted || target.isAwaited);
        Known loser = target;
        if (isCorrection && target != null) {
            Known heir = latest(execution.executionId());
            loser = isTooLate ? heir : target == heir ? null : target;
        }
        boolean isStranger = isRevision && target == null;
        long counted = own != null ? own.ahead : isBust || isTooLate ? 0 : told;
        long takenBack = isStranger ? told : loser == null ? 0 : loser.standing;
        sum += counted - takenBack;

        if (own != null) {
            own.isAwaited = false;
            own.isBusted = own.correctedBy == Request.Execution.NO_REFERENCE;
        }
        if (isStranger && execution.referenceId() != execution.executionId()) {
            target = new Known();
            target.isAwaited = true;
            target.ahead = told;
            executions.put(execution.referenceId(), target);
            loser = isCorrection && latest(execution.executionId()) != target ? target : null;
        }
        if (loser != null) {
            loser.standing = 0;
            if (isCorrection && !isTooLate) {
                loser.correctedBy = execution.executionId();
            } else if (!loser.isAwaited) {
                loser.isBusted = true;
                loser.correctedBy = Request.Execution.NO_REFERENCE;
            }
        }
        if (own == null) {
            own = new Known();
            own.standing = counted;
            own.isBusted = isTooLate;
            executions.put(execution.executionId(), own);
        }
    }

    /** What the figures of an execution passed on to through its corrections. */
    private Known latest(long executionId) {
        Known at = executions.get(executionId);
        while (at != null && executions.containsKey(at.correctedBy)) {
            at = executions.get(at.correctedBy);
        }
        return at;
    }
}

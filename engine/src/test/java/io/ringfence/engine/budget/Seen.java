package io.ringfence.engine.budget;

import io.ringfence.schemas.ReasonCode;

/** Everything that a result tells, as a value: what the budget and its plain twin must agree on. */
record Seen(
        ReasonCode reason,
        long holdId,
        long heldMicros,
        boolean isHoldEnded,
        boolean isControlFailed,
        long limit,
        long observed,
        long headroom,
        long availableMicros,
        long reservedMicros,
        long committedMicros,
        long overdrawnMicros,
        long openOrders,
        long position,
        int openHolds,
        int expired,
        boolean isUnmatched) {

    static Seen of(BudgetResult result) {
        return new Seen(
                result.reason(),
                result.holdId(),
                result.heldMicros(),
                result.isHoldEnded(),
                result.isControlFailed(),
                result.controlLimit(),
                result.controlObserved(),
                result.controlHeadroom(),
                result.availableMicros(),
                result.reservedMicros(),
                result.committedMicros(),
                result.overdrawnMicros(),
                result.openOrders(),
                result.position(),
                result.openHolds(),
                result.expired(),
                result.isUnmatched());
    }
}

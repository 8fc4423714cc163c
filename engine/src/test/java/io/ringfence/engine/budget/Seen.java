package io.ringfence.engine.budget;

import io.ringfence.engine.control.ControlFailure;
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
        long asked,
        long headroom,
        long failedAccount,
        long availableMicros,
        long reservedMicros,
        long committedMicros,
        long overdrawnMicros,
        long openOrders,
        long outstandingFacts,
        long position,
        long openBuys,
        long openSells,
        int openHolds,
        int expired,
        boolean isUnmatched) {

    static Seen of(BudgetResult result) {
        boolean hasFailed = result.isControlFailed();
        ControlFailure failure = result.failure();
        return new Seen(
                result.reason(),
                result.holdId(),
                result.heldMicros(),
                result.isHoldEnded(),
                result.isControlFailed(),
                hasFailed ? failure.limit() : 0,
                hasFailed ? failure.observed() : 0,
                hasFailed ? failure.asked() : 0,
                hasFailed ? failure.headroom() : 0,
                hasFailed ? failure.accountId() : 0,
                result.balance().availableMicros(),
                result.balance().reservedMicros(),
                result.balance().committedMicros(),
                result.balance().overdrawnMicros(),
                result.balance().openOrders(),
                result.balance().outstandingFacts(),
                result.position(),
                result.openBuyQuantity(),
                result.openSellQuantity(),
                result.openHolds(),
                result.expired(),
                result.isUnmatched());
    }
}

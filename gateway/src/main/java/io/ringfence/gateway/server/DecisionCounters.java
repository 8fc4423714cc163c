package io.ringfence.gateway.server;

import io.ringfence.engine.budget.BudgetResult;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.gateway.counters.AccountCounters;
import io.ringfence.gateway.counters.AccountFigure;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.CommandKind;

/** Counts what was decided, and shows how the accounts stand after it. */
public final class DecisionCounters {
    private final CountersFile counters;

    /** @param counters that are shown. */
    public DecisionCounters(CountersFile counters) {
        this.counters = counters;
    }

    void count(DecisionEvent event) {
        if (event.budget().swept().accountId() != 0) {
            show(event.budget().swept());
        }
        if (event.intake().isDuplicate()) {
            counters.increment(EngineCounter.DUPLICATES);
            return;
        }
        CommandKind kind = event.command().kind();
        if (kind == CommandKind.ADMISSION || kind == CommandKind.ORDER) {
            countDecision(event);
        }
        if (event.asksAdmission() && !event.isAdmitted()) {
            counters.increment(event.reason());
        }
        if (event.budget().result().isUnmatched()) {
            counters.increment(EngineCounter.UNMATCHED_REVISIONS);
        }
        if (event.budget().isPresent()) {
            show(event.budget().result());
        }
    }

    private void countDecision(DecisionEvent event) {
        counters.increment(EngineCounter.DECISIONS);
        if (!event.isAdmitted()) {
            counters.increment(EngineCounter.REJECTED);
            return;
        }
        counters.increment(EngineCounter.ADMITTED);
        if (event.action() == Action.SUBSTITUTE) {
            counters.increment(EngineCounter.SUBSTITUTED);
        }
    }

    /** Shows how an account stands; nothing when the result tells of none. */
    public void show(BudgetResult result) {
        counters.set(EngineCounter.OPEN_HOLDS, result.openHolds());
        if (result.accountId() == 0) {
            return;
        }
        AccountCounters account = counters.account(result.accountId());
        account.set(AccountFigure.OPEN_ORDERS, result.openOrders());
        account.set(AccountFigure.RESERVED_MICROS, result.reservedMicros());
        account.set(AccountFigure.COMMITTED_MICROS, result.committedMicros());
        account.set(AccountFigure.AVAILABLE_MICROS, result.availableMicros());
        account.set(AccountFigure.OVERDRAWN_MICROS, result.overdrawnMicros());
        if (result.isOrder()) {
            account.position(result.instrumentId(), result.position());
        }
    }
}

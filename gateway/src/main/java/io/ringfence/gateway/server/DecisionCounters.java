package io.ringfence.gateway.server;

import io.ringfence.engine.budget.BudgetResult;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Verdict;
import io.ringfence.gateway.counters.AccountCounters;
import io.ringfence.gateway.counters.AccountFigure;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.schemas.Action;

/** Counts what was decided, and shows how the accounts stand after it. */
public final class DecisionCounters {
    private final CountersFile counters;

    /** @param counters that are shown. */
    public DecisionCounters(CountersFile counters) {
        this.counters = counters;
    }

    void count(DecisionEvent event) {
        for (int i = 0; i < event.budget().sweptCount(); i++) {
            show(event.budget().swept(i));
        }
        if (event.isDuplicate()) {
            counters.increment(EngineCounter.DUPLICATES);
            return;
        }
        CommandType type = event.type();
        if (type.isRequest()) {
            countDecision(event.verdict());
        }
        if (type.asksAdmission() && !event.verdict().isAdmitted()) {
            counters.increment(event.verdict().reason());
        }
        if (event.isBooked()) {
            BudgetResult budget = event.budget();
            if (budget.isUnmatched()) {
                counters.increment(EngineCounter.UNMATCHED_REVISIONS);
            }
            show(budget);
        }
    }

    private void countDecision(Verdict verdict) {
        counters.increment(EngineCounter.DECISIONS);
        if (!verdict.isAdmitted()) {
            counters.increment(EngineCounter.REJECTED);
            return;
        }
        counters.increment(EngineCounter.ADMITTED);
        if (verdict.action() == Action.SUBSTITUTE) {
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
        if (result.hasPosition()) {
            account.position(result.instrumentId(), result.position());
        }
    }
}

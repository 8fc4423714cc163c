package io.ringfence.gateway.server;

import io.ringfence.engine.bandit.Lesson;
import io.ringfence.engine.budget.BudgetResult;
import io.ringfence.engine.budget.BudgetResult.Balance;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Verdict;
import io.ringfence.engine.policy.Policy;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.CountersFile.AccountCounters;
import io.ringfence.gateway.counters.CountersFile.AccountFigure;
import io.ringfence.gateway.counters.CountersFile.PositionFigure;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.ReasonCode;
import java.util.ArrayList;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Counts what was decided and notes how accounts stand after it, in plain fields; {@link #show} brings them into the counters file.
 *
 * <p>For the duty cycle. Allocates only for what it notes first: an account, a position, a reason.
 */
public final class DecisionCounters {
    private static final ReasonCode[] REASONS = ReasonCode.values();

    private final CountersFile file;
    private final long[] reasons = new long[REASONS.length];
    private final long[] reasonsShown = new long[REASONS.length];
    private final Long2ObjectHashMap<Account> accounts = new Long2ObjectHashMap<>();
    private final ArrayList<Account> changed = new ArrayList<>();
    private long decisions;
    private long admitted;
    private long substituted;
    private long duplicates;
    private long unmatched;
    private long withheld;
    private long withheldSequence;
    private long frozenOutcomes;
    private long alarms;
    private long alarmUseCase;
    private long alarmSequence;
    private long openHolds;
    private long outstandingFacts; // Of the accounts that are shown.
    private long unownedFacts;
    private boolean isBeyondAccounts;
    private Policy policy; // Put into force and not shown yet; null: none.
    private long policySequence;

    /** @param file that shows them. */
    public DecisionCounters(CountersFile file) {
        this.file = file;
    }

    /** Counts an appended event. */
    void count(DecisionEvent event) {
        if (event.isDuplicate()) {
            duplicates++;
            return;
        }
        CommandType type = event.type();
        Verdict verdict = event.verdict();
        if (type == CommandType.POLICY_CHANGE && verdict.reason() == ReasonCode.APPLIED) {
            policy = event.policy();
            policySequence = event.sequence();
        }
        if (type.isRequest()) {
            decisions++;
            admitted += verdict.isAdmitted() ? 1 : 0;
            substituted += verdict.isAdmitted() && verdict.action() == Action.SUBSTITUTE ? 1 : 0;
            if (event.isDecided()
                    && event.input().allowedProviderMask() != event.request().allowedProviderMask()) {
                withheld++;
                withheldSequence = event.sequence();
            }
        }
        if (type == CommandType.OUTCOME) {
            noteLearning(event);
        }
        if (type.isNewRisk() && !verdict.isAdmitted()) {
            reasons[verdict.reason().ordinal()]++;
        }
        if (event.isBooked()) {
            note(event.budget());
        }
    }

    private void noteLearning(DecisionEvent event) {
        ReasonCode reason = event.verdict().reason();
        frozenOutcomes += reason == ReasonCode.LEARNING_FROZEN ? 1 : 0;
        if (Lesson.isAlarm(reason)) {
            alarms++;
            alarmUseCase = event.command().facts().useCase();
            alarmSequence = event.sequence();
        }
    }

    /** Notes how the accounts stand that a result tells. */
    public void note(BudgetResult result) {
        openHolds = result.openHolds();
        if (result.balance().accountId() == 0) {
            unownedFacts = result.balance().outstandingFacts();
        }
        unmatched += result.isUnmatched() ? 1 : 0;
        for (int i = 0; i < result.otherCount(); i++) {
            noteAccount(result.other(i));
        }
        if (result.balance().accountId() != 0) {
            Account account = noteAccount(result.balance());
            if (account != null && result.hasPosition()) {
                account.notePosition(result);
            }
        }
    }

    /** The account; null for one that is not shown. */
    private Account noteAccount(Balance balance) {
        Account account = accounts.get(balance.accountId());
        if (account == null) {
            if (accounts.size() == CountersFile.MAX_ACCOUNTS) {
                isBeyondAccounts = true;
                return null;
            }
            account = new Account(balance.accountId());
            accounts.put(balance.accountId(), account);
        }
        if (!account.isChanged) {
            account.isChanged = true;
            changed.add(account);
        }
        outstandingFacts += balance.outstandingFacts() - account.outstandingFacts;
        account.note(balance);
        return account;
    }

    /** Shows everything that has changed. */
    public void show() {
        file.set(EngineCounter.DECISIONS, decisions);
        file.set(EngineCounter.ADMITTED, admitted);
        file.set(EngineCounter.SUBSTITUTED, substituted);
        file.set(EngineCounter.REJECTED, decisions - admitted);
        file.set(EngineCounter.DUPLICATES, duplicates);
        file.set(EngineCounter.UNMATCHED_REVISIONS, unmatched);
        file.set(EngineCounter.WITHHELD, withheld);
        file.set(EngineCounter.WITHHELD_SEQUENCE, withheldSequence);
        file.set(EngineCounter.FROZEN_OUTCOMES, frozenOutcomes);
        file.set(EngineCounter.LEARNING_ALARMS, alarms);
        file.set(EngineCounter.ALARM_USE_CASE, alarmUseCase);
        file.set(EngineCounter.ALARM_SEQUENCE, alarmSequence); // Behind what it is about.
        for (int i = 0; i < reasons.length; i++) {
            if (reasons[i] != reasonsShown[i]) {
                file.add(REASONS[i], reasons[i] - reasonsShown[i]);
                reasonsShown[i] = reasons[i];
            }
        }
        file.set(EngineCounter.OPEN_HOLDS, openHolds);
        file.set(EngineCounter.OUTSTANDING_FACTS, outstandingFacts + unownedFacts);
        file.set(EngineCounter.UNOWNED_FACTS, unownedFacts);
        for (int i = 0; i < changed.size(); i++) {
            changed.get(i).show(file);
        }
        changed.clear();
        if (policy != null) {
            file.policy(policy.epoch(), policySequence, policy.digest());
            policy = null;
        }
        if (isBeyondAccounts) {
            file.set(EngineCounter.HAS_MORE_ACCOUNTS, 1);
        }
    }

    /** How one account stood when it was noted last. */
    private static final class Account {
        private final long id;
        private final Long2ObjectHashMap<Position> positions = new Long2ObjectHashMap<>();
        private final ArrayList<Position> moved = new ArrayList<>();
        private boolean isChanged;
        private long openOrders;
        private long reservedMicros;
        private long committedMicros;
        private long availableMicros;
        private long overdrawnMicros;
        private long outstandingFacts;

        Account(long id) {
            this.id = id;
        }

        void note(Balance balance) {
            openOrders = balance.openOrders();
            reservedMicros = balance.reservedMicros();
            committedMicros = balance.committedMicros();
            availableMicros = balance.availableMicros();
            overdrawnMicros = balance.overdrawnMicros();
            outstandingFacts = balance.outstandingFacts();
        }

        void notePosition(BudgetResult result) {
            Position position = positions.get(result.instrumentId());
            if (position == null) {
                if ((result.position() | result.openBuyQuantity() | result.openSellQuantity()) == 0) {
                    return; // One that never was is not shown.
                }
                position = new Position(result.instrumentId());
                positions.put(result.instrumentId(), position);
            }
            if (!position.isMoved) {
                position.isMoved = true;
                moved.add(position);
            }
            position.filled = result.position();
            position.openBuys = result.openBuyQuantity();
            position.openSells = result.openSellQuantity();
        }

        void show(CountersFile file) {
            AccountCounters shown = file.account(id);
            shown.set(AccountFigure.OPEN_ORDERS, openOrders);
            shown.set(AccountFigure.RESERVED_MICROS, reservedMicros);
            shown.set(AccountFigure.COMMITTED_MICROS, committedMicros);
            shown.set(AccountFigure.AVAILABLE_MICROS, availableMicros);
            shown.set(AccountFigure.OVERDRAWN_MICROS, overdrawnMicros);
            shown.set(AccountFigure.OUTSTANDING_FACTS, outstandingFacts);
            for (int i = 0; i < moved.size(); i++) {
                Position position = moved.get(i);
                shown.position(position.instrumentId, PositionFigure.POSITION, position.filled);
                shown.position(position.instrumentId, PositionFigure.OPEN_BUYS, position.openBuys);
                shown.position(position.instrumentId, PositionFigure.OPEN_SELLS, position.openSells);
                position.isMoved = false;
            }
            moved.clear();
            isChanged = false;
        }
    }

    /** How an account stood in one instrument, in 1e-8 units, when it was noted last. */
    private static final class Position {
        private final long instrumentId;
        private long filled;
        private long openBuys;
        private long openSells;
        private boolean isMoved;

        Position(long instrumentId) {
            this.instrumentId = instrumentId;
        }
    }
}

package io.ringfence.gateway.server;

import io.ringfence.engine.budget.BudgetResult;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Verdict;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.CountersFile.AccountCounters;
import io.ringfence.gateway.counters.CountersFile.AccountFigure;
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
    private long openHolds;
    private boolean isBeyondAccounts;

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
        if (type.isRequest()) {
            decisions++;
            admitted += verdict.isAdmitted() ? 1 : 0;
            substituted += verdict.isAdmitted() && verdict.action() == Action.SUBSTITUTE ? 1 : 0;
        }
        if (type.asksAdmission() && !verdict.isAdmitted()) {
            reasons[verdict.reason().ordinal()]++;
        }
        if (event.isBooked()) {
            note(event.budget());
        }
    }

    /** Notes how the account of a result stands, and the accounts whose holds a sweep ended. */
    public void note(BudgetResult result) {
        openHolds = result.openHolds();
        unmatched += result.isUnmatched() ? 1 : 0;
        for (int i = 0; i < result.sweptCount(); i++) {
            noteAccount(result.swept(i));
        }
        if (result.accountId() != 0) {
            noteAccount(result);
        }
    }

    private void noteAccount(BudgetResult result) {
        Account account = accounts.get(result.accountId());
        if (account == null) {
            if (accounts.size() == CountersFile.MAX_ACCOUNTS) {
                isBeyondAccounts = true;
                return;
            }
            account = new Account(result.accountId());
            accounts.put(result.accountId(), account);
        }
        if (!account.isChanged) {
            account.isChanged = true;
            changed.add(account);
        }
        account.note(result);
    }

    /** Shows everything that has changed. */
    public void show() {
        file.set(EngineCounter.DECISIONS, decisions);
        file.set(EngineCounter.ADMITTED, admitted);
        file.set(EngineCounter.SUBSTITUTED, substituted);
        file.set(EngineCounter.REJECTED, decisions - admitted);
        file.set(EngineCounter.DUPLICATES, duplicates);
        file.set(EngineCounter.UNMATCHED_REVISIONS, unmatched);
        for (int i = 0; i < reasons.length; i++) {
            if (reasons[i] != reasonsShown[i]) {
                file.add(REASONS[i], reasons[i] - reasonsShown[i]);
                reasonsShown[i] = reasons[i];
            }
        }
        file.set(EngineCounter.OPEN_HOLDS, openHolds);
        for (int i = 0; i < changed.size(); i++) {
            changed.get(i).show(file);
        }
        changed.clear();
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

        Account(long id) {
            this.id = id;
        }

        void note(BudgetResult result) {
            openOrders = result.openOrders();
            reservedMicros = result.reservedMicros();
            committedMicros = result.committedMicros();
            availableMicros = result.availableMicros();
            overdrawnMicros = result.overdrawnMicros();
            if (result.hasPosition()) {
                notePosition(result.instrumentId(), result.position());
            }
        }

        private void notePosition(long instrumentId, long quantity) {
            Position position = positions.get(instrumentId);
            if (position == null) {
                if (quantity == 0) {
                    return; // One that never was is not shown.
                }
                position = new Position(instrumentId);
                positions.put(instrumentId, position);
            }
            if (!position.isMoved) {
                position.isMoved = true;
                moved.add(position);
            }
            position.quantity = quantity;
        }

        void show(CountersFile file) {
            AccountCounters shown = file.account(id);
            shown.set(AccountFigure.OPEN_ORDERS, openOrders);
            shown.set(AccountFigure.RESERVED_MICROS, reservedMicros);
            shown.set(AccountFigure.COMMITTED_MICROS, committedMicros);
            shown.set(AccountFigure.AVAILABLE_MICROS, availableMicros);
            shown.set(AccountFigure.OVERDRAWN_MICROS, overdrawnMicros);
            for (int i = 0; i < moved.size(); i++) {
                Position position = moved.get(i);
                shown.position(position.instrumentId, position.quantity);
                position.isMoved = false;
            }
            moved.clear();
            isChanged = false;
        }
    }

    /** Bought less sold in one instrument, in 1e-8 units, when it was noted last. */
    private static final class Position {
        private final long instrumentId;
        private long quantity;
        private boolean isMoved;

        Position(long instrumentId) {
            this.instrumentId = instrumentId;
        }
    }
}

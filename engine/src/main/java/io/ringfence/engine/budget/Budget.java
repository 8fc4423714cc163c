package io.ringfence.engine.budget;

import io.ringfence.engine.snapshot.Snapshotted;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SettleKind;
import java.util.BitSet;
import java.util.function.Consumer;

/**
 * Keeps accounts, holds and positions. Each command has one verb, which fills a result and returns it: the reason, the hold, and
 * the balance of the account afterwards.
 *
 * <p>A verb checks in the order in which its reasons are listed here, then changes everything or nothing. Amounts are signed micros,
 * quantities 1e-8 units, ids unsigned; a hold's id is the sequence of its decision, above 0. Called by the owner's thread only.
 * Allocates nothing once warm below its capacities. A balance that does not add up throws {@link IllegalStateException}: the
 * engine must stop.
 */
public final class Budget implements Snapshotted {
    /** Executions, and ended orders, that an engine remembers; the oldest are forgotten. It decides, so it never changes. */
    public static final int REMEMBERED = 1 << 18;

    private final AccountLedger ledger;
    private final Accounts accounts;
    private final Holds holds;
    private final Orders orders;
    private final Positions positions;
    private final Executions executions;
    private final BudgetState state;
    private final BitSet sweptSlots = new BitSet(); // Of the sweep that runs; empty between commands.

    /**
     * @param accountCapacity accounts to make room for; 1 and above.
     * @param holdCapacity    holds standing at one time to make room for; 1 and above.
     * @param remembered      executions, and ended orders, that are remembered; 1 and above. Budgets that replay the same commands
     *                        must have the same.
     */
    public Budget(int accountCapacity, int holdCapacity, int remembered) {
        ledger = new AccountLedger(accountCapacity, holdCapacity);
        accounts = ledger.accounts();
        holds = ledger.holds();
        orders = new Orders(accounts, holds);
        positions = new Positions();
        BookedExecutions booked = new BookedExecutions(remembered);
        ClosedOrders closedOrders = new ClosedOrders(remembered);
        executions = new Executions(accounts, holds, orders, positions, booked, closedOrders);
        state = new BudgetState(accounts, holds, orders, positions, booked, closedOrders);
    }

    /** Opens an account: {@code AMOUNT_NOT_POSITIVE} (below 0), {@code ACCOUNT_EXISTS}. */
    public BudgetResult openAccount(long accountId, long grantedMicros, BudgetResult out) {
        return endAccount(accountId, ledger.ensure(accountId, grantedMicros), out);
    }

    /** Grants more, which pays an overdraft first: {@code AMOUNT_NOT_POSITIVE}, {@code ACCOUNT_UNKNOWN}, {@code AMOUNT_OVERFLOW}. */
    public BudgetResult topUp(long accountId, long amountMicros, BudgetResult out) {
        return endAccount(accountId, ledger.topUp(accountId, amountMicros), out);
    }

    /** Caps what may be held, 0 for no cap: {@code AMOUNT_NOT_POSITIVE} (below 0), {@code ACCOUNT_UNKNOWN}. */
    public BudgetResult setCap(long accountId, long capMicros, BudgetResult out) {
        return endAccount(accountId, ledger.setCap(accountId, capMicros), out);
    }

    /** Tells the balance of an account: {@code ACCOUNT_UNKNOWN}. Changes nothing. */
    public BudgetResult account(long accountId, BudgetResult out) {
        return endAccount(accountId, ledger.hasAccount(accountId) ? ReasonCode.NONE : ReasonCode.ACCOUNT_UNKNOWN, out);
    }

    /**
     * Holds the larger of exposure and cost for an action that is not an order; 0 is a hold too: {@code AMOUNT_OVERFLOW},
     * {@code ACCOUNT_UNKNOWN}, {@code HOLD_DUPLICATE}, {@code ACCOUNT_OVERDRAWN}, {@code AMOUNT_OVERFLOW},
     * {@code EXPOSURE_LIMIT}, {@code BUDGET_EXHAUSTED}.
     *
     * @param exposureMicros the client's own figure; SBE null and all below 0 say nothing.
     * @param costMicros     of the acted candidate, unsigned.
     * @param nowNs          event time.
     * @param timeToLiveNs   unsigned. SBE null, or a sum with {@code nowNs} above {@link Long#MAX_VALUE}: until settled.
     */
    public BudgetResult hold(
            long holdId,
            long accountId,
            long exposureMicros,
            long costMicros,
            long nowNs,
            long timeToLiveNs,
            BudgetResult out) {
        out.begin();
        int slot = accounts.find(accountId);
        out.account(slot);
        if (costMicros < 0) {
            return end(ReasonCode.AMOUNT_OVERFLOW, out);
        }
        long heldMicros = Math.max(exposureMicros, costMicros);
        ReasonCode reason = holds.check(holdId, slot, heldMicros);
        if (reason == ReasonCode.NONE) {
            int row = holds.open(holdId, OrderKey.plain(slot), heldMicros);
            long deadlineNs = nowNs + timeToLiveNs;
            holds.deadline(row, timeToLiveNs < 0 || deadlineNs < 0 ? Holds.NO_DEADLINE : deadlineNs);
            out.hold(holdId, heldMicros);
        } else {
            out.control(reason, accounts, slot, heldMicros);
        }
        return end(reason, out);
    }

    /**
     * Holds the value of an order at its limit price and the cost: {@code QUANTITY_NOT_POSITIVE}, {@code AMOUNT_NOT_POSITIVE}
     * (price), {@code AMOUNT_OVERFLOW}, then as {@link #hold}. An order's hold ends by executions only.
     *
     * @param instrumentId     0 to 2^32-1; else {@link IllegalArgumentException}.
     * @param side             1 buy, 2 sell; else {@link IllegalArgumentException}.
     * @param quantity         in 1e-8 units.
     * @param limitPriceMicros a unit.
     * @param notionalMicros   {@link Micros#ceilMicros} of quantity and limit price, {@link Long#MAX_VALUE} when that overflows.
     * @param exposureMicros   the client's own figure, which may only raise the hold; 0 and below say nothing.
     * @param costMicros       of the acted candidate, unsigned.
     */
    public BudgetResult order(
            long holdId,
            long accountId,
            long instrumentId,
            int side,
            long quantity,
            long limitPriceMicros,
            long notionalMicros,
            long exposureMicros,
            long costMicros,
            BudgetResult out) {
        out.begin();
        ReasonCode reason = orders.open(
                holdId,
                accountId,
                instrumentId,
                side,
                quantity,
                limitPriceMicros,
                notionalMicros,
                exposureMicros,
                costMicros,
                out);
        return end(reason, out);
    }

    /**
     * Holds the larger of an order's old and new terms until the venue answers: {@code QUANTITY_NOT_POSITIVE},
     * {@code AMOUNT_NOT_POSITIVE} (price), {@code HOLD_UNKNOWN}, {@code HOLD_NOT_ORDER}, {@code REPLACE_PENDING},
     * {@code AMOUNT_OVERFLOW}, and where the hold grows as {@link #hold}. When refused, the old terms go on. With a quantity that
     * has traded already the replace is a cancel of the rest: the old terms go on until the venue answers, and nothing after it.
     *
     * @param orderQuantity    new total quantity, in 1e-8 units, with what has traded.
     * @param limitPriceMicros new limit price a unit.
     */
    public BudgetResult replace(long holdId, long orderQuantity, long limitPriceMicros, BudgetResult out) {
        out.begin();
        return end(orders.replace(holdId, orderQuantity, limitPriceMicros, out), out);
    }

    /** Is there a standing order to cancel? {@code HOLD_UNKNOWN}, {@code HOLD_NOT_ORDER}. Frees nothing. */
    public BudgetResult cancel(long holdId, BudgetResult out) {
        out.begin();
        return end(orders.cancel(holdId, out), out);
    }

    /**
     * Books what a venue reports, also on an order that has ended, also beyond hold and balance: {@code QUANTITY_NOT_POSITIVE}
     * (below 0), {@code AMOUNT_NOT_POSITIVE} (price below 0), {@code HOLD_UNKNOWN}, {@code HOLD_NOT_ORDER},
     * {@code EXECUTION_DUPLICATE}, {@code AMOUNT_OVERFLOW} (a sum leaves i64). A bust or correction gives back what its
     * execution committed, once; {@link BudgetResult#isUnmatched()} tells that the execution is not remembered.
     *
     * @param report of a known kind; else {@link IllegalArgumentException}.
     */
    public BudgetResult execution(ExecutionDecoder report, BudgetResult out) {
        out.begin();
        return end(executions.book(report, out), out);
    }

    /**
     * Commits or releases a hold that is not an order's: {@code HOLD_IS_ORDER}, then as {@link AccountLedger#commit},
     * {@link AccountLedger#commitPart} and {@link AccountLedger#release}.
     *
     * @param kind known; else {@link IllegalArgumentException}.
     */
    public BudgetResult settle(long holdId, SettleKind kind, long amountMicros, BudgetResult out) {
        out.begin();
        int row = holds.find(holdId);
        boolean isStanding = row != Holds.NONE;
        if (isStanding) {
            out.account(holds.accountSlot(row));
            out.hold(holdId, holds.heldMicros(row));
        }
        ReasonCode reason =
                isStanding && holds.isOrder(row) ? ReasonCode.HOLD_IS_ORDER : settle(row, kind, amountMicros);
        if (reason == ReasonCode.NONE) {
            if (kind == SettleKind.COMMIT_PART) {
                out.hold(holdId, holds.heldMicros(row));
            } else {
                out.holdEnded();
            }
        }
        return end(reason, out);
    }

    /**
     * Ends the holds whose deadline has come: earliest first, then lowest id. The result has the figures of the accounts that
     * were touched: {@link BudgetResult#sweptCount()}.
     *
     * @param nowNs event time.
     * @param limit most holds that end now; the rest waits for the next sweep.
     */
    public BudgetResult expire(long nowNs, int limit, BudgetResult out) {
        out.begin();
        int count = 0;
        for (int row = holds.firstDue(nowNs); row != Holds.NONE && count < limit; row = holds.firstDue(nowNs)) {
            sweep(holds.accountSlot(row), out);
            ledger.releaseRow(row);
            count++;
        }
        out.expired(count);
        for (int i = 0; i < out.sweptCount(); i++) {
            sweptSlots.clear(out.swept(i).accountSlot());
        }
        out.endSweep(accounts, holds.size());
        return end(ReasonCode.NONE, out);
    }

    /**
     * Hands over the balance of each account, ascending by id, with no position; then the accounts again, once for each position that
     * is not 0. One result is handed over again and again, overwritten; allocates.
     */
    public void forEachAccount(Consumer<BudgetResult> visitor) {
        BudgetResult out = new BudgetResult();
        int[] slotsById = accounts.slotsById();
        for (int slot : slotsById) {
            out.begin();
            out.account(slot);
            visitor.accept(end(ReasonCode.NONE, out));
        }
        for (long key : positions.keysByRank(slotsById)) {
            int slot = slotsById[Positions.rank(key)];
            long instrumentId = Positions.instrumentId(key);
            out.begin();
            out.account(slot);
            out.position(instrumentId, positions.quantity(slot, instrumentId));
            visitor.accept(end(ReasonCode.NONE, out));
        }
    }

    /** Does this hold still stand? */
    public boolean isStanding(long holdId) {
        return ledger.hasHold(holdId);
    }

    /** Accounts that are overdrawn. */
    public int overdrawnAccounts() {
        return accounts.overdrawnCount();
    }

    /** Accounts, holds and positions in ascending order of their ids, then executions and ended orders, oldest first. */
    @Override
    public void writeState(StateWriter writer) {
        holds.checkConserved();
        state.write(writer);
    }

    @Override
    public void readState(StateReader reader) {
        state.read(reader);
        holds.checkConserved();
    }

    private ReasonCode settle(int row, SettleKind kind, long amountMicros) {
        return switch (kind) {
            case COMMIT_PART -> ledger.commitPartRow(row, amountMicros);
            case COMMIT_FINAL -> ledger.commitRow(row, amountMicros);
            case RELEASE -> ledger.releaseRow(row);
            case NULL_VAL, SBE_UNKNOWN -> throw new IllegalArgumentException("kind must be known: kind=" + kind);
        };
    }

    private void sweep(int slot, BudgetResult out) {
        if (!sweptSlots.get(slot)) {
            sweptSlots.set(slot);
            out.sweep(slot);
        }
    }

    private BudgetResult endAccount(long accountId, ReasonCode reason, BudgetResult out) {
        out.begin();
        out.account(accounts.find(accountId));
        return end(reason, out);
    }

    private BudgetResult end(ReasonCode reason, BudgetResult out) {
        out.end(reason, accounts, holds.size());
        return out;
    }
}

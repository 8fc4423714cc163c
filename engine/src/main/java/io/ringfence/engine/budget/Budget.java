package io.ringfence.engine.budget;

import io.ringfence.engine.snapshot.Snapshotted;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.OrderRequestDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Side;
import java.util.function.Consumer;

/**
 * Keeps accounts, holds and positions: one verb a command, each giving the reason and what stands afterwards.
 *
 * <p>A verb checks in the order its page lists, then changes everything or nothing. Amounts are signed micros, quantities
 * 1e-8 units, ids unsigned; a hold's id is the sequence of its decision. Called by the owner's thread only; allocates nothing
 * once warm below its capacities. A broken balance throws {@link IllegalStateException}: the engine must stop.
 */
public final class Budget implements Snapshotted {
    /** Executions, and ended orders, that are remembered; the oldest are forgotten. Part of what decides: never changes. */
    public static final int REMEMBERED = 1 << 18;

    private final AccountLedger ledger;
    private final Positions positions = new Positions();
    private final Orders orders;
    private final PlainHolds plainHolds;
    private final Executions executions;
    private final BudgetState state;
    private final SweptAccounts swept = new SweptAccounts();
    private final BudgetResult result = new BudgetResult();

    /**
     * @param accountCapacity accounts to make room for; 1 and above.
     * @param holdCapacity    holds standing at one time to make room for; 1 and above.
     */
    public Budget(int accountCapacity, int holdCapacity) {
        this(accountCapacity, holdCapacity, REMEMBERED);
    }

    Budget(int accountCapacity, int holdCapacity, int remembered) {
        ledger = new AccountLedger(accountCapacity, holdCapacity);
        OrderHolds orderHolds = new OrderHolds(ledger.holds());
        BookedExecutions booked = new BookedExecutions(remembered);
        ClosedOrders closedOrders = new ClosedOrders(remembered);
        orders = new Orders(ledger, orderHolds);
        plainHolds = new PlainHolds(ledger, swept);
        executions = new Executions(ledger, orderHolds, positions, booked, closedOrders);
        state = new BudgetState(ledger, orderHolds, positions, booked, closedOrders);
    }

    /** Opens an account: {@code AMOUNT_NOT_POSITIVE} (below 0), {@code ACCOUNT_EXISTS}. */
    public BudgetResult openAccount(long accountId, long grantedMicros) {
        result.begin();
        return endAccount(accountId, ledger.ensure(accountId, grantedMicros));
    }

    /** Grants more, which pays an overdraft first: {@code AMOUNT_NOT_POSITIVE}, {@code ACCOUNT_UNKNOWN}, {@code AMOUNT_OVERFLOW}. */
    public BudgetResult topUp(long accountId, long amountMicros) {
        result.begin();
        return endAccount(accountId, ledger.topUp(accountId, amountMicros));
    }

    /** Caps what may be held, 0 for no cap: {@code AMOUNT_NOT_POSITIVE} (below 0), {@code ACCOUNT_UNKNOWN}. */
    public BudgetResult setCap(long accountId, long capMicros) {
        result.begin();
        return endAccount(accountId, ledger.setCap(accountId, capMicros));
    }

    /** Tells how an account stands: {@code ACCOUNT_UNKNOWN}. Changes nothing. */
    public BudgetResult account(long accountId) {
        result.begin();
        boolean isKnown = ledger.accounts().find(accountId) != Accounts.NONE;
        return endAccount(accountId, isKnown ? ReasonCode.NONE : ReasonCode.ACCOUNT_UNKNOWN);
    }

    /**
     * Holds for an action that is no order, the larger of exposure and cost; 0 is a hold too: {@code AMOUNT_OVERFLOW},
     * {@code ACCOUNT_UNKNOWN}, {@code HOLD_DUPLICATE}, {@code ACCOUNT_OVERDRAWN}, {@code AMOUNT_OVERFLOW},
     * {@code EXPOSURE_LIMIT}, {@code BUDGET_EXHAUSTED}.
     *
     * @param exposureMicros the client's own figure; SBE null and all below 0 say nothing.
     * @param costMicros     of the acted candidate, unsigned.
     * @param timeToLiveNs   unsigned; SBE null and what reaches the end of i64 time: until settled.
     */
    public BudgetResult hold(
            long holdId, long accountId, long exposureMicros, long costMicros, long nowNs, long timeToLiveNs) {
        result.begin();
        long deadlineNs = nowNs + timeToLiveNs;
        boolean isForever = timeToLiveNs < 0 || deadlineNs < 0;
        return end(plainHolds.hold(
                holdId, accountId, exposureMicros, costMicros, isForever ? Holds.NO_DEADLINE : deadlineNs, result));
    }

    /**
     * Holds for an order its quantity at its limit price and the cost: {@code QUANTITY_NOT_POSITIVE},
     * {@code AMOUNT_NOT_POSITIVE} (price), {@code AMOUNT_OVERFLOW}, then as {@link #hold}. Order holds end by executions only.
     *
     * @param exposureMicros the client's own figure, which may only raise the hold; SBE null and all below 0 say nothing.
     * @param costMicros     of the acted candidate, unsigned.
     */
    public BudgetResult order(long holdId, OrderRequestDecoder request, long exposureMicros, long costMicros) {
        result.begin();
        return end(orders.hold(holdId, request, exposureMicros, costMicros, result));
    }

    /**
     * Holds the larger of an order's old and new terms until the venue answers: {@code QUANTITY_NOT_POSITIVE},
     * {@code AMOUNT_NOT_POSITIVE} (price), {@code HOLD_UNKNOWN}, {@code HOLD_NOT_ORDER}, {@code REPLACE_PENDING},
     * {@code AMOUNT_OVERFLOW}, and where the hold grows as {@link #hold}; refused, the old terms stand.
     *
     * @param quantity new open quantity.
     */
    public BudgetResult replace(long holdId, long quantity, long limitPriceMicros) {
        result.begin();
        return end(orders.replace(holdId, quantity, limitPriceMicros, result));
    }

    /** Is there a standing order to cancel? {@code HOLD_UNKNOWN}, {@code HOLD_NOT_ORDER}. Frees nothing. */
    public BudgetResult cancel(long holdId) {
        result.begin();
        return end(orders.cancel(holdId, result));
    }

    /**
     * Books what a venue reports, also on an order that has ended, also beyond hold and balance: {@code QUANTITY_NOT_POSITIVE}
     * (below 0), {@code AMOUNT_NOT_POSITIVE} (price below 0), {@code HOLD_UNKNOWN}, {@code HOLD_NOT_ORDER},
     * {@code EXECUTION_DUPLICATE}, {@code AMOUNT_OVERFLOW} (what i64 cannot say). A bust or correction gives back what its
     * execution committed, once; {@link BudgetResult#isUnmatched()} says that the execution is not remembered.
     */
    public BudgetResult execution(ExecutionDecoder report) {
        result.begin();
        return end(executions.book(report, result));
    }

    /**
     * Commits or releases a hold that is no order's: {@code HOLD_IS_ORDER}, then as {@link AccountLedger#commit},
     * {@link AccountLedger#commitPart} and {@link AccountLedger#release}.
     */
    public BudgetResult settle(long holdId, SettleKind kind, long amountMicros) {
        result.begin();
        return end(plainHolds.settle(holdId, kind, amountMicros, result));
    }

    /**
     * Ends the holds whose deadline has come: earliest first, then lowest id.
     *
     * @param limit most that end now; the rest waits for the next sweep.
     */
    public BudgetResult expire(long nowNs, int limit) {
        result.begin();
        result.expired(plainHolds.expire(nowNs, limit));
        return end(ReasonCode.NONE);
    }

    /**
     * Tells how one account stands whose holds a sweep ended and that was not told of since; each call tells of another.
     *
     * @param told receives it; cleared when there is none.
     */
    public void tellSwept(BudgetResult told) {
        int slot = swept.poll();
        if (slot == Accounts.NONE) {
            told.clear();
        } else {
            told.begin();
            told.touch(Owner.plain(slot));
            told.end(ReasonCode.NONE, ledger, positions);
        }
    }

    /**
     * Hands over how each account stands, ascending by id, with its position in instrument 0; then the accounts again, once for
     * each position that is not 0. Allocates.
     */
    public void forEachAccount(Consumer<BudgetResult> visitor) {
        int[] slotsById = ledger.accounts().slotsById();
        for (int slot : slotsById) {
            tell(slot, 0, visitor);
        }
        for (long key : positions.keysByRank(slotsById)) {
            tell(slotsById[Positions.rank(key)], Positions.instrumentId(key), visitor);
        }
    }

    private void tell(int slot, long instrumentId, Consumer<BudgetResult> visitor) {
        result.begin();
        result.touch(Owner.order(slot, Side.BUY.value(), instrumentId));
        visitor.accept(end(ReasonCode.NONE));
    }

    /** Does this hold still stand? */
    public boolean isStanding(long holdId) {
        return ledger.hasHold(holdId);
    }

    /** Holds that stand. */
    public int openHolds() {
        return ledger.openHolds();
    }

    /** Accounts that are overdrawn. */
    public int overdrawnAccounts() {
        return ledger.accounts().overdrawnCount();
    }

    /** Accounts in ascending order of their ids, holds, positions, then executions and ended orders, oldest first. */
    @Override
    public void writeState(StateWriter writer) {
        ledger.checkConserved();
        state.write(writer);
    }

    @Override
    public void readState(StateReader reader) {
        state.read(reader);
        ledger.checkConserved();
    }

    private BudgetResult endAccount(long accountId, ReasonCode reason) {
        int slot = ledger.accounts().find(accountId);
        if (slot != Accounts.NONE) {
            result.touch(Owner.plain(slot));
        }
        return end(reason);
    }

    private BudgetResult end(ReasonCode reason) {
        result.end(reason, ledger, positions);
        return result;
    }
}

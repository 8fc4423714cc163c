package io.ringfence.engine.budget;

import io.ringfence.engine.bounds.Bounds;
import io.ringfence.engine.bounds.FactBounds;
import io.ringfence.engine.control.ControlContext;
import io.ringfence.engine.control.Controls;
import io.ringfence.engine.snapshot.Snapshotted;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.AccountLimit;
import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.FactCommandDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SettleKind;

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
    private final AccountLedger ledger;
    private final Accounts accounts;
    private final Holds holds;
    private final Orders orders;
    private final Positions positions;
    private final Executions executions;
    private final EndedHolds ended;
    private final OutstandingFacts outstanding;
    private final Controls controls;
    private final BudgetState state;
    private final Sweep sweep;
    private final PlainHolds plainHolds;

    /** Without bounds on what one account keeps. */
    public Budget(int accountCapacity, int holdCapacity, FactBounds facts) {
        this(accountCapacity, holdCapacity, Bounds.WIDEST.withFacts(facts));
    }

    /**
     * @param accountCapacity accounts to make room for, as holdCapacity is for holds; 1 and above.
     * @param bounds          of each account. Budgets that replay the same commands must have the same.
     */
    public Budget(int accountCapacity, int holdCapacity, Bounds bounds) {
        ledger = new AccountLedger(accountCapacity, holdCapacity, bounds.holdsPerAccount());
        accounts = ledger.accounts();
        holds = ledger.holds();
        controls = ledger.controls();
        positions = new Positions(bounds.positionsPerAccount());
        orders = new Orders(holds, positions, controls);
        BookedExecutions booked = new BookedExecutions();
        ended = new EndedHolds(accountCapacity, bounds.facts(), holds, booked);
        outstanding = new OutstandingFacts(accounts, positions);
        executions = new Executions(accounts, holds, orders, positions, booked, ended, outstanding);
        state = new BudgetState(accounts, holds, orders, positions, booked, ended, outstanding, controls);
        plainHolds = new PlainHolds(ledger, ended, outstanding);
        sweep = new Sweep(holds, ended, controls, plainHolds, new UntoldBalances(accounts, accountCapacity));
    }

    /** Opens an account: {@code AMOUNT_NOT_POSITIVE} (below 0), {@code ACCOUNT_EXISTS}. */
    public BudgetResult openAccount(long accountId, long grantedMicros, BudgetResult out) {
        return endAccount(accountId, ledger.ensure(accountId, grantedMicros), out);
    }

    /** As {@link #openAccount}, below another for good, then {@code PARENT_UNKNOWN}; the caller has checked tree and currency. */
    public BudgetResult openAccountBelow(long accountId, long parentId, long grantedMicros, BudgetResult out) {
        return endAccount(accountId, ledger.ensureBelow(accountId, parentId, grantedMicros), out);
    }

    /** Grants more, which pays an overdraft first: {@code AMOUNT_NOT_POSITIVE}, {@code ACCOUNT_UNKNOWN}, {@code AMOUNT_OVERFLOW}. */
    public BudgetResult topUp(long accountId, long amountMicros, BudgetResult out) {
        return endAccount(accountId, ledger.topUp(accountId, amountMicros), out);
    }

    /** Caps what may be held, 0 for no cap: {@code AMOUNT_NOT_POSITIVE} (below 0), {@code ACCOUNT_UNKNOWN}. */
    public BudgetResult setCap(long accountId, long capMicros, BudgetResult out) {
        return endAccount(accountId, ledger.setCap(accountId, capMicros), out);
    }

    /**
     * Sets a limit of a control: {@code FIELD_OUT_OF_RANGE} (below 0), {@code ACCOUNT_UNKNOWN}.
     *
     * @param value in the limit's unit; {@link Long#MIN_VALUE} lifts it. 0 lets no order pass.
     */
    public BudgetResult setLimit(long accountId, AccountLimit limit, long value, BudgetResult out) {
        return endAccount(accountId, ledger.setLimit(accountId, limit, value), out);
    }

    /** Tells the balance of an account: {@code ACCOUNT_UNKNOWN}. Changes nothing. */
    public BudgetResult account(long accountId, BudgetResult out) {
        return endAccount(accountId, ledger.hasAccount(accountId) ? ReasonCode.NONE : ReasonCode.ACCOUNT_UNKNOWN, out);
    }

    /** Notes a request that came past intake and that the kernel refused: controls count it. Holds nothing. */
    public void refusedBefore(ControlContext asked) {
        arrived(asked);
        controls.refused(asked);
    }

    /**
     * Holds the larger of exposure and cost for an action that is not an order; 0 is a hold too: {@code AMOUNT_OVERFLOW},
     * {@code ACCOUNT_UNKNOWN}, {@code HOLD_DUPLICATE}, {@code HOLDS_AT_BOUND}, then the controls in their order.
     *
     * @param asked      of a request; its sequence is the id of the hold, its own exposure below 0 says nothing. Without a time to live,
     *                   or with one that ends above {@link Long#MAX_VALUE}, the hold stands until settled.
     * @param costMicros of the acted candidate, unsigned.
     */
    public BudgetResult hold(ControlContext asked, long costMicros, BudgetResult out) {
        out.begin();
        arrived(asked);
        return endAsked(asked, plainHolds.open(asked, costMicros, out), out);
    }

    /**
     * Holds the value of an order at its limit price and the cost: {@code QUANTITY_NOT_POSITIVE}, {@code AMOUNT_NOT_POSITIVE}
     * (price), {@code AMOUNT_OVERFLOW}, then as {@link #hold}. {@code EXTERNAL_ID_IN_USE} comes before all of them. An order's hold
     * ends by executions, or by {@link #writeOff a person's word}. A side that is neither 1 nor 2 throws.
     */
    public BudgetResult order(ControlContext asked, long costMicros, BudgetResult out) {
        out.begin();
        arrived(asked);
        if (asked.hasExternalId() && holds.externalIds().isStanding(asked)) {
            out.account(asked.accountSlot());
            return endAsked(asked, ReasonCode.EXTERNAL_ID_IN_USE, out);
        }
        ReasonCode reason = orders.open(asked, costMicros, out);
        if (asked.hasExternalId() && reason == ReasonCode.NONE) {
            holds.externalIds().add(holds.find(asked.sequence()), asked);
        }
        return endAsked(asked, reason, out);
    }

    /**
     * Holds the larger of an order's old and new terms until the venue answers: {@code QUANTITY_NOT_POSITIVE},
     * {@code AMOUNT_NOT_POSITIVE} (price), {@code HOLD_UNKNOWN}, {@code HOLD_NOT_ORDER}, {@code REPLACE_PENDING},
     * {@code AMOUNT_OVERFLOW}, then the controls; those on amounts only where the hold grows. When refused, the old terms go on. The
     * quantity is the new total with what has traded; one that has traded already is a cancel of the rest, once the venue answers.
     */
    public BudgetResult replace(
            ControlContext asked, long holdId, long orderQuantity, long limitPriceMicros, BudgetResult out) {
        out.begin();
        arrivedOn(holdId, asked);
        return endAsked(asked, orders.replace(asked, holdId, orderQuantity, limitPriceMicros, out), out);
    }

    /** Is there a standing order to cancel? {@code HOLD_UNKNOWN}, {@code HOLD_NOT_ORDER}. Frees nothing. */
    public BudgetResult cancel(ControlContext asked, long holdId, BudgetResult out) {
        out.begin();
        arrivedOn(holdId, asked);
        return end(orders.cancel(holdId, out), out);
    }

    /**
     * Books what a venue reports, also on an order that has ended or is not known, also beyond hold and balance:
     * {@code QUANTITY_NOT_POSITIVE} (below 0), {@code HOLD_UNKNOWN}, {@code HOLD_NOT_ORDER} (both tell neither trade nor fee),
     * {@code EXECUTION_DUPLICATE}, {@code FACT_OUTSTANDING} (it cannot be booked exactly once). A bust or correction gives back what its
     * execution committed, once; {@link BudgetResult#isUnmatched()} tells that the execution is not remembered.
     */
    public BudgetResult execution(ControlContext asked, ExecutionDecoder report, BudgetResult out) {
        out.begin();
        return endFact(asked, executions.book(asked, report, out), out);
    }

    /**
     * Commits or releases a hold that is not an order's: {@code HOLD_IS_ORDER}, {@code AMOUNT_NOT_POSITIVE} (a commit below 0),
     * {@code HOLD_UNKNOWN} (a release of what does not stand, a commit of 0), {@code FACT_OUTSTANDING} (a cost that cannot be booked
     * exactly once). A commit is booked beyond hold and balance too, also when the hold has expired or was released.
     *
     * @param accountId of a hold that is not known, or {@code SettleDecoder.accountIdNullValue()}.
     */
    public BudgetResult settle(
            ControlContext asked, long holdId, long accountId, SettleKind kind, long amountMicros, BudgetResult out) {
        out.begin();
        return endFact(asked, plainHolds.settle(asked, holdId, accountId, kind, amountMicros, out), out);
    }

    /** Ends a standing hold by the word of a person, as a release or the venue's cancel does: {@code HOLD_UNKNOWN}. */
    public BudgetResult writeOff(ControlContext asked, long holdId, BudgetResult out) {
        out.begin();
        int row = holds.find(holdId);
        boolean isOrder = row != Holds.NONE && holds.isOrder(row);
        return end(isOrder ? executions.writeOff(asked, holdId, out) : plainHolds.release(asked, holdId, out), out);
    }

    /**
     * Books or drops outstanding facts: {@code ACCOUNT_UNKNOWN}, {@code FACT_UNKNOWN}, {@code AMOUNT_OVERFLOW} (a sum leaves i64, or
     * committed falls below 0). Facts of no account only for a sender who may act on all.
     */
    public BudgetResult fact(ControlContext asked, FactCommandDecoder command, boolean isEverywhere, BudgetResult out) {
        out.begin();
        sweep.changedUnowned();
        return endFact(asked, outstanding.settle(command, isEverywhere, out), out);
    }

    /**
     * Ends at most {@code limit} holds whose deadline is not after event time {@code nowNs}: one of each account in turn, as
     * {@link Deadlines} says; forgets as many that ended a horizon ago; tells up to {@link BudgetResult#OTHERS_MAX} other accounts whose balance changed since it was told.
     */
    public BudgetResult expire(long nowNs, int limit, BudgetResult out) {
        out.begin();
        sweep.run(nowNs, limit, out);
        return end(ReasonCode.NONE, out);
    }

    /** How accounts, positions and holds stand, for those who show them. */
    public BudgetListing listing() {
        return new BudgetListing(accounts, holds, positions);
    }

    /** When {@link #expire} has work. */
    public Sweep sweep() {
        return sweep;
    }

    /** On which accounts the holds are. */
    public HoldAccounts holdAccounts() {
        return new HoldAccounts(accounts, holds, executions, plainHolds);
    }

    /** Does this hold still stand? */
    public boolean isStanding(long holdId) {
        return ledger.hasHold(holdId);
    }

    @Override
    public long stateLength() {
        return state.length();
    }

    /**
     * Accounts, parents first, limits, holds and positions, in ascending order of their ids; the executions of the holds; ended holds,
     * oldest first, each with its executions; what accounts have forgotten; outstanding facts; then what the controls remember.
     */
    @Override
    public void writeState(StateWriter writer) {
        state.write(writer);
    }

    @Override
    public void readState(StateReader reader) {
        state.read(reader);
        sweep.restored();
    }

    AccountLedger ledger() {
        return ledger;
    }

    private void arrived(ControlContext asked) {
        asked.account(accounts.find(asked.request().accountId()));
        controls.arrived(asked);
    }

    private void arrivedOn(long holdId, ControlContext asked) {
        int row = holds.find(holdId);
        asked.account(row == Holds.NONE ? Accounts.NONE : holds.accountSlot(row));
        controls.arrived(asked);
    }

    private BudgetResult endAsked(ControlContext asked, ReasonCode reason, BudgetResult out) {
        if (reason == ReasonCode.NONE) {
            controls.admitted(asked);
        } else {
            controls.refused(asked);
        }
        out.controls(asked);
        return end(reason, out);
    }

    private BudgetResult endFact(ControlContext asked, ReasonCode reason, BudgetResult out) {
        if (reason == ReasonCode.NONE) {
            asked.account(out.accountSlot());
            controls.fact(asked);
        }
        return end(reason, out);
    }

    private BudgetResult endAccount(long accountId, ReasonCode reason, BudgetResult out) {
        out.begin();
        out.account(accounts.find(accountId));
        return end(reason, out);
    }

    private BudgetResult end(ReasonCode reason, BudgetResult out) {
        int slot = out.accountSlot();
        if (slot != Accounts.NONE && accounts.parent(slot) != Accounts.NONE) {
            sweep.changedAbove(slot);
        }
        out.end(reason, accounts, holds.size());
        return out;
    }
}

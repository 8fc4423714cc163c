package io.ringfence.engine.budget;

import io.ringfence.engine.control.AccountView;
import io.ringfence.engine.control.ControlCode;
import io.ringfence.schemas.AccountLimit;
import io.ringfence.schemas.ReasonCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Hands over how accounts, positions and holds stand. Changes nothing; for the owner of the budget, while no command runs; allocates. */
public final class BudgetListing {
    private final Accounts accounts;
    private final Holds holds;
    private final Positions positions;

    BudgetListing(Accounts accounts, Holds holds, Positions positions) {
        this.accounts = accounts;
        this.holds = holds;
        this.positions = positions;
    }

    /**
     * Hands over the balance of each account, ascending by id, with no position; then the accounts again, once for each position that
     * is not 0; then, if there are outstanding facts of no account, a result of none. One result is handed over again and again,
     * overwritten.
     */
    public void forEachAccount(Consumer<BudgetResult> visitor) {
        BudgetResult out = new BudgetResult();
        int[] slotsById = accounts.slotsById();
        for (int slot : slotsById) {
            out.begin();
            out.account(slot);
            visitor.accept(end(out));
        }
        for (long key : positions.keysByRank(slotsById)) {
            int slot = slotsById[Positions.accountSlot(key)];
            long instrumentId = Positions.instrumentId(key);
            out.begin();
            out.account(slot);
            out.position(positions, positions.find(slot, instrumentId), instrumentId);
            visitor.accept(end(out));
        }
        if (accounts.outstandingFacts(Accounts.NONE) > 0) {
            out.begin();
            visitor.accept(end(out));
        }
    }

    /**
     * An account that was opened, also one that takes no more requests. Amounts are micros.
     *
     * @param id              whose.
     * @param parentId        account above it; 0 for none.
     * @param grantedMicros   in all.
     * @param availableMicros that it may still hold.
     * @param reservedMicros  sum of the holds, its own and those of the accounts below it.
     * @param committedMicros spent, less rebates.
     * @param overdrawnMicros booked beyond the balance.
     * @param capMicros       on what is held; 0 for none.
     * @param limits          that are set, in their units.
     * @param openOrders      of it and of the accounts below it.
     * @param outstandingFacts that a person has to book or drop.
     */
    public record StandingAccount(
            long id,
            long parentId,
            long grantedMicros,
            long availableMicros,
            long reservedMicros,
            long committedMicros,
            long overdrawnMicros,
            long capMicros,
            Map<AccountLimit, Long> limits,
            long openOrders,
            long outstandingFacts) {}

    /** Every account, ascending by id. */
    public List<StandingAccount> accounts() {
        List<StandingAccount> all = new ArrayList<>();
        for (int slot : accounts.slotsById()) {
            Map<AccountLimit, Long> limits = new EnumMap<>(AccountLimit.class);
            for (AccountLimit limit : ControlCode.limits()) {
                long value = accounts.limit(slot, limit);
                if (value != AccountView.NOT_SET) {
                    limits.put(limit, value);
                }
            }
            int parent = accounts.parent(slot);
            all.add(new StandingAccount(
                    accounts.id(slot),
                    parent == Accounts.NONE ? 0 : accounts.id(parent),
                    accounts.grantedMicros(slot),
                    accounts.availableMicros(slot),
                    accounts.reservedMicros(slot),
                    accounts.committedMicros(slot),
                    accounts.overdrawnMicros(slot),
                    accounts.capMicros(slot),
                    limits,
                    accounts.openOrders(slot),
                    accounts.outstandingFacts(slot)));
        }
        return all;
    }

    /**
     * A standing hold.
     *
     * @param id               sequence of its decision.
     * @param accountId        whose budget it keeps.
     * @param heldMicros       amount that it keeps, in micros.
     * @param side             of the order: 1 buy, 2 sell; 0 for a hold that is no order's.
     * @param instrumentId     of the order.
     * @param openQuantity     that the order may still trade, in 1e-8 units.
     * @param limitPriceMicros of the order.
     * @param deadlineNs       when it expires, in ns of event time; {@link Long#MAX_VALUE} for never.
     */
    public record StandingHold(
            long id,
            long accountId,
            long heldMicros,
            int side,
            long instrumentId,
            long openQuantity,
            long limitPriceMicros,
            long deadlineNs) {}

    /** Every standing hold, ascending by id. */
    public List<StandingHold> holds() {
        List<StandingHold> all = new ArrayList<>(holds.size());
        for (int row = holds.nextRow(0, () -> {}); row != Holds.NONE; row = holds.nextRow(row + 1, () -> {})) {
            long key = holds.key(row);
            boolean isOrder = holds.isOrder(row);
            all.add(new StandingHold(
                    holds.id(row),
                    accounts.id(holds.accountSlot(row)),
                    holds.heldMicros(row),
                    Positions.side(key),
                    Positions.instrumentId(key),
                    isOrder ? holds.quantity(row) : 0,
                    isOrder ? holds.limitPriceMicros(row) : 0,
                    holds.deadlineNs(row)));
        }
        all.sort(Comparator.comparingLong(StandingHold::id));
        return all;
    }

    private BudgetResult end(BudgetResult out) {
        out.end(ReasonCode.NONE, accounts, holds.size());
        return out;
    }
}

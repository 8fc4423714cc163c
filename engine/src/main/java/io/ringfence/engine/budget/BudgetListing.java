package io.ringfence.engine.budget;

import io.ringfence.schemas.ReasonCode;
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
     * is not 0. One result is handed over again and again, overwritten.
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
    }

    private BudgetResult end(BudgetResult out) {
        out.end(ReasonCode.NONE, accounts, holds.size());
        return out;
    }
}

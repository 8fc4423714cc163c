package io.ringfence.engine.budget;

import io.ringfence.engine.rights.Rights;
import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SettleDecoder;

/** Tells on which account a hold is, for who keeps the rights on accounts. Changes nothing. */
public final class HoldAccounts {
    private final Accounts accounts;
    private final Holds holds;
    private final Executions executions;
    private final PlainHolds plainHolds;

    HoldAccounts(Accounts accounts, Holds holds, Executions executions, PlainHolds plainHolds) {
        this.accounts = accounts;
        this.holds = holds;
        this.executions = executions;
        this.plainHolds = plainHolds;
    }

    /** The accounts of the budget, by slot. */
    public Rights.AccountTree tree() {
        return accounts;
    }

    /** Slot of the account of a standing hold; {@link Rights.AccountTree#NONE} when none stands. */
    public int slot(long holdId) {
        int row = holds.find(holdId);
        return row == Holds.NONE ? Accounts.NONE : holds.accountSlot(row);
    }

    /** Slot of the account that a report would be booked on: its order's or, of an order that is not known, the one it names. */
    public int slot(ExecutionDecoder report) {
        return executions.accountSlot(report);
    }

    /** Slot of the account that a settle would act on: its hold's or, of a hold that is not known, the one it names. */
    public int slot(SettleDecoder settle) {
        return plainHolds.accountSlot(settle.holdId(), settle.accountId());
    }

    /** Tells whether a hold stands, what it holds, and the balance of its account. Changes nothing. */
    public void tell(long holdId, BudgetResult out) {
        out.begin();
        int row = holds.find(holdId);
        if (row != Holds.NONE) {
            out.account(holds.accountSlot(row));
            out.hold(holdId, holds.heldMicros(row));
        }
        out.end(ReasonCode.NONE, accounts, holds.size());
    }

    /** Refuses a command before its verb: the result tells nothing of hold and account. */
    public void refuse(ReasonCode reason, BudgetResult out) {
        out.begin();
        out.end(reason, accounts, holds.size());
    }
}

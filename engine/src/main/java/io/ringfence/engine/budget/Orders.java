package io.ringfence.engine.budget;

import io.ringfence.schemas.OrderRequestDecoder;
import io.ringfence.schemas.ReasonCode;

/** Holds what an order can cost at most, and more while a replace may make it cost more. */
final class Orders {
    private final AccountLedger ledger;
    private final OrderHolds orderHolds;
    private final OrderTerms terms = new OrderTerms();

    Orders(AccountLedger ledger, OrderHolds orderHolds) {
        this.ledger = ledger;
        this.orderHolds = orderHolds;
    }

    /** Checks quantity and price, then the amount, then the account as {@link AccountLedger#reserve} does. */
    ReasonCode hold(
            long holdId, OrderRequestDecoder request, long exposureMicros, long costMicros, BudgetResult result) {
        int slot = ledger.accounts().find(request.accountId());
        long owner = slot == Accounts.NONE
                ? Owner.NONE
                : Owner.order(slot, request.side().value(), request.instrumentId());
        long quantity = request.quantity();
        long limitPriceMicros = request.limitPriceMicros();
        result.touch(owner);
        if (quantity <= 0) {
            return ReasonCode.QUANTITY_NOT_POSITIVE;
        }
        if (limitPriceMicros <= 0) {
            return ReasonCode.AMOUNT_NOT_POSITIVE;
        }
        terms.set(quantity, limitPriceMicros, costMicros, Math.max(0, exposureMicros));
        long heldMicros = costMicros < 0 ? Notional.OVERFLOW : terms.heldMicros();
        if (heldMicros == Notional.OVERFLOW) {
            return ReasonCode.AMOUNT_OVERFLOW;
        }
        ReasonCode reason = ledger.checkReserve(holdId, slot, heldMicros);
        if (reason != ReasonCode.NONE) {
            return refuse(reason, slot, heldMicros, result);
        }
        orderHolds.store(ledger.add(holdId, owner, heldMicros), terms);
        result.held(heldMicros);
        return ReasonCode.NONE;
    }

    ReasonCode replace(long holdId, long quantity, long limitPriceMicros, BudgetResult result) {
        if (quantity <= 0) {
            return ReasonCode.QUANTITY_NOT_POSITIVE;
        }
        if (limitPriceMicros <= 0) {
            return ReasonCode.AMOUNT_NOT_POSITIVE;
        }
        int row = ledger.holds().find(holdId);
        ReasonCode reason = checkOrder(row, result);
        if (reason != ReasonCode.NONE) {
            return reason;
        }
        orderHolds.load(row, terms);
        if (terms.isPending()) {
            return ReasonCode.REPLACE_PENDING;
        }
        terms.replace(quantity, limitPriceMicros);
        long heldMicros = terms.heldMicros();
        if (heldMicros == Notional.OVERFLOW) {
            return ReasonCode.AMOUNT_OVERFLOW;
        }
        long raiseMicros = heldMicros - ledger.holds().heldMicros(row);
        return raiseMicros > 0 ? raise(row, raiseMicros, result) : keep(row);
    }

    /** Is there a standing order to cancel? Changes nothing: the venue reports the end. */
    ReasonCode cancel(long holdId, BudgetResult result) {
        return checkOrder(ledger.holds().find(holdId), result);
    }

    private ReasonCode raise(int row, long raiseMicros, BudgetResult result) {
        int slot = ledger.holds().accountSlot(row);
        ReasonCode reason = ledger.accounts().checkReserve(slot, raiseMicros);
        if (reason != ReasonCode.NONE) {
            return refuse(reason, slot, raiseMicros, result);
        }
        ledger.raise(row, ledger.holds().heldMicros(row) + raiseMicros);
        result.held(ledger.holds().heldMicros(row));
        return keep(row);
    }

    private ReasonCode keep(int row) {
        orderHolds.store(row, terms);
        return ReasonCode.NONE;
    }

    private ReasonCode checkOrder(int row, BudgetResult result) {
        if (row == Holds.NONE) {
            return ReasonCode.HOLD_UNKNOWN;
        }
        result.touch(ledger.holds().owner(row));
        result.held(ledger.holds().heldMicros(row));
        return ledger.holds().isOrder(row) ? ReasonCode.NONE : ReasonCode.HOLD_NOT_ORDER;
    }

    private ReasonCode refuse(ReasonCode reason, int slot, long amountMicros, BudgetResult result) {
        if (slot != Accounts.NONE) {
            result.control(reason, ledger.accounts(), slot, amountMicros);
        }
        return reason;
    }
}

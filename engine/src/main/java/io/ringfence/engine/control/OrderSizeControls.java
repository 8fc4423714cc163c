package io.ringfence.engine.control;

import io.ringfence.schemas.AccountLimit;

/**
 * The controls on the size of one order. At the limit passes; 0 lets none pass; a limit that is not set does not run.
 *
 * <p>An order counts with its whole quantity, also when only a part is shown; a replace with that of the order that it asks for. One that
 * {@link ControlContext#isReducing()} passes. Cancels, executions and settles are never checked.
 */
final class OrderSizeControls {
    private OrderSizeControls() {}

    /** Bounds the quantity of one order, buys and sells apart. */
    static final class MaxQuantity extends Control {
        MaxQuantity() {
            super(ControlCode.ORDER_QUANTITY, false);
        }

        @Override
        protected boolean passes(ControlContext asked, AccountView accounts, int slot) {
            long limit = limit(asked, accounts, slot);
            return limit == AccountView.NOT_SET || asked.quantity() <= limit || asked.isReducing();
        }

        @Override
        protected void explain(ControlContext asked, AccountView accounts, int slot, ControlFailure failure) {
            long limit = limit(asked, accounts, slot);
            failure.set(accounts.id(slot), limit, asked.quantity(), asked.quantity(), limit);
        }

        private static long limit(ControlContext asked, AccountView accounts, int slot) {
            return accounts.limit(slot, asked.isBuy() ? AccountLimit.MAX_BUY_QUANTITY : AccountLimit.MAX_SELL_QUANTITY);
        }
    }

    /** Bounds the value of one order: quantity times limit price, rounded up. */
    static final class MaxValue extends Control {
        MaxValue() {
            super(ControlCode.ORDER_VALUE, false);
        }

        @Override
        protected boolean passes(ControlContext asked, AccountView accounts, int slot) {
            long limit = accounts.limit(slot, AccountLimit.MAX_ORDER_VALUE);
            return limit == AccountView.NOT_SET || asked.valueMicros() <= limit || asked.isReducing();
        }

        @Override
        protected void explain(ControlContext asked, AccountView accounts, int slot, ControlFailure failure) {
            long limit = accounts.limit(slot, AccountLimit.MAX_ORDER_VALUE);
            failure.set(accounts.id(slot), limit, asked.valueMicros(), asked.valueMicros(), limit);
        }
    }
}

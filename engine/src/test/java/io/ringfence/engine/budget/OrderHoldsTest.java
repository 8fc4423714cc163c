package io.ringfence.engine.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.Side;
import org.junit.jupiter.api.Test;

class OrderHoldsTest {
    private static final long UNIT = 100_000_000;

    private final AccountLedger ledger = new AccountLedger(1, 1);
    private final OrderHolds orderHolds = new OrderHolds(ledger.holds());
    private final Orders orders = new Orders(ledger, orderHolds);
    private final Executions executions =
            new Executions(ledger, orderHolds, new Positions(), new BookedExecutions(8), new ClosedOrders(8));
    private final Messages messages = new Messages();
    private final BudgetResult result = new BudgetResult();

    @Test
    void shouldKeepNothingOfAnOrderThatEnded() {
        ledger.ensure(1, 1_000);
        orders.hold(5, messages.request(1, 0, Side.BUY, UNIT, 20), 300, 0, result);
        orders.replace(5, UNIT, 30, result);
        assertEquals(3, orderHolds.size());

        executions.book(messages.report(5, 1, ExecutionKind.CANCELLED, 0, 0, 0, 0, -1), result);

        assertEquals(0, orderHolds.size());
    }
}

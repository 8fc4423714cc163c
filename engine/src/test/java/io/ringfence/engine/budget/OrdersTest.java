package io.ringfence.engine.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringfence.schemas.ExecutionKind;
import org.junit.jupiter.api.Test;

class OrdersTest {
    private static final long UNIT = 100_000_000;

    private final Accounts accounts = new Accounts(1);
    private final Holds holds = new Holds(accounts, 1);
    private final Orders orders = new Orders(accounts, holds);
    private final Executions executions =
            new Executions(accounts, holds, orders, new Positions(), new BookedExecutions(8), new ClosedOrders(8));
    private final Messages messages = new Messages();
    private final BudgetResult out = new BudgetResult();

    @Test
    void shouldKeepNothingOfAnOrderThatEnded() {
        accounts.add(1, 1_000);
        orders.open(5, 1, 0, OrderKey.BUY, UNIT, 20, 20, 300, 0, out);
        orders.replace(5, UNIT, 30, out);
        assertEquals(3, orders.besideRows());

        executions.book(messages.report(5, 1, ExecutionKind.CANCELLED, 0, 0, 0, 0, -1), out);

        assertEquals(0, orders.besideRows());
    }
}

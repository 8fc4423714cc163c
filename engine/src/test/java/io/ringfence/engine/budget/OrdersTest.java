package io.ringfence.engine.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringfence.engine.bounds.FactBounds;
import io.ringfence.engine.control.ControlContext;
import io.ringfence.schemas.ExecutionKind;
import org.junit.jupiter.api.Test;

class OrdersTest {
    private static final long UNIT = 100_000_000;

    private final AccountLedger ledger = new AccountLedger(1, 1);
    private final Accounts accounts = ledger.accounts();
    private final Holds holds = ledger.holds();
    private final Positions positions = new Positions(Integer.MAX_VALUE);
    private final Orders orders = new Orders(holds, positions, ledger.controls());
    private final BookedExecutions booked = new BookedExecutions();
    private final Executions executions = new Executions(
            accounts,
            holds,
            orders,
            positions,
            booked,
            new EndedHolds(1, FactBounds.defaults(), holds, booked),
            new OutstandingFacts(accounts, positions));
    private final Messages messages = new Messages();
    private final BudgetResult out = new BudgetResult();

    @Test
    void shouldKeepNothingOfAnOrderThatEnded() {
        ledger.ensure(1, 1_000);
        ControlContext asked = messages.askOrder(5, 1, 0, Positions.BUY, UNIT, 20, 300);
        asked.account(accounts.find(1));
        orders.open(asked, 0, out);
        orders.replace(asked, 5, UNIT, 30, out);
        assertEquals(1, orders.rare().size());

        executions.book(asked, messages.report(5, 1, ExecutionKind.REPLACED, 0, 0, 0, 0, -1), out);
        executions.book(asked, messages.report(5, 2, ExecutionKind.CANCELLED, 0, 0, 0, 0, -1), out);

        assertEquals(0, orders.rare().size());
        assertEquals(Positions.NONE, positions.find(accounts.find(1), 0));
    }
}

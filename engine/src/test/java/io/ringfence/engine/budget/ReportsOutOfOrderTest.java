package io.ringfence.engine.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringfence.engine.bounds.Bounds;
import io.ringfence.engine.bounds.FactBounds;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Side;
import org.junit.jupiter.api.Test;

/** Reports that come in another order than they were made, come twice, or are of orders that nobody knows. */
class ReportsOutOfOrderTest {
    private static final long DESK = 7;
    private static final long GOLD = 3;
    private static final long UNIT = 100_000_000;
    private static final long NULL = Long.MIN_VALUE;
    private static final long NO_REFERENCE = -1;

    private final Messages messages = new Messages();
    private final BudgetResult out = new BudgetResult();
    private Budget budget = new Budget(4, 16, new FactBounds(16, 1_000));

    @Test
    void shouldNotOverdrawByEarlierFillsThatSayTheirTotalsAfterAPriceOnlyReplace() {
        open();
        messages.replace(budget, 500, 1, 10 * UNIT, 50);
        messages.says(Messages.NO_TERMS, 10 * UNIT, 4 * UNIT);
        ex(102, ExecutionKind.REPLACED, 0, 0, 6);
        messages.says(Messages.NO_TERMS, 10 * UNIT, 2 * UNIT);
        ex(100, ExecutionKind.FILL, 2, 100, 8);
        spendAll();
        messages.says(Messages.NO_TERMS, 10 * UNIT, 4 * UNIT);
        ex(101, ExecutionKind.FILL, 2, 100, 6);
        assertEquals(0, budget.account(DESK, out).balance().overdrawnMicros());
    }

    @Test
    void shouldNotOverdrawByAnEarlierFillBehindTwoThatWereSwapped() {
        open();
        messages.replace(budget, 500, 1, 10 * UNIT, 50);
        messages.says(500, Messages.NO_QUANTITY, Messages.NO_QUANTITY);
        ex(102, ExecutionKind.REPLACED, 0, 0, 6);
        ex(104, ExecutionKind.FILL, 2, 50, 3);
        ex(103, ExecutionKind.FILL, 1, 50, 5);
        spendAll();
        messages.says(1, Messages.NO_QUANTITY, Messages.NO_QUANTITY);
        ex(101, ExecutionKind.FILL, 4, 100, 6);
        assertEquals(0, budget.account(DESK, out).balance().overdrawnMicros());
    }

    @Test
    void shouldNotOverdrawByAnEarlierFillBehindARepeatedReplaced() {
        open();
        messages.replace(budget, 500, 1, 10 * UNIT, 50);
        messages.says(500, 10 * UNIT, 4 * UNIT);
        ex(102, ExecutionKind.REPLACED, 0, 0, 6);
        ex(103, ExecutionKind.REPLACED, 0, 0, 6);
        spendAll();
        messages.says(1, Messages.NO_QUANTITY, Messages.NO_QUANTITY);
        ex(101, ExecutionKind.FILL, 4, 100, 6);
        assertEquals(0, budget.account(DESK, out).balance().overdrawnMicros());
    }

    @Test
    void shouldTellARepetitionOfAFactThatIsOutstandingAlsoWhenTheQuotaIsFull() {
        budget = new Budget(4, 16, new FactBounds(2, 1_000));
        open();
        ex(101, ExecutionKind.FILL, 1, 100, 9);
        ex(102, ExecutionKind.FILL, 1, 100, 8);
        messages.at(2_000, 0);
        assertEquals(
                ReasonCode.FACT_OUTSTANDING,
                ex(103, ExecutionKind.FILL, 1, 100, 7).reason());
        messages.at(2_001, 0);

        BudgetResult repeated = ex(103, ExecutionKind.FILL, 1, 100, 7);

        assertEquals(ReasonCode.EXECUTION_DUPLICATE, repeated.reason());
        assertEquals(1, repeated.balance().outstandingFacts());
    }

    @Test
    void shouldCommitASellAlikeInEitherOrderOfReplacedAndFill() {
        assertEquals(sell(true), sell(false));
    }

    @Test
    void shouldKeepATradeOfAnUnknownOrderAsOutstandingWhereItsAccountHasNoRoomForAPosition() {
        budget = new Budget(4, 16, new Bounds(4, 4, 2, 4, 1_000, new FactBounds(4, 1_000)));
        budget.openAccount(DESK, 1_000, out);

        assertEquals(ReasonCode.NONE, reportUnknown(1).reason());
        assertEquals(ReasonCode.NONE, reportUnknown(2).reason());
        assertEquals(ReasonCode.FACT_OUTSTANDING, reportUnknown(3).reason());
        assertEquals(1, budget.account(DESK, out).balance().outstandingFacts());
    }

    /** A trade of an order that nobody knows, each in an instrument of its own. */
    private BudgetResult reportUnknown(long number) {
        messages.at(1_000 + number, 0).naming(new Messages.Named(DESK, 10_000 + number, 1));
        return messages.execution(budget, 999 + number, 1, ExecutionKind.FILL, UNIT, 1, 0, 0, NO_REFERENCE);
    }

    private void open() {
        budget.openAccount(DESK, 1_000, out);
        messages.order(budget, 1, DESK, GOLD, Side.BUY, 10 * UNIT, 100, NULL, 0);
    }

    private BudgetResult ex(long id, ExecutionKind kind, long units, long price, long leaves) {
        return messages.execution(budget, 1, id, kind, units * UNIT, price, 0, leaves * UNIT, NO_REFERENCE);
    }

    private void spendAll() {
        long free = budget.account(DESK, out).balance().availableMicros();
        if (free > 0) {
            messages.hold(budget, 900, DESK, free, 0, 0, -1);
        }
    }

    /** What is committed of a sell that was replaced from 100 to 50, and of which 4 traded before that. */
    private long sell(boolean isFillFirst) {
        budget = new Budget(4, 16, new FactBounds(16, 1_000));
        budget.openAccount(DESK, 10_000, out);
        messages.says(Messages.NO_TERMS, Messages.NO_QUANTITY, Messages.NO_QUANTITY);
        messages.order(budget, 1, DESK, GOLD, Side.SELL, 10 * UNIT, 100, NULL, 0);
        messages.replace(budget, 500, 1, 10 * UNIT, 50);
        for (int i = 0; i < 2; i++) {
            if (isFillFirst == (i == 0)) {
                messages.says(1, Messages.NO_QUANTITY, Messages.NO_QUANTITY);
                ex(101, ExecutionKind.FILL, 4, 100, 6);
            } else {
                messages.says(500, Messages.NO_QUANTITY, Messages.NO_QUANTITY);
                ex(102, ExecutionKind.REPLACED, 0, 0, 6);
            }
        }
        return budget.account(DESK, out).balance().committedMicros();
    }
}

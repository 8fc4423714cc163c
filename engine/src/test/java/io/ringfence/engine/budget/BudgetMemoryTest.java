package io.ringfence.engine.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.AllocatedBytes;
import io.ringfence.engine.bounds.FactBounds;
import io.ringfence.schemas.AccountLimit;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Side;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetMemoryTest {
    private static final int ACCOUNTS = 100;
    private static final int HOLDS = 500;
    private static final long UNIT = 100_000_000;

    private final Messages messages = new Messages();
    private final BudgetResult out = new BudgetResult();
    private long nextHold = 1;

    @Test
    void shouldAllocateNothingOnceWarmWhenTheLedgerReservesCommitsAndReleases() {
        AccountLedger ledger = new AccountLedger(ACCOUNTS, HOLDS);
        for (long account = 1; account <= ACCOUNTS; account++) {
            ledger.ensure(account, Long.MAX_VALUE);
        }

        assertEquals(0, AllocatedBytes.leastOf(() -> rounds(ledger)));
        assertEquals(0, ledger.openHolds());
    }

    @Test
    void shouldAllocateNothingOnceWarmWhenOrdersAndPlainHoldsComeAndGo() {
        Budget budget = new Budget(ACCOUNTS + 1, HOLDS, new FactBounds(64, 1_000));
        budget.openAccount(ACCOUNTS + 1, Long.MAX_VALUE, out);
        for (long account = 1; account <= ACCOUNTS; account++) {
            budget.openAccountBelow(account, ACCOUNTS + 1, Long.MAX_VALUE, out);
            budget.setLimit(account, AccountLimit.MAX_BUY_QUANTITY, 20 * UNIT, out);
            budget.setLimit(account, AccountLimit.MAX_ORDER_VALUE, 2_000, out);
        }

        assertEquals(0, AllocatedBytes.leastOf(() -> rounds(budget)));
        assertEquals(0, budget.account(1, out).openHolds());
    }

    @ParameterizedTest
    @ValueSource(
            ints = {1_000, 98_305, 100_000}) // The second is the least favourable: just more than fits three quarters.
    void shouldKeepAnAccountIn256BytesAndAHoldIn68(int capacity) {
        Accounts accounts = new Accounts(capacity);
        Holds holds = new Holds(accounts, capacity, Integer.MAX_VALUE);
        for (int i = 0; i < capacity; i++) {
            accounts.add(i, Accounts.NONE, 0);
            holds.deadline(holds.add(i, Positions.plainKey(i), 0), i);
        }

        long accountBytes = (accounts.lengthBytes() + holds.deadlines().lengthBytesOfAccounts()) / capacity;
        long holdBytes = holds.lengthBytes() / capacity;

        assertTrue(accountBytes <= 256, "bytes an account: " + accountBytes);
        assertTrue(holdBytes <= 68, "bytes a hold: " + holdBytes);
    }

    private void rounds(AccountLedger ledger) {
        for (int round = 0; round < 20; round++) {
            long first = nextHold;
            for (int i = 0; i < HOLDS; i++) {
                ledger.reserve(nextHold++, 1 + i % ACCOUNTS, 100);
            }
            for (long hold = first; hold < nextHold; hold += 2) {
                ledger.commitPart(hold, 40);
                ledger.commit(hold, 50);
                ledger.release(hold + 1);
            }
        }
    }

    private void rounds(Budget budget) {
        for (int round = 0; round < 20; round++) {
            long first = nextHold;
            for (int i = 0; i < HOLDS; i += 4) {
                long account = 1 + i % ACCOUNTS;
                messages.order(budget, nextHold++, account, i % 3, Side.BUY, 10 * UNIT, 20, 500, 7);
                messages.order(budget, nextHold++, account, i % 3, Side.SELL, 10 * UNIT, 20, Long.MIN_VALUE, 7);
                messages.hold(budget, nextHold++, account, 100, 7, 0, 1 + i % 7);
                messages.hold(budget, nextHold++, account, 100, 7, 0, -1);
            }
            for (long hold = first; hold < nextHold; hold += 4) {
                messages.replace(budget, hold, 12 * UNIT, 21);
                execute(budget, hold, 1, ExecutionKind.FILL, 2 * UNIT);
                execute(budget, hold, 2, ExecutionKind.REPLACED, 0);
                execute(budget, hold + 1, 1, ExecutionKind.FILL, 2 * UNIT);
                execute(budget, hold, 3, ExecutionKind.CANCELLED, 0);
                execute(budget, hold + 1, 3, ExecutionKind.EXPIRED, 0);
                messages.execution(budget, hold, 4, ExecutionKind.BUST, 0, 0, 0, 0, 1);
                messages.execution(budget, hold, 5, ExecutionKind.CORRECTION, UNIT, 20, 0, 0, 6);
                execute(budget, hold, 6, ExecutionKind.FILL, UNIT);
                messages.settle(budget, hold + 3, SettleKind.COMMIT_FINAL, 90);
            }
            budget.expire(10, HOLDS, out);
        }
    }

    private void execute(Budget budget, long hold, long execution, ExecutionKind kind, long quantity) {
        messages.execution(budget, hold, execution, kind, quantity, 20, 1, UNIT, -1);
    }
}

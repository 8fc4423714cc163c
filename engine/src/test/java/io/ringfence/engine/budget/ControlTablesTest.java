package io.ringfence.engine.budget;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.bounds.FactBounds;
import io.ringfence.engine.budget.ControlTables.Desk;
import io.ringfence.engine.budget.ControlTables.Row;
import io.ringfence.engine.control.ControlCode;
import io.ringfence.engine.control.ControlSeam;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.AccountLimit;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds every control to its table, and shows that the tables notice a control or an account that is left out. */
class ControlTablesTest {
    private static final long UNIT = 100_000_000;
    private static final int LEVELS = 8;

    private final Messages messages = new Messages();
    private final BudgetResult out = new BudgetResult();

    static Stream<Arguments> rows() {
        return Stream.of(ControlCode.values())
                .flatMap(control -> ControlTables.of(control).stream().map(row -> Arguments.of(control, row)));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void shouldSayWhatTheTableOfTheControlSays(ControlCode control, Row row) {
        assertEquals(row.expected(), row.ask().apply(new Desk(budget())));
    }

    @Test
    void shouldRunTheControlsInTheOrderOfTheirCodes() {
        assertArrayEquals(
                ControlCode.values(), ControlSeam.codes(budget().ledger().controls()));
    }

    @ParameterizedTest
    @EnumSource(ControlCode.class)
    void shouldFailTheTableOfAControlThatIsDropped(ControlCode control) {
        List<String> noticed = new ArrayList<>();
        for (Row row : ControlTables.of(control)) {
            Budget mutated = budget();
            ControlSeam.drop(mutated.ledger().controls(), control);
            String said = said(row, mutated);
            if (!said.equals(row.expected().name())) {
                noticed.add("'" + row + "' was " + said);
            }
        }

        System.out.println("mutation: dropped " + control + ", noticed by " + noticed);
        assertTrue(
                noticed.stream().anyMatch(text -> text.contains(control.reason().name())), noticed.toString());
    }

    @ParameterizedTest
    @EnumSource(ControlCode.class)
    void shouldFailTheTableOfAControlThatLooksAway(ControlCode control) {
        List<String> noticed = new ArrayList<>();
        for (Row row : ControlTables.of(control)) {
            Budget mutated = budget();
            ControlSeam.blind(mutated.ledger().controls(), control);
            String said = said(row, mutated);
            if (!said.equals(row.expected().name())) {
                noticed.add("'" + row + "' was " + said);
            }
        }

        System.out.println("mutation: blinded " + control + ", noticed by " + noticed);
        assertEquals(
                ControlTables.of(control).stream()
                        .filter(row -> row.expected() == control.reason())
                        .count(),
                noticed.size());
    }

    /** The reason, or that the engine would have stopped. */
    private static String said(Row row, Budget mutated) {
        try {
            return row.ask().apply(new Desk(mutated)).name();
        } catch (IllegalStateException stopped) {
            return "stopped";
        }
    }

    @Test
    void shouldCheckAndChangeEveryAccountUpToTheRoot() {
        for (int level = 1; level <= LEVELS; level++) {
            for (ControlCode control : List.of(
                    ControlCode.OVERDRAWN,
                    ControlCode.OUTSTANDING,
                    ControlCode.ORDER_QUANTITY,
                    ControlCode.ORDER_VALUE,
                    ControlCode.EXPOSURE,
                    ControlCode.AVAILABLE)) {
                Budget budget = tree(control, level);

                BudgetResult refused = messages.order(budget, 100, LEVELS, 1, Side.BUY, 5 * UNIT, 10, 0, 0);

                assertEquals(control.reason(), refused.reason(), "level=" + level);
                assertEquals(level, refused.failure().accountId());
                assertEquals(
                        control == ControlCode.ORDER_QUANTITY ? 5 * UNIT : 50,
                        refused.failure().asked());
            }
        }
        Budget budget = tree(ControlCode.AVAILABLE, 0);
        messages.order(budget, 100, LEVELS, 1, Side.BUY, 5 * UNIT, 10, 0, 0);
        for (long account = 1; account <= LEVELS; account++) {
            assertEquals(50, budget.account(account, out).balance().reservedMicros());
            assertEquals(1, out.balance().openOrders());
        }
    }

    @Test
    void shouldNoticeAnAccountThatIsSkipped() {
        for (int level = 1; level < LEVELS; level++) {
            for (ControlCode control :
                    List.of(ControlCode.ORDER_QUANTITY, ControlCode.EXPOSURE, ControlCode.AVAILABLE)) {
                Budget mutated = tree(control, level);
                skip(mutated, level);

                String said = said(
                        new Row(
                                "",
                                desk -> messages.order(mutated, 100, LEVELS, 1, Side.BUY, 5 * UNIT, 10, 0, 0)
                                        .reason(),
                                control.reason()),
                        mutated);

                System.out.println("mutation: skipped level " + level + ", " + control + " was " + said);
                assertNotEquals(control.reason().name(), said);
            }
            Budget held = tree(ControlCode.AVAILABLE, 0);
            messages.order(held, 100, LEVELS, 1, Side.BUY, 5 * UNIT, 10, 0, 0);
            skip(held, level);
            assertThrows(IllegalStateException.class, () -> held.writeState(new StateWriter()));
        }
    }

    /** Puts the account below a level under the one above it. */
    private static void skip(Budget budget, int level) {
        Accounts accounts = budget.ledger().accounts();
        int slot = accounts.find(level);
        accounts.link(accounts.find(level + 1), accounts.parent(slot));
        budget.ledger().controls().configured(accounts.find(LEVELS));
    }

    /** Eight accounts, 1 the root and 8 the leaf, of which one is at the limit of a control; level 0: none. */
    private Budget tree(ControlCode control, int level) {
        Budget budget = budget();
        for (long account = 1; account <= LEVELS; account++) {
            long granted = control == ControlCode.AVAILABLE && account == level ? 49 : 1_000;
            if (account == 1) {
                budget.openAccount(account, granted, out);
            } else {
                budget.openAccountBelow(account, account - 1, granted, out);
            }
        }
        switch (control) {
            case OVERDRAWN -> overdraw(budget, level);
            case OUTSTANDING -> {
                messages.naming(new Messages.Named(level, 1, Positions.BUY));
                messages.execution(budget, Long.MAX_VALUE, 1, ExecutionKind.FILL, UNIT, 1, 0, 0, -1);
            }
            case ORDER_QUANTITY -> budget.setLimit(level, AccountLimit.MAX_BUY_QUANTITY, 4 * UNIT, out);
            case ORDER_VALUE -> budget.setLimit(level, AccountLimit.MAX_ORDER_VALUE, 49, out);
            case EXPOSURE -> budget.setCap(level, 49, out);
            default -> {}
        }
        return budget;
    }

    /** Above the level there is more than enough, so that this one alone is overdrawn. */
    private void overdraw(Budget budget, int level) {
        for (long account = 1; account <= LEVELS; account++) {
            if (account != level) {
                budget.topUp(account, 10_000, out);
            }
        }
        messages.order(budget, 99, LEVELS, 2, Side.BUY, UNIT, 1, 0, 0);
        messages.execution(budget, 99, 1, ExecutionKind.FILL, UNIT, 1_001, 0, 0, -1);
    }

    private static Budget budget() {
        return new Budget(4, 16, FactBounds.defaults());
    }

    @Test
    void shouldNameTheFirstControlThatFailsBeforeLaterOnesOfALowerAccount() {
        Budget budget = budget();
        budget.openAccount(6, 1_000, out);
        budget.openAccountBelow(7, 6, 10, out);
        budget.setLimit(6, AccountLimit.MAX_BUY_QUANTITY, UNIT, out);

        BudgetResult refused = messages.order(budget, 1, 7, 1, Side.BUY, 2 * UNIT, 10, 0, 0);

        assertEquals(ReasonCode.ORDER_QUANTITY_LIMIT, refused.reason());
        assertEquals(6, refused.failure().accountId());
        assertEquals(UNIT, refused.failure().limit());
        assertEquals(2 * UNIT, refused.failure().observed());
        assertEquals(2 * UNIT, refused.failure().asked());
        assertEquals(UNIT, refused.failure().headroom());
        assertEquals(
                ControlCode.OVERDRAWN.bit() | ControlCode.OUTSTANDING.bit() | ControlCode.ORDER_QUANTITY.bit(),
                refused.controls());
    }
}

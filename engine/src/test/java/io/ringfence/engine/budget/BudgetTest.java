package io.ringfence.engine.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.bounds.Bounds;
import io.ringfence.engine.bounds.FactBounds;
import io.ringfence.engine.command.CommandType;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Side;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BudgetTest {
    private static final long DESK = 7;
    private static final long GOLD = 3;
    private static final long UNIT = 100_000_000;
    private static final long NULL = Long.MIN_VALUE;
    private static final long NO_REFERENCE = -1;
    private static final long FOREVER = -1;

    private final Budget budget = new Budget(4, 16, new FactBounds(16, 1_000));
    private final Messages messages = new Messages();
    private final BudgetResult out = new BudgetResult();

    @ParameterizedTest
    @CsvSource({ // hold, account, exposure, cost, result, held
        "1, 9, -5, -9223372036854775808, AMOUNT_OVERFLOW,   0",
        "1, 9,  1,                    1, ACCOUNT_UNKNOWN,   0",
        "5, 7,  0,                    0, HOLD_DUPLICATE,    0",
        "1, 8,  0,                    0, ACCOUNT_OVERDRAWN, 0",
        "1, 7, 61,                    0, EXPOSURE_LIMIT,    0",
        "1, 7,  0,                   61, EXPOSURE_LIMIT,    0",
        "1, 6, 51,                    0, BUDGET_EXHAUSTED,  0",
        "1, 6, 20,                   30, NONE,             30",
        "1, 6, 30,                   20, NONE,             30",
        "1, 6, -9223372036854775808,  0, NONE,              0"
    })
    void shouldHoldTheLargerOfExposureAndCost(
            long hold, long account, long exposure, long cost, ReasonCode reason, long held) {
        budget.openAccount(6, 50, out);
        budget.openAccount(DESK, 100, out);
        budget.setCap(DESK, 100, out);
        messages.hold(budget, 5, DESK, 40, 0, 0, FOREVER);
        overdraw(8);

        BudgetResult result = messages.hold(budget, hold, account, exposure, cost, 0, FOREVER);

        assertEquals(reason, result.reason());
        assertEquals(held, result.heldMicros());
    }

    @ParameterizedTest
    @CsvSource({ // hold, account, quantity, price, exposure, cost, result, held
        "1, 9,                   0,  0,  0, -1, QUANTITY_NOT_POSITIVE, 0",
        "1, 9,                   1,  0,  0, -1, AMOUNT_NOT_POSITIVE,   0",
        "1, 9,                   1,  1,  0, -1, AMOUNT_OVERFLOW,       0",
        "1, 9, 9223372036854775807, 100000001, 0, 0, AMOUNT_OVERFLOW,  0",
        "1, 9, 9223372036854775807, 100000000, 0, 1, AMOUNT_OVERFLOW,  0",
        "1, 9,           100000000, 10,  0,  1, ACCOUNT_UNKNOWN,       0",
        "5, 7,           100000000, 99,  0,  1, HOLD_DUPLICATE,        0",
        "1, 7,           100000000, 50,  0, 11, EXPOSURE_LIMIT,        0",
        "1, 6,           100000000, 50,  0,  1, BUDGET_EXHAUSTED,      0",
        "1, 6,           100000000, 10, 51,  1, BUDGET_EXHAUSTED,      0",
        "1, 6,           100000001, 10,  0,  1, NONE,                 12",
        "1, 6,           100000000, 10, 10,  1, NONE,                 11",
        "1, 6,           100000000, 10, 12,  1, NONE,                 12"
    })
    void shouldHoldAnOrderAtItsLimitPrice(
            long hold,
            long account,
            long quantity,
            long price,
            long exposure,
            long cost,
            ReasonCode reason,
            long held) {
        budget.openAccount(6, 50, out);
        budget.openAccount(DESK, 100, out);
        budget.setCap(DESK, 100, out);
        messages.order(budget, 5, DESK, GOLD, Side.BUY, UNIT, 40, NULL, 0);

        BudgetResult result = messages.order(budget, hold, account, GOLD, Side.BUY, quantity, price, exposure, cost);

        assertEquals(reason, result.reason());
        assertEquals(held, result.heldMicros());
    }

    @Test
    void shouldSayHowFarAControlWasFromPassing() {
        budget.openAccount(DESK, 100, out);
        messages.hold(budget, 1, DESK, 70, 0, 0, FOREVER);

        assertControl(messages.hold(budget, 2, DESK, 31, 0, 0, FOREVER), 100, 101, 30);
        budget.setCap(DESK, 80, out);
        assertControl(messages.hold(budget, 2, DESK, 31, 0, 0, FOREVER), 80, 101, 10);
        overdraw(8);
        assertControl(messages.hold(budget, 2, 8, 1, 0, 0, FOREVER), 0, 5, -5);
        assertFalse(messages.hold(budget, 2, 9, 1, 0, 0, FOREVER).isControlFailed());
    }

    @Test
    void shouldCommitAFillAndKeepTheRestHeld() {
        openAndOrder(1_000, 10, 20, 6);

        BudgetResult result = fill(1, 100, 4 * UNIT, 19, 2, 6 * UNIT);

        assertEquals(ReasonCode.NONE, result.reason());
        assertEquals(6 * 20 + 4, result.heldMicros());
        assertBalance(result, 1_000 - 76 - 2 - 124, 124, 78, 0);
        assertEquals(4 * UNIT, result.position());
        assertEquals(1, result.balance().openOrders());
    }

    @Test
    void shouldEndAnOrderWithItsLastFill() {
        openAndOrder(1_000, 10, 20, 6);

        BudgetResult result = fill(1, 100, 10 * UNIT, 20, 1, 0);

        assertBalance(result, 799, 0, 201, 0);
        assertEquals(0, result.balance().openOrders());
        assertEquals(0, result.openHolds());
        assertFalse(budget.isStanding(1));
    }

    @Test
    void shouldEndAnOrderThatTheVenueLeavesNothingOf() {
        openAndOrder(1_000, 10, 20, 6);

        BudgetResult result = fill(1, 100, UNIT, 20, 0, 0);

        assertBalance(result, 980, 0, 20, 0);
        assertFalse(budget.isStanding(1));
    }

    @Test
    void shouldTakeASellFromThePosition() {
        budget.openAccount(DESK, 1_000, out);
        messages.order(budget, 1, DESK, GOLD, Side.SELL, 10 * UNIT, 20, NULL, 0);

        BudgetResult result = fill(1, 100, 4 * UNIT, 21, 0, 6 * UNIT);

        assertEquals(-4 * UNIT, result.position());
        assertBalance(result, 1_000 - 80 - 120, 120, 80, 0);
    }

    @ParameterizedTest
    @CsvSource({ // price, committed: never more than at the limit of 10, and what it brought in below that
        "12, 1000",
        "10, 1000",
        "9, 900"
    })
    void shouldCommitASellAtItsLimitAtMost(long price, long committed) {
        budget.openAccount(DESK, 1_000, out);
        messages.order(budget, 1, DESK, GOLD, Side.SELL, 100 * UNIT, 10, NULL, 0);

        BudgetResult result = fill(1, 100, 100 * UNIT, price, 0, 0);

        assertBalance(result, 1_000 - committed, 0, committed, 0);
        assertBalance(revise(101, ExecutionKind.BUST, 100 * UNIT, price, 0, 100), 1_000, 0, 0, 0);
    }

    @Test
    void shouldCommitALateFillOfASellAtItsLimitAtMost() {
        budget.openAccount(DESK, 1_000, out);
        messages.order(budget, 1, DESK, GOLD, Side.SELL, 100 * UNIT, 10, NULL, 0);
        event(1, 100, ExecutionKind.CANCELLED, 0);

        assertBalance(fill(1, 101, 100 * UNIT, 12, 0, 0), 0, 0, 1_000, 0);
    }

    @Test
    void shouldNotOverdrawByRoundingEachFillUp() {
        budget.openAccount(DESK, 2, out);
        messages.order(budget, 1, DESK, GOLD, Side.BUY, 3, 50_000_000, NULL, 0); // 1.5 micros, held at 2.

        assertBalance(fill(1, 100, 1, 50_000_000, 0, 2), 0, 1, 1, 0);
        assertBalance(fill(1, 101, 1, 50_000_000, 0, 1), 0, 1, 1, 0);
        assertBalance(fill(1, 102, 1, 50_000_000, 0, 0), 0, 0, 2, 0);
    }

    @Test
    void shouldBookBeyondHoldAndBalanceAsAnOverdraftThatBlocksUntilCured() {
        openAndOrder(200, 10, 20, 0);

        BudgetResult result = fill(1, 100, 12 * UNIT, 20, 0, 0);

        assertBalance(result, 0, 0, 240, 40);
        assertEquals(12 * UNIT, result.position());
        assertEquals(1, budget.ledger().accounts().overdrawnCount());
        assertEquals(
                ReasonCode.ACCOUNT_OVERDRAWN,
                messages.hold(budget, 2, DESK, 0, 0, 0, FOREVER).reason());
        assertBalance(budget.topUp(DESK, 30, out), 0, 0, 240, 10);
        assertBalance(budget.topUp(DESK, 10, out), 0, 0, 240, 0);
        assertEquals(0, budget.ledger().accounts().overdrawnCount());
        assertBalance(budget.topUp(DESK, 20, out), 20, 0, 240, 0);
        assertEquals(
                ReasonCode.NONE,
                messages.hold(budget, 2, DESK, 20, 0, 0, FOREVER).reason());
    }

    @Test
    void shouldLetWhatAHoldFreesPayTheOverdraftFirst() {
        budget.openAccount(DESK, 100, out);
        messages.hold(budget, 2, DESK, 30, 0, 0, FOREVER);
        messages.order(budget, 1, DESK, GOLD, Side.BUY, UNIT, 70, NULL, 0);
        assertBalance(fill(1, 100, 2 * UNIT, 45, 0, 0), 0, 30, 90, 20);

        assertBalance(messages.settle(budget, 2, SettleKind.COMMIT_FINAL, 5), 5, 0, 95, 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = ExecutionKind.class,
            names = {"CANCELLED", "EXPIRED", "REJECTED_BY_VENUE"})
    void shouldReleaseTheRestWhenAnOrderEndsWithoutATrade(ExecutionKind kind) {
        openAndOrder(1_000, 10, 20, 6);
        fill(1, 100, 4 * UNIT, 20, 0, 6 * UNIT);

        BudgetResult result = event(1, 101, kind, 3);

        assertBalance(result, 1_000 - 83, 0, 83, 0);
        assertEquals(0, result.balance().openOrders());
        assertFalse(budget.isStanding(1));
    }

    @Test
    void shouldBookAFillOfAnOrderThatEnded() {
        openAndOrder(1_000, 10, 20, 6);
        event(1, 100, ExecutionKind.CANCELLED, 0);

        BudgetResult result = fill(1, 101, 2 * UNIT, 20, 1, 0);

        assertEquals(ReasonCode.NONE, result.reason());
        assertBalance(result, 959, 0, 41, 0);
        assertEquals(2 * UNIT, result.position());
        assertEquals(0, result.heldMicros());
    }

    @Test
    void shouldForgetTheOldestEndedOrder() {
        budget.openAccount(DESK, 1_000, out);
        for (long hold = 1; hold <= 9; hold++) {
            messages.order(budget, hold, DESK, GOLD, Side.BUY, UNIT, 1, NULL, 0);
            event(hold, 100, ExecutionKind.CANCELLED, 0);
        }

        assertEquals(ReasonCode.FACT_OUTSTANDING, fill(1, 200, UNIT, 1, 0, 0).reason());
        assertEquals(ReasonCode.NONE, fill(2, 200, UNIT, 1, 0, 0).reason());
    }

    @Test
    void shouldBookAnExecutionOnce() {
        openAndOrder(1_000, 10, 20, 6);
        fill(1, 100, UNIT, 20, 0, 9 * UNIT);

        BudgetResult result = fill(1, 100, UNIT, 20, 0, 9 * UNIT);

        assertEquals(ReasonCode.EXECUTION_DUPLICATE, result.reason());
        assertEquals(9 * 20 + 6, result.heldMicros());
        assertBalance(result, 1_000 - 20 - 186, 186, 20, 0);
    }

    @ParameterizedTest
    @CsvSource({ // hold, execution, quantity, price, result
        "9, 100,                  -1,                  -1, QUANTITY_NOT_POSITIVE",
        "9, 100,                   1,                  -1, FACT_OUTSTANDING",
        "9, 100, 9223372036854775807, 9223372036854775807, FACT_OUTSTANDING",
        "2, 100, 9223372036854775807, 9223372036854775807, FACT_OUTSTANDING",
        "1, 100, 9223372036854775807, 9223372036854775807, EXECUTION_DUPLICATE",
        "1, 101, 9223372036854775807, 9223372036854775807, FACT_OUTSTANDING",
        "1, 101, 9223372036854775807,                   0, FACT_OUTSTANDING",
        "1, 101,                   1,                  -1, FACT_OUTSTANDING",
        "1, 101,                   0,                  -1, NONE",
        "1, 101,                   0, 9223372036854775807, NONE"
    })
    void shouldBookAnExecutionOrReportTheFirstReasonThatApplies(
            long hold, long execution, long quantity, long price, ReasonCode reason) {
        openAndOrder(1_000, 10, 20, 6);
        messages.hold(budget, 2, DESK, 1, 0, 0, FOREVER);
        fill(1, 100, UNIT, 20, 0, 9 * UNIT);

        assertEquals(reason, fill(hold, execution, quantity, price, 0, UNIT).reason());
    }

    @Test
    void shouldLeaveACostPartToTheFeesAndARebateToTheBalance() {
        openAndOrder(1_000, 10, 20, 6);

        assertEquals(9 * 20 + 2, fill(1, 100, UNIT, 20, 4, 9 * UNIT).heldMicros());
        assertEquals(8 * 20 + 2, fill(1, 101, UNIT, 20, -3, 8 * UNIT).heldMicros());
        assertEquals(7 * 20, fill(1, 102, UNIT, 20, 5, 7 * UNIT).heldMicros());
        assertBalance(event(1, 103, ExecutionKind.CANCELLED, 0), 1_000 - 66, 0, 66, 0);
    }

    @Test
    void shouldTakeBackABustedFillOnce() {
        openAndOrder(1_000, 10, 20, 0);
        fill(1, 100, 4 * UNIT, 19, 2, 6 * UNIT);

        BudgetResult result = revise(101, ExecutionKind.BUST, 9 * UNIT, 99, 9, 100);

        assertBalance(result, 880, 120, 0, 0);
        assertEquals(0, result.position());
        assertBalance(revise(102, ExecutionKind.BUST, 9 * UNIT, 99, 9, 100), 880, 120, 0, 0);
    }

    @Test
    void shouldTakeAnUnknownFillOffThePositionAndGiveNoMoneyBack() {
        openAndOrder(1_000, 10, 20, 0);
        fill(1, 100, 4 * UNIT, 20, 0, 6 * UNIT);

        BudgetResult result = revise(101, ExecutionKind.BUST, UNIT, 20, 1, 55);

        assertBalance(result, 800, 120, 80, 0);
        assertEquals(3 * UNIT, result.position());
        assertTrue(result.isUnmatched());
        assertFalse(revise(102, ExecutionKind.BUST, UNIT, 20, 1, 55).isUnmatched());
        BudgetResult filled = fill(1, 55, 2 * UNIT, 20, 7, 4 * UNIT);
        assertEquals(ReasonCode.NONE, filled.reason());
        assertBalance(filled, 840, 80, 80, 0);
        assertEquals(4 * UNIT, filled.position());
        assertFalse(filled.isUnmatched());
    }

    @Test
    void shouldChargeWhatAnUnknownFillIsCorrectedToAndMoveThePositionOnceItComes() {
        openAndOrder(1_000, 10, 20, 0);

        BudgetResult corrected = revise(101, ExecutionKind.CORRECTION, 3 * UNIT, 19, 1, 55);

        assertBalance(corrected, 742, 200, 58, 0);
        assertEquals(0, corrected.position());
        assertTrue(corrected.isUnmatched());
        BudgetResult filled = fill(1, 55, 4 * UNIT, 20, 7, 6 * UNIT);
        assertBalance(filled, 822, 120, 58, 0);
        assertEquals(3 * UNIT, filled.position());
    }

    @ParameterizedTest
    @CsvSource({"-1", "101"}) // No reference, and one to itself.
    void shouldWaitForNothingWhereARevisionNamesNothingElse(long reference) {
        openAndOrder(1_000, 10, 20, 0);

        BudgetResult result = revise(101, ExecutionKind.BUST, UNIT, 20, 1, reference);

        assertTrue(result.isUnmatched());
        assertBalance(result, 800, 200, 0, 0);
        assertEquals(-UNIT, result.position());
        assertEquals(
                ReasonCode.EXECUTION_DUPLICATE,
                fill(1, 101, UNIT, 20, 0, 9 * UNIT).reason());
    }

    @Test
    void shouldEndWithTheFirstOfTwoThatCorrectEachOther() {
        openAndOrder(1_000, 10, 20, 0);
        revise(101, ExecutionKind.CORRECTION, 3 * UNIT, 19, 1, 102);

        BudgetResult result = revise(102, ExecutionKind.CORRECTION, 5 * UNIT, 19, 1, 101);

        assertBalance(result, 742, 200, 58, 0);
        assertEquals(3 * UNIT, result.position());
        assertBalance(revise(103, ExecutionKind.BUST, 0, 0, 0, 102), 800, 200, 0, 0);
    }

    @Test
    void shouldNotGoInCirclesWhereCorrectionsCorrectEachOther() {
        Budget small = new Budget(1, 1, FactBounds.defaults());
        small.openAccount(DESK, 1_000, out);
        messages.order(small, 1, DESK, GOLD, Side.BUY, 10 * UNIT, 20, NULL, 0);
        messages.execution(small, 1, 102, ExecutionKind.BUST, UNIT, 1, 0, 0, 101);
        messages.execution(small, 1, 104, ExecutionKind.CORRECTION, UNIT, 1, 0, 0, 103);
        messages.execution(small, 1, 101, ExecutionKind.CORRECTION, UNIT, 1, 0, 0, 104);
        messages.execution(small, 1, 105, ExecutionKind.FILL, UNIT, 1, 0, 9 * UNIT, NO_REFERENCE);
        messages.execution(small, 1, 103, ExecutionKind.CORRECTION, UNIT, 1, 0, 0, 101);

        assertTimeoutPreemptively(
                Duration.ofSeconds(60),
                () -> messages.execution(small, 1, 106, ExecutionKind.BUST, UNIT, 1, 0, 0, 103));
    }

    @Test
    void shouldRebateAtMostWhatTheExecutionCosts() {
        openAndOrder(1_000, 10, 20, 0);

        assertBalance(fill(1, 100, UNIT, 20, -21, 9 * UNIT), 820, 180, 0, 0);
        assertBalance(fill(1, 101, UNIT, 20, -19, 8 * UNIT), 839, 160, 1, 0);
        assertBalance(event(1, 102, ExecutionKind.CANCELLED, -5), 999, 0, 1, 0);
        assertBalance(revise(103, ExecutionKind.BUST, 0, 0, 0, 100), 999, 0, 1, 0);
        assertBalance(revise(104, ExecutionKind.BUST, 0, 0, 0, 101), 1_000, 0, 0, 0);
    }

    /** The numbers of POLICY: 1,000 held, 0.02 paid back; as a taker, 0.03 more than held. */
    @Test
    void shouldBookTheRebateOfAFillAsThePageSays() {
        openAndOrder(2_000_000_000, 100, 10_000_000, 0);

        assertBalance(fill(1, 100, 100 * UNIT, 10_000_000, -20_000, 0), 1_000_020_000, 0, 999_980_000, 0);
    }

    @Test
    void shouldBookTheFeeOfATakerBeyondWhatWasHeld() {
        openAndOrder(2_000_000_000, 100, 10_000_000, 0);

        assertBalance(fill(1, 100, 100 * UNIT, 10_000_000, 30_000, 0), 999_970_000, 0, 1_000_030_000, 0);
    }

    @Test
    void shouldCorrectAFillAndFindItByEitherNameAfterwards() {
        openAndOrder(1_000, 10, 20, 0);
        fill(1, 100, 4 * UNIT, 20, 2, 6 * UNIT);

        BudgetResult corrected = revise(101, ExecutionKind.CORRECTION, 3 * UNIT, 19, 1, 100);
        assertBalance(corrected, 822, 120, 58, 0);
        assertEquals(3 * UNIT, corrected.position());
        assertBalance(revise(102, ExecutionKind.CORRECTION, 2 * UNIT, 19, 0, 100), 842, 120, 38, 0);
        BudgetResult busted = revise(103, ExecutionKind.BUST, 0, 0, 0, 101);

        assertBalance(busted, 880, 120, 0, 0);
        assertEquals(0, busted.position());
    }

    @Test
    void shouldHoldTheLargerTermsWhileAReplaceIsPending() {
        openAndOrder(1_000, 10, 20, 6);

        assertEquals(15 * 20 + 6, messages.replace(budget, 1, 15 * UNIT, 20).heldMicros());
        assertEquals(
                ReasonCode.REPLACE_PENDING,
                messages.replace(budget, 1, 5 * UNIT, 20).reason());
        assertEquals(13 * 20 + 6, fill(1, 100, 2 * UNIT, 20, 0, 8 * UNIT).heldMicros());
        assertEquals(
                8 * 20 + 6, event(1, 101, ExecutionKind.REPLACE_REJECTED, 0).heldMicros());
    }

    @Test
    void shouldFallToTheNewTermsOnceReplaced() {
        openAndOrder(1_000, 10, 20, 6);

        assertEquals(206, messages.replace(budget, 1, 4 * UNIT, 30).heldMicros());
        BudgetResult result = event(1, 101, ExecutionKind.REPLACED, 0);

        assertBalance(result, 1_000 - 126, 126, 0, 0);
        assertEquals(96, fill(1, 102, UNIT, 30, 0, 3 * UNIT).heldMicros());
    }

    @ParameterizedTest
    @CsvSource({ // room, result, held: of 100 bought at 1 there traded 40; a replace to 120 leaves 80 open instead of
        // 60.
        "19, BUDGET_EXHAUSTED, 60",
        "20, NONE,             80",
        "21, NONE,             80"
    })
    void shouldTakeTheNewTotalLessWhatTradedForTheNewOpenQuantity(long room, ReasonCode reason, long held) {
        openAndOrder(100 + room, 100, 1, 0);
        fill(1, 100, 40 * UNIT, 1, 0, 60 * UNIT);

        BudgetResult replaced = messages.replace(budget, 1, 120 * UNIT, 1);

        assertEquals(reason, replaced.reason());
        assertEquals(held, replaced.heldMicros());
        assertEquals(60, event(1, 101, ExecutionKind.REPLACE_REJECTED, 0).heldMicros());
    }

    @ParameterizedTest
    @CsvSource({"41, REPLACED, false", "40, REPLACED, true", "1, REPLACED, true", "1, CANCELLED, true"})
    void shouldTakeATotalThatHasTradedForACancelOfTheRest(long total, ExecutionKind answer, boolean isEnded) {
        openAndOrder(1_000, 100, 1, 5);
        fill(1, 100, 40 * UNIT, 1, 0, 60 * UNIT);

        BudgetResult asked = messages.replace(budget, 1, total * UNIT, 1);

        assertEquals(ReasonCode.NONE, asked.reason());
        assertEquals(65, asked.heldMicros());
        assertHold(event(1, 101, answer, 0), 1, isEnded);
    }

    @Test
    void shouldKeepTheRestWhenTheVenueRejectsAReplaceThatCancels() {
        openAndOrder(1_000, 100, 1, 5);
        fill(1, 100, 40 * UNIT, 1, 0, 60 * UNIT);
        messages.replace(budget, 1, 40 * UNIT, 1);

        assertEquals(55, fill(1, 101, 10 * UNIT, 1, 0, 50 * UNIT).heldMicros());
        assertHold(event(1, 102, ExecutionKind.REPLACE_REJECTED, 0), 1, false);
        assertEquals(55, messages.cancel(budget, 1).heldMicros());
    }

    @Test
    void shouldNotCountWhatWasBustedOrCorrectedAwayAsTraded() {
        openAndOrder(1_000, 100, 1, 0);
        fill(1, 100, 40 * UNIT, 1, 0, 60 * UNIT);
        revise(101, ExecutionKind.BUST, 0, 0, 0, 100);
        revise(102, ExecutionKind.BUST, 10 * UNIT, 1, 0, 103);
        fill(1, 103, 10 * UNIT, 1, 0, 50 * UNIT);
        revise(104, ExecutionKind.CORRECTION, 7 * UNIT, 1, 0, 105);

        assertEquals(120, messages.replace(budget, 1, 120 * UNIT, 1).heldMicros());
        fill(1, 105, 9 * UNIT, 1, 0, 41 * UNIT); // Corrected ahead of its arrival: 7 traded.
        assertEquals(111, event(1, 106, ExecutionKind.REPLACED, 0).heldMicros());
        assertEquals(113, messages.replace(budget, 1, 120 * UNIT, 1).heldMicros());
    }

    @Test
    void shouldRefuseAReplaceWhoseOpenQuantityLeavesTheRange() {
        openAndOrder(1_000, 100, 1, 0);
        revise(101, ExecutionKind.BUST, 1, 1, 0, 100);

        assertEquals(
                ReasonCode.AMOUNT_OVERFLOW,
                messages.replace(budget, 1, Long.MAX_VALUE, 1).reason());
        assertEquals(
                ReasonCode.BUDGET_EXHAUSTED,
                messages.replace(budget, 1, Long.MAX_VALUE - 1, 1).reason());
    }

    @Test
    void shouldKeepTheClientsFigureThroughAReplaceButNotThroughATrade() {
        budget.openAccount(DESK, 1_000, out);
        messages.order(budget, 1, DESK, GOLD, Side.BUY, 10 * UNIT, 20, 300, 0);

        assertEquals(300, messages.replace(budget, 1, 5 * UNIT, 20).heldMicros());
        assertEquals(300, event(1, 100, ExecutionKind.REPLACED, 0).heldMicros());
        assertEquals(80, fill(1, 101, UNIT, 20, 0, 4 * UNIT).heldMicros());
    }

    @Test
    void shouldKeepAnOrderOpenThatOnlyItsPendingReplaceKeepsOpen() {
        openAndOrder(1_000, 2, 20, 0);
        messages.replace(budget, 1, 5 * UNIT, 20);

        assertEquals(60, fill(1, 100, 2 * UNIT, 20, 0, 3 * UNIT).heldMicros());
        BudgetResult result = event(1, 101, ExecutionKind.REPLACE_REJECTED, 0);

        assertEquals(0, result.balance().openOrders());
        assertBalance(result, 960, 0, 40, 0);
    }

    @ParameterizedTest
    @CsvSource({ // hold, quantity, price, result: the account has 100, of which the order holds 40.
        "9,                   0,                   0, QUANTITY_NOT_POSITIVE",
        "9,                   1,                   0, AMOUNT_NOT_POSITIVE",
        "9, 9223372036854775807, 9223372036854775807, HOLD_UNKNOWN",
        "2, 9223372036854775807, 9223372036854775807, HOLD_NOT_ORDER",
        "1, 9223372036854775807, 9223372036854775807, AMOUNT_OVERFLOW",
        "1,           200000000,                  46, EXPOSURE_LIMIT",
        "1,           200000000,                  45, NONE",
        "1,                   1,                   1, NONE"
    })
    void shouldReplaceOrReportTheFirstReasonThatAppliesAndKeepTheOldTerms(
            long hold, long quantity, long price, ReasonCode reason) {
        openAndOrder(100, 2, 20, 0);
        messages.hold(budget, 2, DESK, 5, 0, 0, FOREVER);
        budget.setCap(DESK, 95, out);

        assertEquals(reason, messages.replace(budget, hold, quantity, price).reason());
        assertEquals(reason == ReasonCode.NONE ? ReasonCode.REPLACE_PENDING : ReasonCode.NONE, secondReplace());
    }

    @Test
    void shouldRefuseAReplaceThatTheBalanceDoesNotCoverButTakeOneThatLowers() {
        openAndOrder(100, 2, 20, 0);
        messages.order(budget, 2, DESK, GOLD, Side.BUY, UNIT, 10, NULL, 0);

        BudgetResult result = messages.replace(budget, 1, 2 * UNIT, 46);

        assertEquals(ReasonCode.BUDGET_EXHAUSTED, result.reason());
        assertControl(result, 100, 102, 50);
        fill(2, 100, 10 * UNIT, 10, 0, 0);
        assertEquals(
                ReasonCode.ACCOUNT_OVERDRAWN,
                messages.replace(budget, 1, 2 * UNIT, 21).reason());
        assertEquals(ReasonCode.NONE, messages.replace(budget, 1, 2 * UNIT, 19).reason());
    }

    @ParameterizedTest
    @CsvSource({"1, NONE", "2, HOLD_NOT_ORDER", "3, HOLD_UNKNOWN"})
    void shouldCheckACancelAndFreeNothing(long hold, ReasonCode reason) {
        openAndOrder(1_000, 10, 20, 6);
        messages.hold(budget, 2, DESK, 1, 0, 0, FOREVER);

        assertEquals(reason, messages.cancel(budget, hold).reason());
        assertTrue(budget.isStanding(1));
    }

    @ParameterizedTest
    @CsvSource({ // hold, kind, amount, result, held
        "1, RELEASE,        0, HOLD_IS_ORDER,      206",
        "1, COMMIT_PART,   -1, HOLD_IS_ORDER,      206",
        "2, COMMIT_PART,   -1, AMOUNT_NOT_POSITIVE, 50",
        "3, COMMIT_FINAL,   0, HOLD_UNKNOWN,         0",
        "3, RELEASE,        0, HOLD_UNKNOWN,         0",
        "3, COMMIT_FINAL,   1, FACT_OUTSTANDING,     0",
        "1, COMMIT_FINAL,   1, FACT_OUTSTANDING,   206",
        "2, COMMIT_FINAL, 795, NONE,                 0",
        "2, COMMIT_PART,  795, NONE,                 0",
        "2, COMMIT_FINAL, 794, NONE,                 0",
        "2, COMMIT_PART,   20, NONE,                30",
        "2, RELEASE,        0, NONE,                 0"
    })
    void shouldSettleWhatIsNoOrder(long hold, SettleKind kind, long amount, ReasonCode reason, long held) {
        openAndOrder(1_000, 10, 20, 6);
        messages.hold(budget, 2, DESK, 50, 0, 0, FOREVER);

        BudgetResult result = messages.settle(budget, hold, kind, amount);

        assertEquals(reason, result.reason());
        assertEquals(held, result.heldMicros());
    }

    @ParameterizedTest
    @CsvSource({"COMMIT_FINAL, false", "COMMIT_PART, true"})
    void shouldBookWhatACallDidCostBeyondHoldAndBalanceAndBlockTheNext(SettleKind kind, boolean stands) {
        budget.openAccount(DESK, 10, out);
        messages.hold(budget, 1, DESK, 10, 0, 0, FOREVER);

        BudgetResult result = messages.settle(budget, 1, kind, 15);

        assertEquals(ReasonCode.NONE, result.reason());
        assertBalance(result, 0, 0, 15, 5);
        assertEquals(stands, budget.isStanding(1));
        assertEquals(
                ReasonCode.ACCOUNT_OVERDRAWN,
                messages.hold(budget, 2, DESK, 1, 0, 0, FOREVER).reason());
        budget.topUp(DESK, 6, out);
        assertEquals(
                ReasonCode.NONE,
                messages.hold(budget, 3, DESK, 1, 0, 0, FOREVER).reason());
    }

    @Test
    void shouldLetAHoldOfZeroStand() {
        budget.openAccount(DESK, 0, out);

        assertEquals(
                ReasonCode.NONE,
                messages.hold(budget, 1, DESK, NULL, 0, 0, FOREVER).reason());
        assertTrue(budget.isStanding(1));
        assertEquals(
                ReasonCode.NONE,
                messages.settle(budget, 1, SettleKind.RELEASE, 0).reason());
        assertFalse(budget.isStanding(1));
    }

    @Test
    void shouldExpireTheEarliestDeadlineThenTheLowestIdAndNoOrder() {
        openAndOrder(1_000, 10, 20, 0);
        messages.hold(budget, 9, DESK, 1, 0, 100, 50);
        messages.hold(budget, 3, DESK, 1, 0, 100, 50);
        messages.hold(budget, 4, DESK, 1, 0, 100, 20);
        messages.hold(budget, 5, DESK, 1, 0, 100, Long.MAX_VALUE);
        messages.hold(budget, 6, DESK, 1, 0, 100, FOREVER);

        assertEquals(0, budget.expire(119, 1_024, out).expired());
        assertEquals(2, budget.expire(150, 2, out).expired());
        assertFalse(budget.isStanding(4) || budget.isStanding(3));
        assertTrue(budget.isStanding(9));
        assertEquals(1, budget.expire(Long.MAX_VALUE, 1_024, out).expired());
        assertTrue(budget.isStanding(1) && budget.isStanding(5) && budget.isStanding(6));
    }

    @Test
    void shouldNotLetTheBacklogOfOneAccountDelayThatOfAnother() {
        budget.openAccount(21, 1_000_000, out);
        budget.openAccount(22, 1_000_000, out);
        budget.openAccount(23, 1_000_000, out);
        for (long hold = 1; hold <= 5_000; hold++) {
            messages.hold(budget, hold, 21, 1, 0, 100, 1);
        }
        messages.hold(budget, 5_001, 22, 1, 0, 100, 20);
        messages.hold(budget, 5_002, 22, 1, 0, 100, 21);
        messages.hold(budget, 5_003, 23, 1, 0, 100, 19);

        assertEquals(6, budget.expire(121, 6, out).expired());
        assertFalse(budget.isStanding(5_001) || budget.isStanding(5_002) || budget.isStanding(5_003));
        assertEquals(4_997, budget.account(21, out).openHolds());

        assertEquals(1_024, budget.expire(121, 1_024, out).expired());
        assertTrue(budget.isStanding(1_028));
        assertFalse(budget.isStanding(1_027));
    }

    @Test
    void shouldTellOfEachAccountWhoseHoldsASweepEndedOnce() {
        for (long account = 21; account <= 23; account++) {
            budget.openAccount(account, 1_000, out);
            messages.hold(budget, account, account, 10, 0, 100, 20);
            messages.hold(budget, 100 + account, account, 7, 0, 100, account == 22 ? FOREVER : 20);
        }

        assertEquals(List.of("21: 7", "22: 7"), sweep(120, 2));
        assertEquals(List.of("23: 0", "21: 0"), sweep(120, 1_024));
        assertEquals(List.of(), sweep(120, 1_024));
        assertEquals(0, messages.hold(budget, 500, 22, 3, 0, 200, FOREVER).otherCount());
    }

    @Test
    void shouldTellOtherAccountsAFewAtATimeUntilAllAreTold() {
        int accounts = BudgetResult.OTHERS_MAX + 8;
        budget.openAccount(1_000, 1_000_000, out);
        for (long account = 1; account <= accounts; account++) {
            budget.openAccountBelow(account, 1_000, 1_000, out);
            messages.hold(budget, account, account, 10, 0, 100, 20);
        }
        assertEquals(List.of("1000: 400"), sweep(110, 1_024).subList(0, 1));

        List<String> told = new ArrayList<>(sweep(120, 1_024));
        assertEquals(BudgetResult.OTHERS_MAX, told.size());
        told.addAll(sweep(120, 1_024));

        assertEquals(accounts + 1, told.size());
        assertEquals(accounts + 1, new HashSet<>(told).size());
        assertTrue(told.stream().allMatch(line -> line.endsWith(": 0")), told.toString());
        assertEquals(List.of(), sweep(120, 1_024));
    }

    private List<String> sweep(long nowNs, int limit) {
        budget.expire(nowNs, limit, out);
        List<String> stands = new ArrayList<>();
        for (int i = 0; i < out.otherCount(); i++) {
            BudgetResult.Balance told = out.other(i);
            assertEquals(0, (told.availableMicros() + told.reservedMicros()) % 1_000);
            stands.add(told.accountId() + ": " + told.reservedMicros());
        }
        return stands;
    }

    @ParameterizedTest
    @CsvSource({"0", "3", "4", "-1", "255"})
    void shouldThrowForASideThatIsNeitherBuyNorSellAndChangeNothing(int side) {
        budget.openAccount(DESK, 1_000, out);

        assertThrows(
                IllegalArgumentException.class,
                () -> budget.order(messages.askOrder(1, DESK, GOLD, side, UNIT, 20, 0), 0, out));

        assertBalance(budget.account(DESK, out), 1_000, 0, 0, 0);
        assertEquals(0, out.openHolds());
    }

    @ParameterizedTest
    @CsvSource({"-1", "4294967296"})
    void shouldThrowForAnInstrumentBeyond32Bits(long instrument) {
        assertThrows(IllegalArgumentException.class, () -> Positions.orderKey(0, Positions.BUY, instrument));
    }

    @Test
    void shouldTellALargestNotionalFromOneThatOverflows() {
        budget.openAccount(DESK, Long.MAX_VALUE, out);

        assertEquals(
                ReasonCode.AMOUNT_OVERFLOW,
                messages.order(budget, 1, DESK, GOLD, Side.BUY, Long.MAX_VALUE, UNIT + 1, NULL, 0)
                        .reason());
        assertEquals(
                Long.MAX_VALUE,
                messages.order(budget, 1, DESK, GOLD, Side.BUY, Long.MAX_VALUE, UNIT, NULL, 0)
                        .heldMicros());
    }

    @Test
    void shouldNameTheHoldAndSayWhenACommandEndedIt() {
        openAndOrder(1_000, 10, 20, 0);
        messages.hold(budget, 2, DESK, 50, 0, 0, FOREVER);

        assertHold(fill(1, 100, UNIT, 20, 0, 9 * UNIT), 1, false);
        assertHold(messages.cancel(budget, 1), 1, false);
        assertHold(messages.replace(budget, 1, 5 * UNIT, 20), 1, false);
        assertHold(messages.settle(budget, 1, SettleKind.RELEASE, 0), 1, false);
        assertHold(event(1, 101, ExecutionKind.CANCELLED, 0), 1, false);
        assertHold(event(1, 103, ExecutionKind.REPLACE_REJECTED, 0), 1, true);
        assertHold(fill(1, 102, UNIT, 20, 0, 0), 0, false);
        assertHold(messages.settle(budget, 2, SettleKind.COMMIT_PART, 50), 2, false);
        assertHold(messages.settle(budget, 2, SettleKind.COMMIT_FINAL, 0), 2, true);
        assertHold(messages.settle(budget, 2, SettleKind.COMMIT_FINAL, 0), 0, false);
        assertHold(messages.hold(budget, 3, DESK, 10_000, 0, 0, FOREVER), 0, false);
    }

    @Test
    void shouldTellHowAnAccountStands() {
        openAndOrder(1_000, 10, 20, 6);

        BudgetResult result = budget.account(DESK, out);

        assertEquals(ReasonCode.NONE, result.reason());
        assertBalance(result, 794, 206, 0, 0);
        assertEquals(1, result.balance().openOrders());
        assertEquals(ReasonCode.ACCOUNT_UNKNOWN, budget.account(9, out).reason());
    }

    @Test
    void shouldEndAnOrderByAPersonsWordAlsoWhileAReplaceWaitsAndHoldItAgainWhenTheVenueHasIt() {
        openAndOrder(1_000, 10, 20, 0);
        messages.replace(budget, 1, 15 * UNIT, 20);

        BudgetResult result = budget.writeOff(messages.begin(CommandType.HOLD), 1, out);

        assertBalance(result, 1_000, 0, 0, 0);
        assertFalse(budget.isStanding(1));
        messages.execution(budget, 1, 101, ExecutionKind.REPLACED, 0, 0, 0, 15 * UNIT, NO_REFERENCE);
        assertBalance(budget.account(DESK, out), 700, 300, 0, 0);
    }

    @Test
    void shouldKeepAtTheOldLimitWhatTradedUnderTheTermsBeforeAReplaceUntilItsFillsCome() {
        openAndOrder(1_980, 99, 20, 0);
        messages.replace(budget, 1, 99 * UNIT, 10);

        messages.says(Messages.NO_TERMS, 99 * UNIT, 50 * UNIT);
        messages.execution(budget, 1, 102, ExecutionKind.REPLACED, 0, 0, 0, 49 * UNIT, NO_REFERENCE);
        assertBalance(budget.account(DESK, out), 490, 1_490, 0, 0); // 50 at 20 and 49 at 10.

        messages.says(1, Messages.NO_QUANTITY, Messages.NO_QUANTITY);
        messages.execution(budget, 1, 101, ExecutionKind.FILL, 30 * UNIT, 20, 0, 69 * UNIT, NO_REFERENCE);
        assertBalance(budget.account(DESK, out), 490, 890, 600, 0); // 20 at 20 and 49 at 10.

        messages.execution(budget, 1, 103, ExecutionKind.FILL, 20 * UNIT, 20, 0, 49 * UNIT, NO_REFERENCE);
        assertBalance(budget.account(DESK, out), 490, 490, 1_000, 0);
    }

    @Test
    void shouldKeepAReportAsOutstandingThatOpensAnOrderBeyondTheBoundOfItsAccount() {
        Budget bounded = new Budget(1, 1, Bounds.WIDEST.withHolds(1, 1));
        bounded.openAccount(DESK, 1_000, out);
        messages.order(bounded, 1, DESK, GOLD, Side.BUY, UNIT, 10, NULL, 0);
        messages.execution(bounded, 1, 101, ExecutionKind.CANCELLED, 0, 0, 0, 0, NO_REFERENCE);
        messages.order(bounded, 2, DESK, GOLD, Side.BUY, UNIT, 10, NULL, 0);

        BudgetResult result = messages.execution(bounded, 1, 102, ExecutionKind.REPLACED, 0, 0, 0, UNIT, NO_REFERENCE);

        assertEquals(ReasonCode.FACT_OUTSTANDING, result.reason());
        assertEquals(1, result.openHolds());
        assertBalance(result, 990, 10, 0, 0);
    }

    /** An account of 10 with 5 of overdraft and no hold. */
    private void overdraw(long account) {
        budget.openAccount(account, 10, out);
        messages.order(budget, 77, account, GOLD, Side.BUY, UNIT, 10, NULL, 0);
        fill(77, 1, UNIT, 15, 0, 0);
    }

    private void openAndOrder(long granted, long units, long price, long cost) {
        budget.openAccount(DESK, granted, out);
        messages.order(budget, 1, DESK, GOLD, Side.BUY, units * UNIT, price, NULL, cost);
    }

    private BudgetResult fill(long hold, long execution, long quantity, long price, long fee, long leaves) {
        return messages.execution(
                budget, hold, execution, ExecutionKind.FILL, quantity, price, fee, leaves, NO_REFERENCE);
    }

    private BudgetResult event(long hold, long execution, ExecutionKind kind, long fee) {
        return messages.execution(budget, hold, execution, kind, 0, 0, fee, 0, NO_REFERENCE);
    }

    private BudgetResult revise(
            long execution, ExecutionKind kind, long quantity, long price, long fee, long reference) {
        return messages.execution(budget, 1, execution, kind, quantity, price, fee, 0, reference);
    }

    private ReasonCode secondReplace() {
        return messages.replace(budget, 1, UNIT, 1).reason();
    }

    private static void assertBalance(
            BudgetResult result, long available, long reserved, long committed, long overdrawn) {
        assertEquals(available, result.balance().availableMicros(), "available");
        assertEquals(reserved, result.balance().reservedMicros(), "reserved");
        assertEquals(committed, result.balance().committedMicros(), "committed");
        assertEquals(overdrawn, result.balance().overdrawnMicros(), "overdrawn");
    }

    private static void assertHold(BudgetResult result, long holdId, boolean isEnded) {
        assertEquals(holdId, result.holdId());
        assertEquals(isEnded, result.isHoldEnded());
    }

    private static void assertControl(BudgetResult result, long limit, long observed, long headroom) {
        assertTrue(result.isControlFailed());
        assertEquals(limit, result.failure().limit(), "limit");
        assertEquals(observed, result.failure().observed(), "observed");
        assertEquals(headroom, result.failure().headroom(), "headroom");
    }
}

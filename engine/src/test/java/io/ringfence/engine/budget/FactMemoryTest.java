package io.ringfence.engine.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.bounds.FactBounds;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.FactCommandEncoder;
import io.ringfence.schemas.FactVerb;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Side;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What an account remembers of ended holds and executions, and what becomes of a fact that it cannot book exactly once. */
class FactMemoryTest {
    private static final long MINE = 7;
    private static final long OTHERS = 8;
    private static final long NOBODY = -1;
    private static final long GOLD = 3;
    private static final long UNIT = 100_000_000;
    private static final long NULL = Long.MIN_VALUE;
    private static final long FOREVER = -1;
    private static final long HORIZON_NS = 1_000;
    private static final long SEQUENCE = 10_000_000;
    private static final long NO_INSTRUMENT = FactCommandEncoder.instrumentIdNullValue();
    private static final FactBounds SMALL = new FactBounds(16, HORIZON_NS);
    private static final Messages.Named OF_MINE = new Messages.Named(MINE, GOLD, Positions.BUY);

    private final Messages messages = new Messages().at(SEQUENCE, 0);
    private final BudgetResult out = new BudgetResult();
    private Budget budget;

    @Test
    void shouldKeepOneDesksFactsWhileAnotherOpensAndCancels300000Orders() {
        open(FactBounds.defaults());
        order(1, MINE);
        fill(1, 100);
        end(1, 101);

        for (long hold = 2; hold <= 300_001; hold++) {
            order(hold, OTHERS);
            end(hold, 101);
        }

        assertReason(ReasonCode.EXECUTION_DUPLICATE, fill(1, 100));
        BudgetResult late = fill(1, 102);
        assertReason(ReasonCode.NONE, late);
        assertEquals(40, late.balance().committedMicros());
        assertEquals(2 * UNIT, late.position());
    }

    @Test
    void shouldForgetTheAccountsOwnOldestAloneWhenItsQuotaIsFull() {
        open(SMALL);
        order(1, OTHERS);
        end(1, 101);
        for (long hold = 2; hold <= 10; hold++) {
            order(hold, MINE);
            end(hold, 101); // Two rows each: 8 of the 9 are remembered.
        }

        assertReason(ReasonCode.NONE, fill(1, 102));
        assertReason(ReasonCode.NONE, fill(10, 102));
        assertReason(ReasonCode.FACT_OUTSTANDING, messages.naming(OF_MINE), 2, 102);
        assertEquals(1, budget.account(MINE, out).balance().outstandingFacts());
        assertEquals(0, budget.account(OTHERS, out).balance().outstandingFacts());
        assertReason(ReasonCode.NONE, order(11, OTHERS));
    }

    @Test
    void shouldKeepAllExecutionsOfAStandingOrder() {
        open(SMALL);
        order(1, MINE, 400);
        for (long execution = 100; execution < 110; execution++) {
            fill(1, execution);
        }
        for (long hold = 2; hold <= 100; hold++) {
            order(hold, MINE);
            end(hold, 101);
        }

        for (long execution = 100; execution < 110; execution++) {
            assertReason(ReasonCode.EXECUTION_DUPLICATE, fill(1, execution));
        }
    }

    @Test
    void shouldForgetAHorizonAfterTheEndAtASweep() {
        open(SMALL);
        order(1, MINE);
        order(2, MINE);
        messages.at(SEQUENCE, 50);
        end(1, 101);
        end(2, 101);

        budget.expire(50 + HORIZON_NS - 1, 1_024, out);
        assertReason(ReasonCode.NONE, fill(1, 102));
        budget.expire(50 + HORIZON_NS, 1, out); // At most one of them.
        assertReason(ReasonCode.NONE, fill(2, 102));
        assertReason(ReasonCode.FACT_OUTSTANDING, messages.naming(OF_MINE), 1, 103);
    }

    @Test
    void shouldKeepAsOutstandingWhatAStandingOrderTradesBeyondTheQuota() {
        open(SMALL);
        order(1, MINE, 400);
        for (long execution = 100; execution < 116; execution++) {
            assertReason(ReasonCode.NONE, fill(1, execution));
        }

        BudgetResult beyond = fill(1, 116);

        assertReason(ReasonCode.FACT_OUTSTANDING, beyond);
        assertEquals(16 * 20, beyond.balance().committedMicros());
        assertReason(ReasonCode.EXECUTION_DUPLICATE, fill(1, 115));
        assertReason(ReasonCode.NONE, end(1, 117));
        assertFalse(budget.isStanding(1));
        assertReason(ReasonCode.FACT_OUTSTANDING, messages.naming(OF_MINE), 1, 115);
    }

    @ParameterizedTest
    @CsvSource({ // Named or not, hold, kind, quantity in units, price, fee: each for another reason not to be booked
        // exactly once.
        "true,  10000000, FILL, 1, 20, 0", // A hold that no earlier command can have made.
        "true,         1, FILL, 1, -1, 0", // A price below 0.
        "true,         1, FILL, 90000000000, 9000000000000000, 0", // A value that leaves i64.
        "true,         2, FILL, 1, 20, 0", // Of what is no order.
        "true,         2, CANCELLED, 0, 0, 5", // A fee of what is no order.
        "true,         5, FILL, 1, 20, 0", // Of an order that the account may have forgotten.
        "false,        6, FILL, 1, 20, 0", // Of an order that nobody names.
        "false,        6, BUST, 1, 20, 0",
        "false,        6, CORRECTION, 1, 20, 0"
    })
    void shouldKeepATradeOrFeeThatCannotBeBookedExactlyOnce(
            boolean isNamed, long hold, ExecutionKind kind, long units, long price, long fee) {
        open(new FactBounds(1, HORIZON_NS));
        order(1, MINE);
        order(5, MINE);
        end(5, 101);
        messages.hold(budget, 2, MINE, 30, 0, 0, FOREVER);
        messages.naming(isNamed ? OF_MINE : Messages.Named.NOTHING);
        long before = budget.account(MINE, out).balance().committedMicros();

        BudgetResult kept = messages.execution(budget, hold, 7, kind, units * UNIT, price, fee, 5 * UNIT, 3);

        assertReason(ReasonCode.FACT_OUTSTANDING, kept);
        assertTrue(kept.isControlFailed());
        assertEquals(isNamed ? MINE : NOBODY, kept.failure().accountId());
        assertEquals(before, budget.account(MINE, out).balance().committedMicros());
        assertEquals(
                isNamed ? ReasonCode.ACCOUNT_OUTSTANDING : ReasonCode.NONE,
                order(50, MINE).reason());
        assertReason(ReasonCode.NONE, order(51, OTHERS));
    }

    @ParameterizedTest
    @CsvSource({
        "1, COMMIT_FINAL", // Of an order.
        "3, COMMIT_FINAL", // Settled for good before.
        "3, COMMIT_PART",
        "9, COMMIT_PART" // Nobody's.
    })
    void shouldKeepACostThatCannotBeBookedExactlyOnce(long hold, SettleKind kind) {
        open(SMALL);
        order(1, MINE);
        messages.hold(budget, 3, MINE, 30, 0, 0, FOREVER);
        messages.settle(budget, 3, SettleKind.COMMIT_FINAL, 10);

        assertReason(ReasonCode.FACT_OUTSTANDING, messages.settle(budget, hold, kind, 5));
        assertEquals(10, budget.account(MINE, out).balance().committedMicros());
        assertEquals(
                hold == 9 ? ReasonCode.NONE : ReasonCode.ACCOUNT_OUTSTANDING,
                order(50, MINE).reason());
    }

    @ParameterizedTest
    @EnumSource(
            value = FactVerb.class,
            names = {"BOOK", "DROP"})
    void shouldBlockUntilAPersonBooksOrDropsAndTellARepetition(FactVerb verb) {
        open(SMALL);
        order(1, MINE);
        assertReason(
                ReasonCode.FACT_OUTSTANDING,
                messages.execution(budget, 1, 7, ExecutionKind.FILL, UNIT, -3, 0, UNIT, -1));
        assertReason(ReasonCode.ACCOUNT_OUTSTANDING, order(2, MINE));
        assertReason(ReasonCode.EXECUTION_DUPLICATE, fill(1, 7));
        budget = restored();

        BudgetResult settled = verb == FactVerb.DROP
                ? messages.drop(budget, MINE, SEQUENCE)
                : messages.book(budget, MINE, SEQUENCE, 12, UNIT, GOLD);

        assertReason(ReasonCode.NONE, settled);
        assertEquals(verb == FactVerb.BOOK ? 12 : 0, settled.balance().committedMicros());
        assertEquals(verb == FactVerb.BOOK ? UNIT : 0, settled.position());
        assertEquals(0, settled.balance().outstandingFacts());
        assertReason(ReasonCode.NONE, order(2, MINE));
        assertReason(ReasonCode.EXECUTION_DUPLICATE, fill(1, 7));
        assertReason(ReasonCode.FACT_UNKNOWN, messages.drop(budget, MINE, SEQUENCE));
    }

    @Test
    void shouldNotTakeBackWhatAPersonHasToBook() {
        open(SMALL);
        order(1, MINE);
        messages.execution(budget, 1, 7, ExecutionKind.FILL, UNIT, -3, 0, UNIT, -1);

        assertReason(
                ReasonCode.FACT_OUTSTANDING,
                messages.at(SEQUENCE + 1, 0).execution(budget, 1, 8, ExecutionKind.BUST, UNIT, 3, 0, UNIT, 7));
        assertEquals(2, budget.account(MINE, out).balance().outstandingFacts());
    }

    @Test
    void shouldNeverLetAPersonsRefundOrABustBehindItMakeCommittedNegative() {
        open(SMALL);
        order(1, MINE, 100);
        fill(1, 100);
        messages.execution(budget, 1, 7, ExecutionKind.FILL, UNIT, -3, 0, UNIT, -1);

        assertReason(ReasonCode.AMOUNT_OVERFLOW, messages.book(budget, MINE, SEQUENCE, -21, 0, NO_INSTRUMENT));
        assertReason(ReasonCode.NONE, messages.book(budget, MINE, SEQUENCE, -5, 0, NO_INSTRUMENT));
        assertReason(
                ReasonCode.FACT_OUTSTANDING, messages.execution(budget, 1, 8, ExecutionKind.BUST, 0, 0, 0, UNIT, 100));
        assertEquals(15, budget.account(MINE, out).balance().committedMicros());
    }

    @Test
    void shouldBookAnOrderThatWasRejectedHereOnTheAccountThatTheReportNames() {
        open(SMALL);

        BudgetResult first = messages.naming(OF_MINE).execution(budget, 4, 7, ExecutionKind.FILL, UNIT, 20, 1, 0, -1);

        assertReason(ReasonCode.NONE, first);
        assertEquals(21, first.balance().committedMicros());
        assertEquals(UNIT, first.position());
        assertFalse(budget.isStanding(4));
        budget = restored();
        assertReason(ReasonCode.EXECUTION_DUPLICATE, messages.naming(Messages.Named.NOTHING), 4, 7);
        assertReason(ReasonCode.NONE, messages, 4, 8);
        assertReason(ReasonCode.NONE, messages.execution(budget, 4, 9, ExecutionKind.BUST, 0, 0, 0, 0, 7));
        assertEquals(20, budget.account(MINE, out).balance().committedMicros());
    }

    @ParameterizedTest
    @CsvSource({"-1, 3, 1", "7, 4294967295, 1", "7, 3, 255", "99, 3, 1"
    }) // Account, instrument or side is missing or unknown.
    void shouldKeepAFillOfAnUnknownOrderThatIsNotDescribed(long account, long instrument, int side) {
        open(SMALL);

        BudgetResult kept = messages.naming(new Messages.Named(account, instrument, side))
                .execution(budget, 4, 7, ExecutionKind.FILL, UNIT, 20, 1, 0, -1);

        assertReason(ReasonCode.FACT_OUTSTANDING, kept);
        assertEquals(account == MINE ? MINE : NOBODY, kept.failure().accountId());
    }

    @ParameterizedTest
    @CsvSource({"true, COMMIT_PART", "true, COMMIT_FINAL", "false, COMMIT_PART", "false, COMMIT_FINAL"})
    void shouldBookACostHoweverLateItComes(boolean hasExpired, SettleKind kind) {
        open(SMALL);
        messages.hold(budget, 1, MINE, 10_000, 0, 0, hasExpired ? 5 : FOREVER);
        if (hasExpired) {
            budget.expire(5, 10, out);
        } else {
            messages.settle(budget, 1, SettleKind.RELEASE, 0);
        }
        assertFalse(budget.isStanding(1));
        budget = restored();

        BudgetResult late = messages.settle(budget, 1, kind, 10_015);

        assertReason(ReasonCode.NONE, late);
        assertEquals(0, late.holdId());
        assertEquals(15, late.balance().overdrawnMicros());
        assertReason(ReasonCode.ACCOUNT_OVERDRAWN, order(2, MINE));
        assertReason(
                kind == SettleKind.COMMIT_FINAL ? ReasonCode.FACT_OUTSTANDING : ReasonCode.NONE,
                messages.settle(budget, 1, SettleKind.COMMIT_FINAL, 1));
        assertReason(ReasonCode.HOLD_UNKNOWN, messages.settle(budget, 1, SettleKind.RELEASE, 0));
    }

    @Test
    void shouldBookTheCostOfAnUnknownHoldOnTheAccountThatTheSettleNames() {
        open(SMALL);
        messages.naming(OF_MINE);

        assertEquals(
                30,
                messages.settle(budget, 4, SettleKind.COMMIT_FINAL, 30)
                        .balance()
                        .committedMicros());
        assertReason(ReasonCode.FACT_OUTSTANDING, messages.settle(budget, 4, SettleKind.COMMIT_FINAL, 30));
    }

    @Test
    void shouldSettleTogetherWhatIsBeyondTheListByItsCountAndSpan() {
        open(SMALL);
        messages.naming(OF_MINE);
        for (int i = 0; i < 70; i++) {
            assertReason(ReasonCode.FACT_OUTSTANDING, messages.at(SEQUENCE + 10 * i, 0), Long.MAX_VALUE, 1);
        }
        assertReason(ReasonCode.NONE, messages.drop(budget, MINE, SEQUENCE));
        assertReason(ReasonCode.FACT_OUTSTANDING, messages.at(SEQUENCE + 700, 0), Long.MAX_VALUE, 1); // Beyond, too.
        budget = restored();
        long first = SEQUENCE + 640;
        long last = SEQUENCE + 700;

        assertReason(ReasonCode.FACT_UNKNOWN, messages.drop(budget, MINE, first));
        assertReason(ReasonCode.FACT_UNKNOWN, together(FactVerb.DROP, first, last, 6, 0));
        assertReason(ReasonCode.NONE, together(FactVerb.BOOK_PART, first, last, 7, 5));
        assertEquals(70, budget.account(MINE, out).balance().outstandingFacts());
        assertReason(ReasonCode.NONE, together(FactVerb.BOOK, first, last, 7, 30));
        assertEquals(63, budget.account(MINE, out).balance().outstandingFacts());
        assertEquals(35, out.balance().committedMicros());
        assertReason(ReasonCode.FACT_UNKNOWN, together(FactVerb.BOOK, first, last, 7, 30));
        for (int i = 1; i < 64; i++) {
            assertReason(ReasonCode.NONE, messages.drop(budget, MINE, SEQUENCE + 10 * i));
        }
        assertReason(ReasonCode.NONE, order(2, MINE));
    }

    @Test
    void shouldBookFactsOfNoAccountOnTheAccountThatAPersonNames() {
        open(SMALL);
        assertReason(ReasonCode.FACT_OUTSTANDING, messages, 4, 7);
        assertEquals(1, out(messages.drop(budget, 99, SEQUENCE)).outstandingFacts());

        assertReason(ReasonCode.ACCOUNT_UNKNOWN, messages.book(budget, NOBODY, SEQUENCE, 20, UNIT, GOLD));
        assertReason(ReasonCode.NONE, messages.book(budget, MINE, SEQUENCE, 20, UNIT, GOLD));
        assertEquals(20, budget.account(MINE, out).balance().committedMicros());
        assertReason(ReasonCode.FACT_UNKNOWN, messages.drop(budget, NOBODY, SEQUENCE));
    }

    private static BudgetResult.Balance out(BudgetResult result) {
        return result.balance();
    }

    private BudgetResult together(FactVerb verb, long first, long last, long count, long charge) {
        return messages.fact(budget, verb, MINE, first, last, count, charge, 0, NO_INSTRUMENT);
    }

    private void open(FactBounds bounds) {
        budget = new Budget(4, 16, bounds);
        budget.openAccount(MINE, 10_000, out);
        budget.openAccount(OTHERS, 10_000, out);
    }

    private Budget restored() {
        StateWriter writer = new StateWriter();
        budget.writeState(writer);
        assertEquals(writer.position(), budget.stateLength());
        Budget fresh = new Budget(4, 16, SMALL);
        fresh.readState(new StateReader(writer.byteArray(), 0, writer.position()));
        return fresh;
    }

    private BudgetResult order(long hold, long account) {
        return order(hold, account, 10);
    }

    private BudgetResult order(long hold, long account, long units) {
        return messages.order(budget, hold, account, GOLD, Side.BUY, units * UNIT, 20, NULL, 0);
    }

    private BudgetResult fill(long hold, long execution) {
        return messages.execution(budget, hold, execution, ExecutionKind.FILL, UNIT, 20, 0, 5 * UNIT, -1);
    }

    private BudgetResult end(long hold, long execution) {
        return messages.execution(budget, hold, execution, ExecutionKind.CANCELLED, 0, 0, 0, 0, -1);
    }

    private void assertReason(ReasonCode expected, Messages prepared, long hold, long execution) {
        assertReason(expected, prepared.execution(budget, hold, execution, ExecutionKind.FILL, UNIT, 20, 0, UNIT, -1));
    }

    private static void assertReason(ReasonCode expected, BudgetResult result) {
        assertEquals(expected, result.reason());
    }
}

package io.ringfence.engine.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.ringfence.schemas.ReasonCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountLedgerTest {
    private static final long MAX = Long.MAX_VALUE;

    private final AccountLedger ledger = new AccountLedger(4, 4);

    @ParameterizedTest
    @CsvSource({ // hold, account, micros, result: each refusal breaks its rule and, if it can, later ones.
        "1, 9,                    0, AMOUNT_NOT_POSITIVE",
        "1, 9, -9223372036854775808, AMOUNT_NOT_POSITIVE",
        "1, 9,                  500, ACCOUNT_UNKNOWN",
        "1, 7,  9223372036854775807, HOLD_DUPLICATE",
        "2, 7,  9223372036854775807, AMOUNT_OVERFLOW",
        "2, 7,  9223372036854775747, EXPOSURE_LIMIT",
        "2, 7,                   31, EXPOSURE_LIMIT",
        "2, 8,                  101, BUDGET_EXHAUSTED",
        "2, 8,                  100, NONE",
        "2, 7,                   30, NONE"
    })
    void shouldReserveOrReportTheFirstReasonThatApplies(long hold, long account, long micros, ReasonCode result) {
        ledger.ensure(7, 95);
        ledger.ensure(8, 100);
        ledger.setCap(7, 90);
        ledger.reserve(1, 7, 60);

        assertEquals(result, ledger.reserve(hold, account, micros));
    }

    @Test
    void shouldRefuseAnOverdrawnAccountBeforeItsSums() {
        ledger.ensure(7, 100);
        ledger.reserve(1, 7, 60);
        ledger.accounts().book(ledger.accounts().find(7), 0, 41);

        assertEquals(ReasonCode.HOLD_DUPLICATE, ledger.reserve(1, 7, MAX));
        assertEquals(ReasonCode.ACCOUNT_OVERDRAWN, ledger.reserve(2, 7, MAX));
    }

    @ParameterizedTest
    @CsvSource({ // hold, micros, result, available, reserved, committed
        "9,                  -1, AMOUNT_NOT_POSITIVE, 40, 60, 0",
        "9, 9223372036854775807, HOLD_UNKNOWN,        40, 60, 0",
        "1,                 101, COMMIT_OVERRUN,      40, 60, 0",
        "1,                 100, NONE,                 0,  0, 100",
        "1,                  60, NONE,                40,  0, 60",
        "1,                   0, NONE,               100,  0, 0"
    })
    void shouldCommitFinally(long hold, long micros, ReasonCode result, long available, long reserved, long committed) {
        ledger.ensure(7, 100);
        ledger.reserve(1, 7, 60);

        assertEquals(result, ledger.commit(hold, micros));

        assertBalance(7, available, reserved, committed);
        assertEquals(result != ReasonCode.NONE, ledger.hasHold(1));
    }

    @ParameterizedTest
    @CsvSource({ // hold, micros, result, available, reserved, committed, held
        "9,  -1, AMOUNT_NOT_POSITIVE, 40, 60,   0, 60",
        "9, 101, HOLD_UNKNOWN,        40, 60,   0, 60",
        "1, 101, COMMIT_OVERRUN,      40, 60,   0, 60",
        "1, 100, NONE,                 0,  0, 100,  0",
        "1,  60, NONE,                40,  0,  60,  0",
        "1,  25, NONE,                40, 35,  25, 35",
        "1,   0, NONE,                40, 60,   0, 60"
    })
    void shouldCommitAPartAndKeepTheRest(
            long hold, long micros, ReasonCode result, long available, long reserved, long committed, long held) {
        ledger.ensure(7, 100);
        ledger.reserve(1, 7, 60);

        assertEquals(result, ledger.commitPart(hold, micros));

        assertBalance(7, available, reserved, committed);
        assertEquals(held, ledger.heldMicros(1));
        assertEquals(1, ledger.openHolds());
    }

    @Test
    void shouldReportACommitBeyondTheRangeBeforeTheOverrun() {
        ledger.ensure(7, MAX);
        ledger.reserve(1, 7, 10);
        ledger.commit(1, 10);
        ledger.reserve(2, 7, 1);

        ledger.reserve(3, 7, MAX - 20);

        assertEquals(ReasonCode.AMOUNT_OVERFLOW, ledger.commit(2, MAX - 9));
        assertEquals(ReasonCode.COMMIT_OVERRUN, ledger.commit(2, MAX - 10));
        assertEquals(1, ledger.heldMicros(2));
    }

    @Test
    void shouldReleaseOnceAndOnlyOnce() {
        ledger.ensure(7, 100);
        ledger.reserve(1, 7, 60);

        assertEquals(ReasonCode.NONE, ledger.release(1));
        assertEquals(ReasonCode.HOLD_UNKNOWN, ledger.release(1));
        assertEquals(ReasonCode.HOLD_UNKNOWN, ledger.commit(1, 0));

        assertBalance(7, 100, 0, 0);
        assertFalse(ledger.hasHold(1));
    }

    @ParameterizedTest
    @CsvSource({
        "9,                   0, AMOUNT_NOT_POSITIVE",
        "9, 9223372036854775807, ACCOUNT_UNKNOWN",
        "7, 9223372036854775708, AMOUNT_OVERFLOW",
        "7, 9223372036854775707, NONE"
    })
    void shouldTopUpOrReportTheFirstReasonThatApplies(long account, long micros, ReasonCode result) {
        ledger.ensure(7, 100);

        assertEquals(result, ledger.topUp(account, micros));
        assertEquals(result == ReasonCode.NONE ? MAX : 100, ledger.grantedMicros(7));
    }

    @Test
    void shouldOpenAnAccountOnce() {
        assertEquals(ReasonCode.AMOUNT_NOT_POSITIVE, ledger.ensure(7, -1));
        assertFalse(ledger.hasAccount(7));
        assertEquals(ReasonCode.NONE, ledger.ensure(7, 0));
        assertEquals(ReasonCode.ACCOUNT_EXISTS, ledger.ensure(7, 5));

        assertEquals(0, ledger.grantedMicros(7));
    }

    @Test
    void shouldKeepTheCapThatANegativeOneWouldReplace() {
        ledger.ensure(7, 100);

        assertEquals(ReasonCode.NONE, ledger.setCap(7, 50));
        assertEquals(ReasonCode.AMOUNT_NOT_POSITIVE, ledger.setCap(7, -1));
        assertEquals(ReasonCode.ACCOUNT_UNKNOWN, ledger.setCap(8, 1));
        assertEquals(50, ledger.capMicros(7));
        assertEquals(ReasonCode.NONE, ledger.setCap(7, 0));
        assertEquals(ReasonCode.NONE, ledger.reserve(1, 7, 100));
    }

    @Test
    void shouldTakeEveryIdThereIs() {
        long[] ids = {0, 1, -1, MAX, Long.MIN_VALUE};
        for (long id : ids) {
            ledger.ensure(id, 10);
            ledger.reserve(id, id, 4);
        }

        for (long id : ids) {
            assertEquals(4, ledger.heldMicros(id));
            assertEquals(6, ledger.availableMicros(id));
        }
    }

    private void assertBalance(long account, long available, long reserved, long committed) {
        assertEquals(available, ledger.availableMicros(account), "available");
        assertEquals(reserved, ledger.reservedMicros(account), "reserved");
        assertEquals(committed, ledger.committedMicros(account), "committed");
    }
}

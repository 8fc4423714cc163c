package io.ringfence.engine.budget;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.bounds.FactBounds;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.AccountBalanceDecoder;
import io.ringfence.schemas.HoldStateDecoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.PositionStateDecoder;
import io.ringfence.schemas.Side;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetStateTest {
    private static final FactBounds REMEMBERED = new FactBounds(30, 400);
    private static final BudgetResult OUT = new BudgetResult();
    private static final Messages MESSAGES = new Messages();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldGoOnAsIfItHadNeverBeenWrittenAndReadBack(long seed) {
        BudgetTraffic traffic = new BudgetTraffic(seed, seed % 2 * 0.02);
        Budget original = new Budget(1, 1, REMEMBERED);
        Budget restored = new Budget(64, 64, REMEMBERED);

        for (int round = 0; round < 20; round++) {
            for (int step = 0; step < 100; step++) {
                traffic.told(Seen.of(traffic.next().real().apply(original)));
            }
            byte[] state = stateOf(original);
            restored.readState(new StateReader(state, 0, state.length));
            assertArrayEquals(state, stateOf(restored), "seed=" + seed + ", round=" + round);
            goOn(traffic, original, restored, "seed=" + seed + ", round=" + round);
        }
    }

    @Test
    void shouldWriteNothingForNothing() {
        assertEquals(0, stateOf(new Budget(1, 1, REMEMBERED)).length);
    }

    @Test
    void shouldWriteEqualBytesForEqualStateReachedOnOtherWays() {
        Budget one = new Budget(1, 1, REMEMBERED);
        one.openAccount(2, 100, OUT);
        one.openAccount(-1, 100, OUT);
        one.openAccount(1, 100, OUT);
        MESSAGES.hold(one, 9, 1, 5, 0, 0, -1);
        MESSAGES.hold(one, 3, 1, 5, 0, 0, 70);
        MESSAGES.hold(one, 4, 1, 50, 0, 0, 1);
        one.expire(1, 1, OUT);
        Budget other = new Budget(1, 1, REMEMBERED);
        other.openAccount(1, 50, OUT);
        other.topUp(1, 50, OUT);
        MESSAGES.hold(other, 4, 1, 50, 0, 0, 1);
        other.expire(1, 1, OUT);
        MESSAGES.hold(other, 3, 1, 5, 0, 0, 70);
        MESSAGES.hold(other, 9, 1, 5, 0, 0, -1);
        other.openAccount(-1, 100, OUT);
        other.openAccount(2, 100, OUT);

        assertArrayEquals(stateOf(one), stateOf(other));
    }

    @Test
    void shouldWriteAccountsInTheOrderOfTheirUnsignedIds() {
        Budget budget = new Budget(1, 1, REMEMBERED);
        budget.openAccount(-1, 0, OUT);
        budget.openAccount(2, 0, OUT);
        budget.openAccount(1, 0, OUT);

        ByteBuffer state = ByteBuffer.wrap(stateOf(budget)).order(ByteOrder.LITTLE_ENDIAN);

        int length = MessageHeaderDecoder.ENCODED_LENGTH + AccountBalanceDecoder.BLOCK_LENGTH;
        int id = MessageHeaderDecoder.ENCODED_LENGTH + AccountBalanceDecoder.accountIdEncodingOffset();
        assertEquals(1, state.getLong(id));
        assertEquals(2, state.getLong(length + id));
        assertEquals(-1, state.getLong(2 * length + id));
    }

    @Test
    void shouldRefuseAStateThatDoesNotAddUp() {
        Budget budget = new Budget(1, 1, REMEMBERED);
        budget.openAccount(1, 1_000, OUT);
        new Messages().order(budget, 5, 1, 0, Side.BUY, 100_000_000, 70, 0, 0);
        byte[] state = stateOf(budget);
        int available = MessageHeaderDecoder.ENCODED_LENGTH + AccountBalanceDecoder.availableMicrosEncodingOffset();
        int held = 2 * MessageHeaderDecoder.ENCODED_LENGTH
                + AccountBalanceDecoder.BLOCK_LENGTH
                + HoldStateDecoder.heldMicrosEncodingOffset();

        assertBroken(
                state, available, 929, "available + reserved + committed - overdrawn must equal granted: account=1");
        int openBuys =
                state.length - PositionStateDecoder.BLOCK_LENGTH + PositionStateDecoder.openBuyQuantityEncodingOffset();

        assertBroken(
                state,
                openBuys,
                99_999_999,
                "open quantity must be the sum of the open orders: account=1, instrument=0, buys=99999999 of 100000000");
        assertBroken(state, held, 69, "holds must add up to reserved: account=1, holds=69, reserved=70");
    }

    private static void assertBroken(byte[] state, int offset, long value, String message) {
        byte[] broken = state.clone();
        ByteBuffer.wrap(broken).order(ByteOrder.LITTLE_ENDIAN).putLong(offset, value);
        Budget budget = new Budget(1, 1, REMEMBERED);

        IllegalStateException fault = assertThrows(
                IllegalStateException.class, () -> budget.readState(new StateReader(broken, 0, broken.length)));

        assertTrue(fault.getMessage().startsWith(message), fault.getMessage());
    }

    private static void goOn(BudgetTraffic traffic, Budget original, Budget restored, String where) {
        for (int step = 0; step < 50; step++) {
            BudgetTraffic.Step command = traffic.next();
            Seen expected = Seen.of(command.real().apply(original));
            assertEquals(expected, Seen.of(command.real().apply(restored)), where + ", step=" + step);
            traffic.told(expected);
        }
        assertArrayEquals(stateOf(original), stateOf(restored), where);
    }

    private static byte[] stateOf(Budget budget) {
        StateWriter writer = new StateWriter();
        budget.writeState(writer);
        return Arrays.copyOf(writer.byteArray(), writer.position());
    }
}

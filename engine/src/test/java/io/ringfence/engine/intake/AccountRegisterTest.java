package io.ringfence.engine.intake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.ReasonCode;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AccountRegisterTest {
    private static final long EUR = 0x52_5545L;
    private static final long USD = 0x44_5355L;

    private final AccountRegister accounts = new AccountRegister();

    @Test
    void shouldLetATreeHaveEightLevels() {
        assertEquals(ReasonCode.NONE, accounts.open(1, AccountRegister.NO_PARENT, AccountRegister.NO_CURRENCY));
        for (long account = 2; account <= 8; account++) {
            assertEquals(ReasonCode.NONE, accounts.open(account, account - 1, AccountRegister.NO_CURRENCY));
        }

        assertEquals(ReasonCode.TREE_TOO_DEEP, accounts.open(9, 8, AccountRegister.NO_CURRENCY));

        assertFalse(accounts.contains(9));
        assertEquals(ReasonCode.NONE, accounts.open(9, 7, AccountRegister.NO_CURRENCY));
        assertEquals(7, accounts.parentId(8));
        assertEquals(AccountRegister.NO_PARENT, accounts.parentId(1));
    }

    @Test
    void shouldRefuseAParentThatWasNeverOpenedAlsoTheAccountItself() {
        assertEquals(ReasonCode.PARENT_UNKNOWN, accounts.open(1, 2, AccountRegister.NO_CURRENCY));
        assertEquals(ReasonCode.PARENT_UNKNOWN, accounts.open(1, 1, AccountRegister.NO_CURRENCY));
    }

    @Test
    void shouldLetATreeHaveOneCurrency() {
        accounts.open(1, AccountRegister.NO_PARENT, EUR);
        assertEquals(ReasonCode.NONE, accounts.open(2, 1, AccountRegister.NO_CURRENCY));
        assertEquals(ReasonCode.NONE, accounts.open(3, 1, EUR));
        accounts.open(4, AccountRegister.NO_PARENT, AccountRegister.NO_CURRENCY);

        assertEquals(ReasonCode.CURRENCY_DIFFERS, accounts.open(5, 1, USD));
        assertEquals(ReasonCode.CURRENCY_DIFFERS, accounts.open(5, 2, USD)); // Which has it from its parent.
        assertEquals(ReasonCode.CURRENCY_DIFFERS, accounts.open(5, 4, USD));
        assertFalse(accounts.contains(5));
    }

    @Test
    void shouldCloseAnAccountWithAllBelowIt() {
        accounts.open(1, AccountRegister.NO_PARENT, EUR);
        accounts.open(2, 1, EUR);
        accounts.open(3, 2, EUR);

        accounts.close(2);

        assertEquals(ReasonCode.NONE, accounts.check(1));
        assertEquals(ReasonCode.ACCOUNT_CLOSED, accounts.check(2));
        assertEquals(ReasonCode.ACCOUNT_CLOSED, accounts.check(3));
        assertEquals(ReasonCode.ACCOUNT_UNKNOWN, accounts.check(4));
        assertEquals(ReasonCode.ACCOUNT_CLOSED, accounts.open(4, 3, EUR));
    }

    @Test
    void shouldGoOnAlikeFromItsState() {
        accounts.open(9, AccountRegister.NO_PARENT, EUR);
        accounts.open(2, 9, AccountRegister.NO_CURRENCY);
        accounts.open(3, 2, EUR);
        accounts.close(3);
        byte[] state = stateOf(accounts);
        AccountRegister restored = new AccountRegister();
        StateReader reader = new StateReader(state, 0, state.length);
        MessageHeaderDecoder header = new MessageHeaderDecoder();
        while (reader.hasRemaining()) {
            header.wrap(reader.buffer(), reader.position());
            assertTrue(restored.readState(reader, header));
        }

        assertArrayEquals(state, stateOf(restored));
        assertEquals(2, restored.parentId(3));
        assertEquals(ReasonCode.ACCOUNT_CLOSED, restored.check(3));
        assertEquals(ReasonCode.CURRENCY_DIFFERS, restored.open(5, 2, USD));
        restored.close(9);
        assertEquals(ReasonCode.ACCOUNT_CLOSED, restored.check(2));
    }

    private static byte[] stateOf(AccountRegister register) {
        StateWriter writer = new StateWriter();
        register.writeState(writer, new MessageHeaderEncoder());
        return Arrays.copyOf(writer.byteArray(), writer.position());
    }
}

package io.ringfence.gateway.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringfence.gateway.config.AccountsFile.AccountEntry;
import io.ringfence.gateway.config.AccountsFile.AccountEntry.Purpose;
import io.ringfence.schemas.AccountLimit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountsFileTest {
    @TempDir
    Path folder;

    @Test
    void shouldReadAccountsAscendingById() throws IOException {
        Path file = write("[{id: 9, name: b, granted: 0.5, for: calls}, {id: 2, name: a, granted: 10, cap: 3}]");

        AccountsFile accounts = AccountsFile.read(file);

        assertEquals(
                List.of(
                        new AccountEntry(2, "a", 10_000_000, 3_000_000, Purpose.ORDERS, 0, "", Map.of()),
                        new AccountEntry(
                                9,
                                "b",
                                500_000,
                                0,
                                Purpose.CALLS,
                                0,
                                "",
                                Map.of(AccountLimit.MAX_BUY_QUANTITY, 0L, AccountLimit.MAX_SELL_QUANTITY, 0L))),
                accounts.accounts());
        assertArrayEquals(new long[] {2}, accounts.orderAccountIds());
        assertEquals(9, accounts.account("b").orElseThrow().id());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{id: 0, name: a, granted: 1}]|accounts[0].id: must be a whole number from 1 to 9223372036854775807: \"0\"",
                "[{id: 1, name: '', granted: 1}]|accounts[0].name: must be a name of 1 to 255 bytes: \"\"",
                "[{id: 1, name: a, granted: -1}]|accounts[0].granted: must be from 0 to 9223372036854.775807: \"-1\"",
                "[{id: 1, name: a, granted: 1, for: calls, max_sell_quantity: 1}]|accounts[0].max_sell_quantity: must not be given to an account for calls, which takes no orders",
                "[{id: 1, name: a, granted: 1, capp: 1}]|accounts[0].capp: is no known key: nearest known is cap",
                "[{id: 1, name: a, granted: 1, parent: b}]|accounts[0].parent: must be the name of an account of this file: b",
                "[{id: 1, name: a, granted: 1, parent: a}]|accounts[0].parent: must have at most 7 accounts above it, and none above itself: a",
                "[{id: 1, name: a, granted: 1, currency: usd}]|accounts[0].currency: must be 1 to 8 of A-Z and 0-9: usd",
                "[{id: 1, name: a, granted: 1, currency: USD}, {id: 2, name: b, granted: 1, parent: a, currency: EUR}]|accounts[1].currency: must be that of its tree's root: USD: EUR",
                "[{id: 1, name: a, granted: 1, max_buy_quantity: -1}]|accounts[0].max_buy_quantity: must not be negative: \"-1\"",
                "[{id: 1, name: a, granted: 1, max_sell_quantity: 92233720369}]|accounts[0].max_sell_quantity: must be at most 92233720368.54775807: \"92233720369\"",
                "[{id: 1, name: a, granted: 1}, {id: 1, name: b, granted: 1}]|accounts[1].id: must stand once: 1",
                "[{id: 1, name: a, granted: 1}, {id: 2, name: a, granted: 1}]|accounts[1].name: must stand once: a",
                "[]|accounts: must list an account: it is empty"
            })
    void shouldNameLineFieldAndRule(String list, String expected) throws IOException {
        Path file = write(list);

        ConfigFault fault = assertThrows(ConfigFault.class, () -> AccountsFile.read(file));

        assertEquals(file + ":1: " + expected, fault.getMessage());
    }

    @Test
    void shouldReadTreesCurrenciesAndLimits() throws IOException {
        Path file =
                write("[{id: 1, name: desk, granted: 10, parent: firm, max_buy_quantity: 100, max_order_value: 2.5},"
                        + " {id: 9, name: firm, granted: 0.5, currency: USD, max_sell_quantity: 0.00000001}]");

        AccountsFile accounts = AccountsFile.read(file);

        AccountEntry desk = accounts.account("desk").orElseThrow();
        AccountEntry firm = accounts.account("firm").orElseThrow();
        assertEquals(9, desk.parentId());
        assertEquals("", desk.currency());
        assertEquals(
                Map.of(AccountLimit.MAX_BUY_QUANTITY, 10_000_000_000L, AccountLimit.MAX_ORDER_VALUE, 2_500_000L),
                desk.limits());
        assertEquals(AccountEntry.NO_PARENT, firm.parentId());
        assertEquals("USD", firm.currency());
        assertEquals(Map.of(AccountLimit.MAX_SELL_QUANTITY, 1L), firm.limits());
    }

    @Test
    void shouldShipAccountsForOrdersCountedFromOne() {
        for (String name : List.of("accounts.yaml", "accounts-admit-all.yaml")) {
            AccountsFile accounts = AccountsFile.read(ConfFiles.path(name));

            assertArrayEquals(new long[] {1, 2, 3, 4}, accounts.orderAccountIds(), name);
        }
    }

    private Path write(String list) throws IOException {
        return Files.writeString(folder.resolve("accounts.yaml"), "accounts: " + list + "\n");
    }
}

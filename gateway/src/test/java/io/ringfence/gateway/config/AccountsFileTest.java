package io.ringfence.gateway.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringfence.gateway.config.AccountsFile.AccountEntry;
import io.ringfence.gateway.config.AccountsFile.AccountEntry.Purpose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
                        new AccountEntry(2, "a", 10_000_000, 3_000_000, Purpose.ORDERS),
                        new AccountEntry(9, "b", 500_000, 0, Purpose.CALLS)),
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
                "[{id: 1, name: a, granted: 1, capp: 1}]|accounts[0].capp: is no known key: nearest known is cap",
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

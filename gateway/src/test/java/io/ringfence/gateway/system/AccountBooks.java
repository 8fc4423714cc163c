package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.counters.CountersFile.AccountFigure;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.counters.EngineCounter;
import java.io.IOException;
import java.util.Map;

/** Balances what a stopped server shows of its accounts: in itself, and with what a client knows to stand. */
final class AccountBooks {
    private AccountBooks() {}

    static void assertBalanced(ServerFiles files, HoldBook book) throws IOException {
        try (CountersView counters = CountersView.open(files.counters())) {
            Map<Long, Map<AccountFigure, Long>> accounts = counters.accounts();
            assertEquals(ServerFiles.GRANTED_MICROS.keySet(), accounts.keySet());
            accounts.forEach((accountId, figures) -> {
                assertEquals(
                        ServerFiles.GRANTED_MICROS.get(accountId),
                        figures.get(AccountFigure.AVAILABLE_MICROS)
                                + figures.get(AccountFigure.RESERVED_MICROS)
                                + figures.get(AccountFigure.COMMITTED_MICROS)
                                - figures.get(AccountFigure.OVERDRAWN_MICROS),
                        () -> "account " + accountId + " does not balance: " + figures);
                assertTrue(
                        figures.get(AccountFigure.COMMITTED_MICROS) >= 0,
                        () -> "account " + accountId + " got more back than it spent: " + figures);
                assertEquals(
                        book.heldMicros(accountId),
                        figures.get(AccountFigure.RESERVED_MICROS),
                        () -> "account " + accountId + " holds something else than its client knows of");
            });
            long standing =
                    book.holds().stream().filter(hold -> !hold.hasEnded()).count();
            assertEquals(standing, counters.engine().get(EngineCounter.OPEN_HOLDS));
        }
    }
}

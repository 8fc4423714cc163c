package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.CountersFile.AccountFigure;
import io.ringfence.gateway.counters.CountersFile.PositionFigure;
import io.ringfence.gateway.counters.CountersView;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageTest {
    private final StringWriter written = new StringWriter();
    private final Page page = new Page(new PrintWriter(written, true));

    @TempDir
    private Path folder;

    @Test
    void shouldBreakATextBetweenWordsBelowWhereItBegan() {
        page.text("Head  ", "%s %s", "a".repeat(70), "b".repeat(20));
        page.text("Head  ", "%s", "c".repeat(90));

        assertEquals(List.of("Head  " + "a".repeat(70), "      " + "b".repeat(20), "Head  " + "c".repeat(90)), lines());
    }

    @Test
    void shouldMakeColumnsAsWideAsTheirWidestCell() {
        page.table(List.of(List.of("account", "open"), List.of("a", "1,000"), List.of("b", "7")));

        assertEquals(List.of("  account   open", "  a        1,000", "  b            7"), lines());
    }

    @Test
    void shouldShowCentsAndNoOverdraftWhereThereIsNone() throws IOException {
        accounts(2_500_000_000L, 0);

        assertEquals(
                List.of(
                        "",
                        "Budgets",
                        "  account   granted  reserved  committed  available",
                        "  7        2,500.00      0.00       0.00   2,500.00"),
                lines().subList(0, 4));
    }

    @ParameterizedTest
    @CsvSource({ // What is available and what was overdrawn, in micros; what is printed of it.
        "25000000000000, 25000000000000, '25,000,000.00'",
        "2500000000400000, 2500000000400000, '2,500,000,000'",
        "3000000000000000000, 3000000000000000000, '3,000,000.00'"
    })
    void shouldRoundAmountsUntilTheyFit(long availableMicros, long overdrawnMicros, String expected)
            throws IOException {
        accounts(availableMicros, overdrawnMicros);

        assertTrue(written.toString().contains("overdrawn"), written::toString);
        assertTrue(written.toString().contains("  " + expected + "  "), written::toString);
        for (String line : lines()) {
            assertTrue(line.length() <= Page.WIDTH, line);
        }
    }

    @Test
    void shouldShowAPositionForEachInstrument() throws IOException {
        accounts(250_000_000, 0);

        assertEquals(
                List.of(
                        "Open orders",
                        "  account  open",
                        "  7           3",
                        "",
                        "Positions   bought less sold, and what open orders may still trade",
                        "  account  instrument     position   open buys  open sells",
                        "  7                 0  -1.50000000  0.00000000  0.00000000",
                        "  7        4000000000   0.00000000  0.00000000  0.00000001"),
                lines().subList(5, 13));
    }

    private void accounts(long availableMicros, long overdrawnMicros) throws IOException {
        Path file = folder.resolve(CountersFile.NAME);
        try (CountersFile counters = CountersFile.create(file, "COMPACT", "MEMORY")) {
            counters.account(7).set(AccountFigure.AVAILABLE_MICROS, availableMicros);
            counters.account(7).set(AccountFigure.OVERDRAWN_MICROS, overdrawnMicros);
            counters.account(7).set(AccountFigure.COMMITTED_MICROS, overdrawnMicros);
            counters.account(7).set(AccountFigure.OPEN_ORDERS, 3);
            counters.account(7).position(0, PositionFigure.POSITION, -150_000_000);
            counters.account(7).position(4_000_000_000L, PositionFigure.OPEN_SELLS, 1);
        }
        try (CountersView view = CountersView.open(file)) {
            AccountsTable.of(view).print(page);
        }
    }

    private List<String> lines() {
        return written.toString().lines().toList();
    }
}

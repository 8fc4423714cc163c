package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.CountersFile.AccountFigure;
import io.ringfence.gateway.counters.CountersView;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Amounts of accounts as status shows them. */
class AccountsTableTest {
    @TempDir
    private Path directory;

    /** What is left of a budget, and what was committed of it, in micros; then the row of the table. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "999999999  |        0 | 999.999999 0.000000 0.000000 999.999999",
                "998996996  |  1003003 | 999.999999 0.000000 1.003003 998.996996",
                "-1         |        2 | 0.000001 0.000000 0.000002 -0.000001",
                "1000000000 |        0 | 1,000.00 0.00 0.00 1,000.00",
                "999000000  |  1000000 | 1,000.00 0.00 1.00 999.00",
            })
    void shouldRoundAmountsOnlyWhereTheyAreLarge(long available, long committed, String row) throws IOException {
        Path file = directory.resolve(CountersFile.NAME);
        try (CountersFile counters = CountersFile.create(file, "COMPACT", "MEMORY");
                CountersView view = CountersView.open(file)) {
            counters.account(7).set(AccountFigure.AVAILABLE_MICROS, available);
            counters.account(7).set(AccountFigure.COMMITTED_MICROS, committed);
            StringWriter text = new StringWriter();

            AccountsTable.of(view).print(new Page(new PrintWriter(text, true)));

            String shown = text.toString().lines().skip(3).findFirst().orElseThrow();
            assertEquals("7 " + row, shown.strip().replaceAll("\\s+", " "), text::toString);
        }
    }
}

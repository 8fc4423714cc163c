package io.ringfence.tools.report;

import static io.ringfence.tools.report.PricedPolicy.HIGH;
import static io.ringfence.tools.report.PricedPolicy.LOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.journal.store.RollFiles;
import io.ringfence.schemas.AccountCommandEncoder;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.Substitution;
import io.ringfence.tools.ExitCode;
import io.ringfence.tools.Shell;
import io.ringfence.tools.journal.WrittenJournal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real command over journals with known answers. A call has 1,000 units: it costs 1,000 micros by the cheap candidate, 3,000 by the middle
 * one, 10,000 by the dear one. Worth 20,000 micros, the cheap one has the highest utility; worth 100,000, the dear one.
 */
class SavingsCommandTest {
    private static final long GRANTED_MICROS = 1_000_000_000;

    @TempDir
    private Path folder;

    private Path directory;
    private long nextRequestId = 1;

    @BeforeEach
    void nameTheJournal() {
        directory = folder.resolve("journal");
    }

    @Test
    void shouldCompareWhatActedWithThreeWaysToChoose() throws IOException {
        try (WrittenJournal journal = PricedPolicy.journal(folder)) {
            ask(journal, 1, PricedPolicy.DEAR, LOW); // Acts cheap: 1,000; none 10,000; basic 1,000; smart 1,000.
            ask(journal, 1, PricedPolicy.CHEAP, HIGH); // Acts dear: 10,000; none 1,000; basic 1,000; smart 10,000.
            journal.call(nextRequestId++, 1, 0, PricedPolicy.MIDDLE, Substitution.NEVER, HIGH, 0, 0);
            // Acts middle, as directed: 3,000; none 3,000; basic 1,000; smart 10,000.
            journal.call(nextRequestId++, 1, 0, PricedPolicy.CHEAP, Substitution.ALLOWED, LOW, 0, 8_500);
            // Below its floor. Acts middle: 3,000; none 1,000; basic 3,000; smart 3,000.
        }

        JsonNode total = savings().path("totals").get(0);

        assertEquals(4, total.path("decisions").asLong());
        assertEquals(4, total.path("compared").asLong());
        assertEquals(3, total.path("substituted").asLong());
        assertEquals(1, total.path("asked_stopped").asLong());
        assertMicros(total, 17_000, 15_000, 6_000, 24_000);
        assertTrue(total.path("currency").isNull());
    }

    @Test
    void shouldCountWhatCannotBeComparedApart() throws IOException {
        try (WrittenJournal journal = PricedPolicy.journal(folder)) {
            ask(journal, 1, 0, HIGH); // Asks for nobody: dear acts.
            ask(journal, 1, 99, LOW); // Asks for a candidate that the policy does not have: cheap acts.
            journal.call(nextRequestId++, 1, 0, PricedPolicy.DEAR, Substitution.ALLOWED, LOW, 9_500, 0);
            assertEquals(Action.REJECT, journal.event().verdict().action());
            ask(journal, 1, PricedPolicy.DEAR, LOW);
            nextRequestId--;
            ask(journal, 1, PricedPolicy.DEAR, LOW); // The same request again.
            assertTrue(journal.event().isDuplicate());
            journal.call(nextRequestId++, 9, 0, PricedPolicy.DEAR, Substitution.ALLOWED, LOW, 0, 0); // No such account.
        }

        JsonNode object = savings();

        assertEquals(1, object.path("rows").size(), object::toString);
        JsonNode total = object.path("totals").get(0);
        assertEquals(4, total.path("decisions").asLong());
        assertEquals(3, total.path("admitted").asLong());
        assertEquals(1, total.path("compared").asLong());
        assertEquals(11_000, total.path("not_compared_micros").asLong());
        assertMicros(total, 1_000, 10_000, 1_000, 1_000);
    }

    @Test
    void shouldPriceEachDecisionByThePolicyOfItsEpoch() throws IOException {
        try (WrittenJournal journal = PricedPolicy.journal(folder)) {
            ask(journal, 1, PricedPolicy.DEAR, LOW); // 1,000 for 10,000.
            journal.activate(PricedPolicy.of(folder, 2, 0.5, 3, 15));
            ask(journal, 1, PricedPolicy.DEAR, LOW); // 500 for 15,000.
            ask(
                    journal,
                    1,
                    PricedPolicy.DEAR,
                    HIGH); // 10,000 of utility lost at 10; at 15 middle is best: 3,000 for 15,000.
            assertEquals(PricedPolicy.MIDDLE, journal.event().verdict().actedCandidateId());
        }

        JsonNode total = savings().path("totals").get(0);

        assertMicros(total, 1_000 + 500 + 3_000, 10_000 + 15_000 + 15_000, 1_000 + 500 + 500, 1_000 + 500 + 3_000);
    }

    /** 10 at 25.10 are 251 units in and 1 out: 0.60 bps and 0.10 an order at IEXG, 0.22 bps and 0.08 at MEMX. */
    @Test
    void shouldPriceOrdersByTheirNotionalAndFees() throws IOException {
        long actedMicros = 0;
        try (WrittenJournal journal = new WrittenJournal(directory, GRANTED_MICROS)) {
            for (int venue : new int[] {WrittenJournal.IEXG, WrittenJournal.MEMX}) {
                journal.order(nextRequestId++, "A-" + venue, 10 * WrittenJournal.ONE, venue, Substitution.ALLOWED);
                assertTrue(journal.event().verdict().isAdmitted());
                actedMicros += journal.event().verdict().costMicros();
            }
        }

        JsonNode total = savings().path("totals").get(0);

        long askedMicros = 251 * 60 + 100_000 + 251 * 22 + 80_000;
        assertEquals(
                askedMicros,
                total.path("baselines").path("none").path("cost_micros").asLong());
        assertEquals(actedMicros, total.path("acted_micros").asLong());
        assertEquals(0, saved(total, "smart"));
        assertTrue(saved(total, "basic") <= 0);
    }

    @Test
    void shouldTellAccountsUseCasesAndWeeksApart() throws IOException {
        long mondayNs = Instant.parse("2026-11-02T00:00:00Z").until(Instant.EPOCH, ChronoUnit.NANOS) * -1;
        try (WrittenJournal journal = PricedPolicy.journal(folder)) {
            journal.open(2, AccountCommandEncoder.parentAccountIdNullValue(), "EUR", "firm", GRANTED_MICROS);
            journal.open(3, 2, "", "desk-3", GRANTED_MICROS);
            journal.timeNs(mondayNs - 1);
            ask(journal, 1, PricedPolicy.DEAR, LOW);
            ask(journal, 1, PricedPolicy.DEAR, LOW);
            journal.call(nextRequestId++, 1, 1, PricedPolicy.MIDDLE, Substitution.ALLOWED, LOW, 0, 0);
            ask(journal, 3, PricedPolicy.CHEAP, LOW);
        }

        JsonNode object = savings();

        JsonNode rows = object.path("rows");
        assertEquals(4, rows.size(), rows::toString);
        assertRow(rows.get(0), "desk-1", "asking", "2026-10-26", 9_000);
        assertRow(rows.get(1), "desk-1", "asking", "2026-11-02", 9_000);
        assertRow(rows.get(2), "desk-1", "telling", "2026-11-02", 2_000);
        assertRow(rows.get(3), "desk-3", "asking", "2026-11-02", 0);
        assertEquals("EUR", rows.get(3).path("currency").asText());
        JsonNode totals = object.path("totals");
        assertEquals(2, totals.size());
        assertNull(totals.get(0).path("currency").textValue());
        assertMicros(totals.get(0), 3_000, 23_000, 3_000, 3_000);
        assertMicros(totals.get(1), 1_000, 1_000, 1_000, 1_000);
    }

    @Test
    void shouldPrintATable() {
        try (WrittenJournal journal = PricedPolicy.journal(folder)) {
            ask(journal, 1, PricedPolicy.DEAR, LOW);
        }

        Shell shell = new Shell("report", "savings", directory.toString());

        assertEquals(ExitCode.DONE, shell.exitCode(), shell::err);
        assertTrue(
                shell.out().lines().anyMatch(line -> line.matches(" +none +0\\.010000 +0\\.009000 +90\\.0 %")),
                shell::out);
        assertTrue(
                shell.out().lines().anyMatch(line -> line.matches(" +desk-1 +asking +2026-10-26 +1 .*0\\.009000.*")),
                shell::out);
    }

    @Test
    void shouldSayThatNothingWasDecidedAndThatAJournalIsDamaged() throws IOException {
        PricedPolicy.journal(folder).close();
        Shell empty = new Shell("report", "savings", directory.toString());
        assertEquals(ExitCode.DONE, empty.exitCode(), empty::err);
        assertEquals(directory + ": no request was decided", empty.out().strip());

        Shell none = new Shell("report", "savings", folder.resolve("other").toString());
        assertEquals(ExitCode.BAD_INPUT, none.exitCode());
        assertEquals(1, none.err().strip().lines().count(), none::err);

        Path file = RollFiles.list(directory).get(0);
        byte[] bytes = Files.readAllBytes(file);
        bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf("desk-1")] ^= 1;
        Files.write(file, bytes);
        Shell damaged = new Shell("report", "savings", directory.toString());
        assertEquals(ExitCode.CHECK_FAILED, damaged.exitCode(), damaged::out);
    }

    /** At any quality. */
    private void ask(WrittenJournal journal, long accountId, long candidateId, long valueMicros) {
        journal.call(nextRequestId++, accountId, 0, candidateId, Substitution.ALLOWED, valueMicros, 0, 0);
    }

    private static void assertRow(JsonNode row, String account, String useCase, String week, long savedMicros) {
        assertEquals(account, row.path("account").asText());
        assertEquals(useCase, row.path("use_case").asText());
        assertEquals(week, row.path("week").asText());
        assertEquals(savedMicros, saved(row, "none"));
    }

    private static void assertMicros(JsonNode sums, long acted, long none, long basic, long smart) {
        assertEquals(acted, sums.path("acted_micros").asLong(), sums::toString);
        assertEquals(none - acted, saved(sums, "none"), sums::toString);
        assertEquals(basic - acted, saved(sums, "basic"), sums::toString);
        assertEquals(smart - acted, saved(sums, "smart"), sums::toString);
        assertEquals(
                none, sums.path("baselines").path("none").path("cost_micros").asLong());
        assertTrue(sums.path("acted_micros").isIntegralNumber());
    }

    private static long saved(JsonNode sums, String baseline) {
        return sums.path("baselines").path(baseline).path("saved_micros").asLong();
    }

    private JsonNode savings() {
        return new Shell("report", "savings", directory.toString(), "--json").json();
    }
}

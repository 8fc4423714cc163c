package io.ringfence.tools.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ringfence.tools.ExitCode;
import io.ringfence.tools.Shell;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists what a person has to book or drop, and no more of it once that is done. */
class FactsCommandTest {
    private static final long UNKNOWN_HOLD = 1_000_000;
    private static final long UNIT = 100_000_000;

    @TempDir
    private Path directory;

    @Test
    void shouldListFactsUntilAPersonHasSettledThem() throws IOException {
        long dropped;
        long left;
        try (WrittenJournal journal = new WrittenJournal(directory)) {
            dropped = journal.fill(1, UNKNOWN_HOLD, UNIT);
            left = journal.fill(2, UNKNOWN_HOLD, 2 * UNIT);
            journal.drop(dropped);
        }

        Shell shell = new Shell("account", "facts", "--dir", directory.toString(), "--json");

        assertEquals(ExitCode.DONE, shell.exitCode(), shell::err);
        JsonNode facts = new ObjectMapper().readTree(shell.out()).path("facts");
        assertEquals(1, facts.size());
        assertEquals(left, facts.get(0).path("sequence").asLong());
        assertTrue(facts.get(0).path("account_id").isNull());
        assertEquals(2 * UNIT, facts.get(0).path("execution").path("quantity").asLong());
    }

    @Test
    void shouldSayForPeopleWhatWasReportedAndWhen() throws IOException {
        long sequence;
        try (WrittenJournal journal = new WrittenJournal(directory)) {
            sequence = journal.fill(1, UNKNOWN_HOLD, 2 * UNIT);
        }

        String text = new Shell("account", "facts", "--dir", directory.toString()).out();

        List<String> lines = text.lines().toList();
        assertEquals("1 outstanding facts", lines.get(0));
        assertTrue(lines.get(1).startsWith("  " + sequence + "  no account, "), text);
        String report = text.replaceAll("\\s+", " ");
        assertTrue(report.contains("fill 1 on hold 1000000: 2 at 25, fee 0.1"), text);
    }

    @Test
    void shouldRefuseANameWhereNoNamesAreKnown() throws IOException {
        new WrittenJournal(directory).close();

        Shell shell = new Shell("account", "facts", "--dir", directory.toString(), "--account", "desk-9");

        assertEquals(ExitCode.BAD_INPUT, shell.exitCode(), shell::err);
        assertTrue(
                shell.err().startsWith("ringfence account facts: --account: must be an account's number, "),
                shell::err);
    }
}

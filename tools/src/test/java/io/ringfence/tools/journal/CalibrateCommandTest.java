package io.ringfence.tools.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.Substitution;
import io.ringfence.schemas.Tristate;
import io.ringfence.tools.ExitCode;
import io.ringfence.tools.Shell;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrateCommandTest {
    private static final int NOT_GRADED = 65_535;
    private static final long GRANTED_MICROS = 1_000_000_000_000L;
    private static final long TEN = 10 * WrittenJournal.ONE;

    @TempDir
    private Path directory;

    private long nextRequestId = 1;

    @Test
    void shouldShowTheQualityThatACandidateReallyHad() throws IOException {
        try (WrittenJournal journal = new WrittenJournal(directory, GRANTED_MICROS)) {
            for (int grade = 0; grade <= 200; grade++) {
                order(journal, WrittenJournal.MEMX);
                journal.outcome(nextRequestId++, 0, 6_000 + grade, Tristate.YES);
            }
            order(journal, WrittenJournal.MEMX);
            journal.outcome(nextRequestId++, 0, NOT_GRADED, Tristate.NO);
        }

        JsonNode object = calibrate();

        assertEquals(201, object.path("graded").asLong());
        assertEquals(1, object.path("ungraded").asLong());
        assertEquals(201.0 / 202, object.path("coverage").asDouble());
        assertEquals(1, object.path("candidates_with_grades").asLong());
        JsonNode graded = object.path("candidates").get(0);
        assertEquals("MEMX", graded.path("name").asText());
        assertEquals(6_100, graded.path("mean_bps").asDouble());
        assertEquals(6_010, graded.path("p5_bps").asDouble());
        assertEquals(6_190, graded.path("p95_bps").asDouble());
        assertEquals(201, graded.path("successes").asLong());
        assertTrue(graded.path("below_catalog").asBoolean(), graded::toString);
        assertEquals(1, graded.path("failures").asLong());
    }

    @Test
    void shouldShowNothingButCountsOfFewGrades() throws IOException {
        try (WrittenJournal journal = new WrittenJournal(directory, GRANTED_MICROS)) {
            for (int i = 0; i < 199; i++) {
                order(journal, WrittenJournal.MEMX);
                journal.outcome(nextRequestId++, 0, 100, Tristate.NO);
            }
        }

        JsonNode object = calibrate();

        assertEquals(199, object.path("graded").asLong());
        assertTrue(object.path("mean_bps").isNull());
        assertTrue(object.path("candidates").get(0).path("p95_bps").isNull());
        assertFalse(object.path("candidates").get(0).path("below_catalog").asBoolean());
        assertEquals(
                0, object.path("candidates").get(0).path("success_interval").size());
    }

    @Test
    void shouldCountTheLastRevisionOfADecision() throws IOException {
        try (WrittenJournal journal = new WrittenJournal(directory, GRANTED_MICROS)) {
            order(journal, WrittenJournal.MEMX);
            journal.outcome(nextRequestId++, 0, NOT_GRADED, Tristate.YES);
            journal.outcome(nextRequestId++, 2, 5_000, Tristate.NO);
            journal.outcome(nextRequestId++, 1, NOT_GRADED, Tristate.YES);
            journal.outcome(nextRequestId++, 2, NOT_GRADED, Tristate.YES);
        }

        JsonNode object = calibrate();

        assertEquals(1, object.path("graded").asLong());
        assertEquals(0, object.path("ungraded").asLong());
        assertEquals(1, object.path("failures").asLong());
    }

    @Test
    void shouldNotCountAGradeThatALaterRevisionTakesBack() throws IOException {
        try (WrittenJournal journal = new WrittenJournal(directory, GRANTED_MICROS)) {
            order(journal, WrittenJournal.MEMX);
            journal.outcome(nextRequestId++, 0, 5_000, Tristate.YES);
            journal.outcome(nextRequestId++, 1, Disposition.ABANDONED, NOT_GRADED, Tristate.UNKNOWN);
        }

        JsonNode object = calibrate();

        assertEquals(0, object.path("graded").asLong());
        assertEquals(0, object.path("ungraded").asLong());
    }

    @Test
    void shouldSayThatThereIsNothing() throws IOException {
        new WrittenJournal(directory, GRANTED_MICROS).close();

        JsonNode object = calibrate();

        assertTrue(object.path("coverage").isNull());
        assertEquals(0, object.path("candidates").size());
    }

    @Test
    void shouldPrintATable() {
        try (WrittenJournal journal = new WrittenJournal(directory, GRANTED_MICROS)) {
            order(journal, WrittenJournal.MEMX);
            journal.outcome(nextRequestId++, 0, 5_000, Tristate.YES);
        }

        Shell shell = new Shell("calibrate", directory.toString());

        assertEquals(ExitCode.DONE, shell.exitCode(), shell::err);
        assertTrue(shell.out().contains("1 outcomes of acts that have ended, 1 of them graded (100.0 %)"), shell::out);
        assertTrue(shell.out().lines().anyMatch(line -> line.contains("MEMX")), shell::out);
        assertTrue(shell.out().lines().allMatch(line -> line.length() <= 120), shell::out);
    }

    private void order(WrittenJournal journal, int candidateId) {
        journal.order(nextRequestId++, "order-" + nextRequestId, TEN, candidateId, Substitution.ALLOWED);
        journal.rememberFacts();
    }

    private JsonNode calibrate() throws IOException {
        Shell shell = new Shell("calibrate", directory.toString(), "--json");
        assertEquals(ExitCode.DONE, shell.exitCode(), shell::err);
        return new ObjectMapper().readTree(shell.out());
    }
}

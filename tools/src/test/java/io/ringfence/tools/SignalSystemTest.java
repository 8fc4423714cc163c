package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sends SIGINT and SIGTERM to processes at any moment, and reads what they say and leave. */
@Tag("system")
@Timeout(600)
class SignalSystemTest {
    private static final int ENDED_BY_SIGTERM = 128 + 15;
    private static final int MOMENTS = 12;
    private static final long MOMENT_MS = 130;
    private static final String STOPPED =
            "ringfence: asked to end during the start: stopped cleanly, nobody was served\n";

    @TempDir
    Path folder;

    /** Before the main class is loaded the JVM itself ends, without a word. Nothing has begun then. */
    @Test
    void shouldEndCleanlyAndSaySoAtAnyMomentOfAStart() throws InterruptedException {
        boolean wasStopped = false;
        for (int moment = 0; moment < MOMENTS || !wasStopped && moment < 4 * MOMENTS; moment++) {
            Path begun = folder.resolve("j" + moment);
            String journal = moment < MOMENTS ? "j" : begun.getFileName().toString();
            try (ChildProcess server = ChildProcess.start(folder, "serve", "--dir", journal)) {
                if (moment < MOMENTS) {
                    Thread.sleep(moment * MOMENT_MS);
                } else { // On a slow machine none of them may be late enough: one is when it has begun its journal.
                    server.await("it begins its journal", () -> Files.exists(begun));
                }
                server.terminate();
                int exitCode = server.exitCode();
                String said = server.err();

                if (exitCode == ENDED_BY_SIGTERM) {
                    // A JVM of 21 and later may say so itself, when the signal comes before its loggers are made.
                    said = said.replaceFirst("^\\s*Runtime\\.exit\\(143\\) logging failed: .*\\s*", "");
                    assertTrue(said.isEmpty() || said.equals("ringfence: ended by SIGTERM\n"), said);
                } else {
                    assertEquals(ExitCode.DONE, exitCode, said);
                    assertTrue(
                            said.equals(STOPPED)
                                    || said.isEmpty() && !server.out().isEmpty(),
                            said);
                    wasStopped |= said.equals(STOPPED);
                }
            }
        }

        assertTrue(wasStopped, "a moment of a start was met");
        try (ChildProcess server = ChildProcess.start(folder, "serve", "--dir", "j")) {
            assertTrue(server.firstLine().startsWith("ringfence: serving j: "));
            server.signal("INT");
            assertEquals(ExitCode.DONE, server.exitCode(), server::err);
        }
        assertEquals("stopped", run("status --json --dir j").json().get("state").textValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void shouldPrintWhatADemoHadSoFarWhenItIsInterrupted(String signal) throws InterruptedException {
        String[] demo = {"demo", "--json", "--warmup", "0.1", "--duration", "3600", "--rate", "2000", "--dir", "j"};
        try (ChildProcess child = ChildProcess.start(folder, demo)) {
            child.await("it sends orders", () -> status("decisions") > 1_000);
            child.signal(signal);

            assertEquals(ExitCode.INTERRUPTED, child.exitCode(), child::err);
            assertEquals("", child.err());
            JsonNode object = child.json();
            assertTrue(object.get("interrupted").booleanValue());
            assertTrue(object.get("requests").longValue() > 1_000, object::toString);
            assertTrue(object.get("one_in_flight").get("requests").longValue() > 0, object::toString);
            assertTrue(object.get("verify").isNull(), object::toString);
            assertTrue(object.get("replay").isNull(), object::toString);
            assertTrue(object.get("accounts").size() > 0, object::toString);
        }
        assertTrue(run("verify --json j").json().get("anchored").booleanValue());
    }

    @Test
    void shouldMarkTheTextOfAnInterruptedDemo() throws InterruptedException {
        String[] demo = {"demo", "--warmup", "0.1", "--duration", "3600", "--rate", "2000", "--dir", "j"};
        try (ChildProcess child = ChildProcess.start(folder, demo)) {
            child.await("it sends orders", () -> status("decisions") > 0);
            child.signal("INT");

            assertEquals(ExitCode.INTERRUPTED, child.exitCode(), child::err);
            assertTrue(
                    child.out()
                            .matches("(?s)Demo        [^\n]*\n[^\n]*\nInterrupted before its end: these are the figures"
                                    + " until then.\n\nWarm-up .*"),
                    child::out);
            assertTrue(child.out().contains("\n  verify    not done: interrupted\n"), child::out);
        }
    }

    @Test
    void shouldSayHowMuchOfTheWarmUpWasDone() throws IOException, InterruptedException {
        try (ChildProcess child = ChildProcess.start(folder, "demo", "--warmup", "20", "--dir", "j")) {
            child.await("it warms up", this::hasWarmUpJournal);
            child.signal("TERM");

            assertEquals(ExitCode.INTERRUPTED, child.exitCode(), child::err);
            assertEquals("", child.out());
            assertTrue(
                    child.err()
                            .matches("ringfence demo: interrupted: only a part of the warm-up was done, [0-9,]+ orders;"
                                    + " nothing was measured or journaled\n"),
                    child.err());
            assertFalse(hasWarmUpJournal(), "what was made for the warm-up is deleted");
        }
    }

    private boolean hasWarmUpJournal() {
        if (!Files.exists(folder.resolve("j"))) {
            return false;
        }
        try (Stream<Path> below = Files.list(folder.resolve("j"))) {
            return below.anyMatch(path -> Files.exists(path.resolve("run.properties")));
        } catch (IOException deletedMeanwhile) {
            return false;
        }
    }

    @Test
    void shouldPrintWhatALoadHadSoFarWhenItIsInterrupted() throws InterruptedException {
        try (ChildProcess server = ChildProcess.start(folder, "serve", "--dir", "j")) {
            server.firstLine();
            String[] load = {"load", "--json", "--duration", "3600", "--rate", "2000", "--dir", "j"};
            try (ChildProcess child = ChildProcess.start(folder, load)) {
                child.await("it sends orders", () -> status("decisions") > 500);
                child.signal("INT");

                assertEquals(ExitCode.INTERRUPTED, child.exitCode(), child::err);
                assertEquals("", child.err());
                assertTrue(child.json().get("interrupted").booleanValue());
                assertTrue(child.json().get("requests").longValue() > 500, child::out);
            }
            server.terminate();
            assertEquals(ExitCode.DONE, server.exitCode(), server::err);
        }
    }

    private long status(String figure) {
        if (!Files.exists(folder.resolve("j/counters.dat"))) {
            return 0;
        }
        Shell status = run("status --json --dir j");
        return status.exitCode() == ExitCode.DONE ? status.json().get(figure).longValue() : 0;
    }

    private Shell run(String line) {
        return Shell.in(folder, line.split(" "));
    }
}

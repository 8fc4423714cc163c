package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.gateway.RunFile;
import io.ringfence.journal.store.RollFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Serves in one process, asks and loads from others, watches from others again. */
@Tag("system")
class ServeSystemTest {
    private static final Path POLICY = Path.of(System.getProperty("ringfence.root"), "conf/policies/venues.yaml");
    private static final String[] SERVE = {"serve", "--dir", "j"};

    /** With smaller files and windows. */
    private static final String[] LIGHT = {"serve", "--dir", "j", "--config", "c.yaml"};

    @TempDir
    Path folder;

    @Test
    void shouldServeOtherProcessesAndStopCleanlyWhenAsked() throws InterruptedException {
        try (ChildProcess server = ChildProcess.start(folder, "serve", "--dir", "j")) {
            String ready = server.firstLine();

            ChildProcess load = ChildProcess.run(folder, "load", "--json", "--requests", "2000", "--dir", "j");
            ChildProcess ask = ChildProcess.run(
                    folder,
                    "ask",
                    "--json",
                    "--dir",
                    "j",
                    "--account",
                    "desk-1",
                    "--candidate",
                    "XNAS",
                    "--quantity",
                    "100",
                    "--price",
                    "25.10");
            ChildProcess anew =
                    ChildProcess.run(folder, "principal", "restart", "4", "--why", "test", "--json", "--dir", "j");
            ChildProcess never = ChildProcess.run(folder, "principal", "restart", "9", "--why", "test", "--dir", "j");
            ChildProcess otherMode = ChildProcess.run(folder, "load", "--durability", "disk", "--dir", "j");
            ChildProcess second = ChildProcess.run(folder, "serve", "--dir", "j");
            JsonNode running = status();
            server.terminate();

            assertTrue(ready.startsWith("ringfence: serving j: process "), ready);
            assertEquals(ExitCode.DONE, load.exitCode(), load::err);
            assertEquals(2_000, load.json().get("requests").longValue());
            assertEquals(ExitCode.DONE, ask.exitCode(), ask::err);
            assertTrue(ask.json().get("held_micros").longValue() >= 2_510_000_000L, ask::out);
            assertEquals(64, ask.json().get("entry_hash").textValue().length());
            assertEquals(ExitCode.DONE, anew.exitCode(), anew::err);
            assertEquals("APPLIED", anew.json().get("reason").textValue());
            assertEquals(ExitCode.CHECK_FAILED, never.exitCode(), never::err);
            assertEquals("principal 9: nothing to forget: it never sent a request\n", never.out());
            assertEquals(ExitCode.BAD_INPUT, otherMode.exitCode());
            assertEquals(
                    "ringfence load: --durability: must be as the engine runs, memory: \"disk\"\n", otherMode.err());
            assertEquals(ExitCode.ENVIRONMENT_FAILED, second.exitCode());
            assertEquals(1, second.err().lines().count());
            assertTrue(running.get("alive").booleanValue());
            assertEquals("running", running.get("state").textValue());
            assertEquals(2_001, running.get("decisions").longValue());
            assertEquals("desk-1", running.get("accounts").get(0).get("name").textValue());
            assertEquals(ExitCode.DONE, server.exitCode(), server::err);
            assertEquals("", server.err());
        }
        JsonNode ended = status();
        assertFalse(ended.get("alive").booleanValue());
        assertEquals("stopped", ended.get("state").textValue());
        assertEquals(ended.get("sequence"), ended.get("watermark"));
        assertEquals(ended.get("sequence"), ended.get("snapshot_sequence"));
        assertEquals(3, ended.get("snapshot_by").intValue(), "the stop wrote it");
        assertTrue(ended.get("snapshot_bytes").longValue() > 0);
        String shown = Shell.in(folder, "status", "--dir", "j").out();
        assertTrue(shown.contains(" bytes, by the stop; 0 skipped"), shown);
        JsonNode verified = ChildProcess.run(folder, "verify", "--json", "j").json();
        assertTrue(verified.get("ok").booleanValue());
        assertTrue(verified.get("anchored").booleanValue());
        assertEquals(
                ExitCode.ENVIRONMENT_FAILED,
                ChildProcess.run(folder, "load", "--dir", "j").exitCode());
    }

    @Test
    void shouldTellAnEngineThatWasKilledFromOneThatStopped() throws InterruptedException {
        try (ChildProcess server = ChildProcess.start(folder, "serve", "--dir", "j")) {
            server.firstLine();
            server.kill();
        }

        assertEquals("killed", status().get("state").textValue());
        Shell told = Shell.in(folder, "status", "--dir", "j");
        assertEquals(ExitCode.DONE, told.exitCode(), told::err);
        assertTrue(told.out().contains(", killed: it did not end cleanly, "), told::out);
    }

    @Test
    void shouldSayWhatAPersonMightNotExpectOfTheJournal() throws IOException, InterruptedException {
        Files.createDirectories(folder.resolve("j/demo-1"));
        Files.createFile(folder.resolve("j/demo-1/watermark"));
        Files.createFile(RollFiles.path(folder.resolve("j/demo-1"), 1));
        String begun = serveOnce();
        String usual = serveOnce();
        Files.write(folder.resolve("j/watermark"), new byte[0]);
        String emptied = serveOnce();

        assertEquals(
                "ringfence: a new journal begins in j itself; those below it are others, and stay as they are: j/demo-1\n",
                begun);
        assertEquals("", usual);
        assertTrue(
                emptied.startsWith("ringfence: the watermark file was empty or missing, so nothing vouched"), emptied);
        assertEquals(1, emptied.lines().count(), emptied);
    }

    private String serveOnce() throws InterruptedException {
        return serveOnce(new String[0])[1];
    }

    @Test
    void shouldSayWhereTheTimeOfItsStartWent() throws IOException, InterruptedException {
        writeConfig();
        serveOnce("--config", "c.yaml");
        try (ChildProcess server = ChildProcess.start(folder, LIGHT)) {
            server.firstLine();
            JsonNode running = status();
            server.terminate();
            assertEquals(ExitCode.DONE, server.exitCode(), server::err);

            String line = server.out().lines().toList().get(1);
            assertTrue(
                    line.matches(
                            "ringfence: started from the snapshot at sequence [0-9]+, restored in [0-9.]+ s; 1?[0-9]+"
                                    + " records proved in [0-9.]+ s, 0 of them applied in [0-9.]+ s of it; 0 older ones .*"),
                    line);
            assertEquals(0, running.get("starting").intValue());
            assertEquals(0, running.get("older_records").intValue());
            assertEquals(0, running.get("damaged_sequence").intValue());
        }
        try (ChildProcess server = ChildProcess.start(folder, withMore(LIGHT, "--json"))) {
            server.firstLine();
            server.terminate();
            assertEquals(ExitCode.DONE, server.exitCode(), server::err);

            JsonNode start = server.json().get("start");
            long older = start.get("older_records").longValue();
            assertTrue(older > 0, start::toString);
            assertEquals(
                    older + start.get("proved_records").longValue(),
                    start.get("restored_sequence").longValue());
        }
    }

    @Test
    void shouldTellRightsThatDifferAndPutThemWhenAsked() throws IOException, InterruptedException {
        String usual = ShippedServer.config(POLICY);
        Files.writeString(folder.resolve("first.yaml"), usual);
        Files.writeString(
                folder.resolve("second.yaml"),
                usual.replace("demo, role: trader}", "demo, role: trader, accounts: [4, 1]}"));

        String[] seeded = serveOnce("--config", "first.yaml");
        String[] told = serveOnce("--config", "second.yaml");
        String[] put = serveOnce("--config", "second.yaml", "--apply-rights");
        String[] after = serveOnce("--config", "second.yaml");

        String all = "on all accounts, later ones included";
        String tools = "; 4 tools: trader " + all;
        assertTrue(
                seeded[0].endsWith(
                        "; 1 demo: trader " + all + "; 2 ops: operator " + all + "; 3 risk: risk " + all + tools),
                seeded[0]);
        assertEquals("", seeded[1]);
        String difference = "ringfence: rights of principal 1 (demo): the journal says trader " + all
                + "; the file says trader on accounts 1, 4: ";
        assertTrue(
                told[0].endsWith(
                        "; 1 demo: trader " + all + "; 2 ops: operator " + all + "; 3 risk: risk " + all + tools),
                told[0]);
        assertEquals(difference + "not put; --apply-rights puts what the file says\n", told[1]);
        assertTrue(
                put[0].endsWith(
                        "; 1 demo: trader on accounts 1, 4; 2 ops: operator " + all + "; 3 risk: risk " + all + tools),
                put[0]);
        assertEquals(difference + "put as the file says\n", put[1]);
        assertEquals("", after[1]);
        assertTrue(Shell.in(folder, "replay", "--json", "j").json().get("ok").booleanValue());
    }

    /** The line that says that it is ready, and what it says besides. */
    private String[] serveOnce(String... options) throws InterruptedException {
        try (ChildProcess server = ChildProcess.start(folder, withMore(SERVE, options))) {
            String ready = server.firstLine();
            server.terminate();
            assertEquals(ExitCode.DONE, server.exitCode(), server::err);
            return new String[] {ready, server.err()};
        }
    }

    /** As when a file of the installation is missing, which the JVM finds when it first needs it. */
    @Test
    void shouldEndAtOnceWithOneLineAfterAnErrorOfTheStart() {
        String withoutDriver = ChildProcess.classPathWithout("aeron-driver");

        try (ChildProcess server = ChildProcess.startWith(withoutDriver, folder, "serve", "--dir", "j")) {
            assertEquals(ExitCode.ENVIRONMENT_FAILED, server.exitCode());
            assertTrue(
                    server.err()
                            .startsWith("ringfence: ends at once: java.lang.NoClassDefFoundError: io/aeron/driver/"),
                    server::err);
            assertEquals(1, server.err().lines().count(), server::err);
        }
    }

    @Test
    void shouldServeThoughTheRunFileIsEmpty() throws IOException, InterruptedException {
        Files.createDirectory(folder.resolve("j"));
        Files.createFile(folder.resolve("j").resolve(RunFile.NAME));

        String said = serveOnce();

        assertEquals(1, said.lines().count(), said);
        assertTrue(said.contains("j/" + RunFile.NAME), said);
    }

    @Test
    void shouldAskAnEngineMadeForTheQuestionAndLeaveNothingBehind() {
        ChildProcess order = ChildProcess.run(
                folder,
                "ask",
                "--account",
                "desk-1",
                "--candidate",
                "XNAS",
                "--quantity",
                "100",
                "--price",
                "25.10",
                "--no-substitute");
        ChildProcess call = ChildProcess.run(
                folder,
                "ask",
                "--json",
                "--account",
                "team-a",
                "--candidate",
                "gpt-4o",
                "--use-case",
                "support",
                "--input-units",
                "1200");

        assertEquals(ExitCode.DONE, order.exitCode(), order::err);
        assertTrue(order.out().startsWith("EXECUTE     as asked: XNAS\n"), order::out);
        for (String word : new String[] {"why", "floor", "held        2510.", "remaining", "entry hash"}) {
            assertTrue(order.out().contains(word), order::out);
        }
        assertEquals(ExitCode.DONE, call.exitCode(), call::err);
        assertEquals("gpt-4o", call.json().get("requested_candidate").textValue());
        assertFalse(Files.exists(folder.resolve("ringfence-data")));
    }

    @Test
    void shouldPrintTheHeadAfterACleanStop() throws IOException, InterruptedException {
        writeConfig();
        for (String[] options : List.of(LIGHT, withMore(LIGHT, "--json"))) {
            try (ChildProcess server = ChildProcess.start(folder, options)) {
                server.firstLine();
                server.terminate();
                assertEquals(ExitCode.DONE, server.exitCode(), server::err);
                String said = options == LIGHT ? server.out() : server.err();
                String head = Shell.in(folder, "head", "j").out().strip();
                assertTrue(said.endsWith("ringfence: stopped cleanly: head " + head + "\n"), said);
            }
        }
    }

    @Test
    void shouldTakeNoOrderOnAnAccountForCalls() throws IOException, InterruptedException {
        try (ShippedServer server = ShippedServer.start(folder)) {
            JsonNode answer =
                    server.done("ask --dir j --account team-a --candidate XNAS --quantity 100 --price 25.10 --json");

            assertEquals("REJECT", answer.get("action").textValue());
            assertEquals("ORDER_QUANTITY_LIMIT", answer.get("reason").textValue());
            assertEquals(0, answer.get("control").get("limit").longValue());
        }
    }

    private void writeConfig() throws IOException {
        Files.writeString(folder.resolve("c.yaml"), ShippedServer.config(POLICY));
    }

    private static String[] withMore(String[] words, String... more) {
        return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
    }

    private JsonNode status() {
        return Shell.in(folder, "status", "--json", "--dir", "j").json();
    }
}

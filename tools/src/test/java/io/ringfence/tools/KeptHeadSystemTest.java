package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.journal.chain.Head;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server gives its head to a file and a command; verify holds the journal to what was kept. */
@Tag("system")
class KeptHeadSystemTest {
    private static final Path CONF =
            Path.of(System.getProperty("ringfence.root")).resolve("conf").toAbsolutePath();

    @TempDir
    Path folder;

    private Path file;
    private Path given;

    @BeforeEach
    void nameFiles() {
        file = folder.resolve("kept/ringfence.head");
        given = folder.resolve("given.txt");
    }

    @Test
    void shouldKeepHeadsThatVerifyFindsInTheJournal() throws IOException, InterruptedException {
        Files.createDirectory(file.getParent());
        Path command = script("echo \"$1\" >> " + given);
        try (ChildProcess server = serve("disk", file.toString(), command.toString())) {
            server.firstLine();
            server.await("the first head", () -> Files.exists(given) && Files.exists(file));
            long first = head().sequence();

            ChildProcess load = ChildProcess.run(folder, "load", "--requests", "500", "--dir", "j");
            server.await("a later head", () -> head().sequence() > first + 500);
            JsonNode status = status();
            server.terminate();

            assertEquals(ExitCode.DONE, load.exitCode(), load::err);
            assertTrue(status.path("head_kept_sequence").longValue() > first, status::toString);
            assertEquals(0, status.path("head_failures").longValue());
            assertEquals(ExitCode.DONE, server.exitCode(), server::err);
            assertEquals("", server.err());
        }

        List<String> heads = Files.readAllLines(given);
        JsonNode end = Shell.in(folder, "head", "--json", "j").json();
        assertEquals(end.path("sequence").longValue(), head().sequence(), "a stop keeps the last head");
        assertEquals(end.path("entry_hash").textValue(), head().entryHashHex());
        assertEquals(head().toString(), heads.get(heads.size() - 1));
        assertTrue(heads.size() > 2, heads::toString);
        for (String kept : List.of(heads.get(0), heads.get(heads.size() / 2), Files.readString(file))) {
            Shell verify = Shell.in(folder, "verify", "j", "--expect", kept);
            assertEquals(ExitCode.DONE, verify.exitCode(), verify::out);
        }
        try (var left = Files.list(file.getParent())) {
            assertEquals(List.of(file), left.toList());
        }
    }

    @Test
    void shouldServeOnAndSayOnceThatTheHeadCannotBeKept() throws IOException, InterruptedException {
        try (ChildProcess server = serve("memory", file.toString(), "")) {
            server.firstLine();
            server.await("two failures", () -> status().path("head_failures").longValue() >= 2);

            ChildProcess load = ChildProcess.run(folder, "load", "--requests", "100", "--dir", "j");
            Files.createDirectory(file.getParent());
            server.await("a kept head", () -> Files.exists(file));
            server.await("its line", () -> linesOfTheHead(server).size() == 2);
            server.terminate();

            assertEquals(ExitCode.DONE, load.exitCode(), load::err);
            assertEquals(ExitCode.DONE, server.exitCode(), server::err);
            List<String> lines = linesOfTheHead(server);
            assertTrue(
                    lines.get(0)
                            .startsWith("ringfence: head: the journal's head cannot be kept: " + file
                                    + ".new: there is no such file or directory"),
                    lines::toString);
            assertTrue(lines.get(1).startsWith("ringfence: head: the head is kept again: "), lines::toString);
            assertEquals(2, lines.size(), lines::toString);
        }
    }

    private static List<String> linesOfTheHead(ChildProcess server) {
        return server.err()
                .lines()
                .filter(line -> line.startsWith("ringfence: head: "))
                .toList();
    }

    @Test
    void shouldNotBeHeldUpByACommandThatDoesNotEnd() throws IOException, InterruptedException {
        Path command = script("sleep 600");
        try (ChildProcess server = serve("memory", "", command.toString())) {
            server.firstLine();

            ChildProcess load = ChildProcess.run(folder, "load", "--requests", "100", "--dir", "j");
            server.await("a failure", () -> status().path("head_failures").longValue() > 0);
            server.terminate();

            assertEquals(ExitCode.DONE, load.exitCode(), load::err);
            assertEquals(ExitCode.DONE, server.exitCode(), server::err);
            List<String> lines = server.err().lines().toList();
            assertTrue(lines.get(0).contains(command + " has not ended within 10 s, and was killed"), lines::toString);
            assertTrue(
                    lines.get(1).startsWith("ringfence: head: the journal's last head was not kept: "),
                    lines::toString);
            assertEquals(2, lines.size(), lines::toString);
        }
    }

    @Test
    void shouldSayNothingOfACommandThatAStopInterrupts() throws IOException, InterruptedException {
        Path started = folder.resolve("started");
        Path command = script("[ -e " + started + " ] || { touch " + started + "; exec sleep 600; }");
        try (ChildProcess server = serve("memory", "", command.toString())) {
            server.firstLine();
            server.await("the command", () -> Files.exists(started));
            server.terminate();

            assertEquals(ExitCode.DONE, server.exitCode(), server::err);
            assertEquals(List.of(), linesOfTheHead(server), "the stop keeps the last head by a turn of its own");
        }
    }

    @Test
    void shouldCountACommandThatFails() throws IOException, InterruptedException {
        Path command = script("exit 7");
        try (ChildProcess server = serve("memory", "", command.toString())) {
            server.firstLine();
            server.await("a failure", () -> status().path("head_failures").longValue() > 0);
            server.terminate();

            assertEquals(ExitCode.DONE, server.exitCode(), server::err);
            assertTrue(server.err().contains(command + " ended with exit code 7"), server::err);
        }
    }

    private ChildProcess serve(String durability, String headFile, String headCommand) throws IOException {
        String shipped = ShippedServer.config(CONF.resolve("policies/venues.yaml"));
        String config = shipped.replaceFirst("(?m)^durability: .*", "durability: " + durability)
                .replaceFirst("(?m)^  file:$", "  file: " + headFile)
                .replaceFirst("(?m)^  command:$", "  command: " + headCommand)
                .replaceFirst("(?m)^  interval: 10s$", "  interval: 100ms");
        Path written = Files.writeString(folder.resolve("ringfence.yaml"), config);
        return ChildProcess.start(folder, "serve", "--config", written.toString(), "--dir", "j");
    }

    private Path script(String line) throws IOException {
        Path script = Files.writeString(folder.resolve("keep.sh"), "#!/bin/sh\n" + line + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    private Head head() {
        try {
            return Head.read(Files.readString(file).strip()).orElseThrow();
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }

    private JsonNode status() {
        return Shell.in(folder, "status", "--json", "--dir", "j").json();
    }
}

package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringfence.gateway.RunFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Asks as another user than the engine's. Needs the rights of root, to be somebody else. */
@Tag("system")
@Timeout(600)
class OtherUserTest {
    private static final List<String> AS_NOBODY =
            List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups");
    private static final long WAITS_AT_MOST_S = 20;
    private static final long PATIENCE_S = 100;

    @TempDir
    Path folder;

    private String classPath;
    private ChildProcess server;
    private long startNs;
    private RunFile run;

    @BeforeEach
    void serve() throws IOException, InterruptedException {
        allow(folder, "rwxr-xr-x");
        classPath = readableClassPath();
        String[] look = {
            "test",
            "-r",
            Path.of(System.getProperty("ringfence.root"), "conf/accounts.yaml").toString()
        };
        assumeTrue(asNobody(look), "needs setpriv, the rights of root, and files of the project that others may read");
        long beginNs = System.nanoTime();
        server = ChildProcess.start(folder, "serve", "--dir", "j");
        server.firstLine();
        startNs = System.nanoTime() - beginNs;
        run = RunFile.read(folder.resolve("j")).orElseThrow();
    }

    private static boolean asNobody(String... command) throws InterruptedException {
        List<String> whole = new ArrayList<>(AS_NOBODY);
        whole.addAll(List.of(command));
        try {
            Process process = new ProcessBuilder(whole).start();
            return process.waitFor(PATIENCE_S, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    /** A copy of the class path that others may read. */
    private String readableClassPath() throws IOException {
        Path lib = Files.createDirectory(folder.resolve("lib"));
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path from = Path.of(entry);
            Path to = lib.resolve(entries.size() + "-" + from.getFileName());
            if (Files.isDirectory(from)) {
                try (Stream<Path> tree = Files.walk(from)) {
                    for (Path path : tree.toList()) {
                        Files.copy(path, to.resolve(from.relativize(path).toString()));
                    }
                }
            } else if (Files.exists(from)) {
                Files.copy(from, to);
            }
            entries.add(to.toString());
        }
        return String.join(File.pathSeparator, entries);
    }

    @AfterEach
    void end() {
        if (server != null) {
            server.terminate();
            assertEquals(ExitCode.DONE, server.exitCode(), server::err);
            server.close();
        }
    }

    @Test
    void shouldNameTheFileOfTheDriverThatCannotBeWritten() throws IOException {
        letEnterDriver();
        allow(run.gateway().aeronDirectory().resolve("cnc.dat"), "rw-r--r--");

        requireRefused(run.gateway().aeronDirectory().resolve("cnc.dat"), "write");
    }

    @Test
    void shouldNameTheDirectoryOfTheDriverThatCannotBeEntered() throws IOException {
        Path parent = run.gateway().aeronDirectory().getParent();
        requireRefused(parent, "enter");
        allow(parent, "rwxr-xr-x");

        requireRefused(run.gateway().aeronDirectory(), "enter");
    }

    /** As shipped, nobody but the engine's user may. */
    private void letEnterDriver() throws IOException {
        allow(run.gateway().aeronDirectory().getParent(), "rwxr-xr-x");
        allow(run.gateway().aeronDirectory(), "rwxr-xr-x");
    }

    /** The driver may be reached, and its streams not. */
    @Test
    void shouldNameTheDirectoryOfTheStreamsThatCannotBeEntered() throws IOException {
        letEnterDriver();
        allow(run.gateway().aeronDirectory().resolve("cnc.dat"), "rw-rw-rw-");

        ChildProcess asked = ask();

        assertEquals(ExitCode.ENVIRONMENT_FAILED, asked.exitCode(), asked::err);
        assertTrue(asked.err().contains("publications: permission denied: user nobody may not enter it ("), asked::err);
        assertEquals(1, asked.err().lines().count(), asked::err);
    }

    @Test
    void shouldNameTheFilesOfTheDataDirectoryThatCannotBeRead() throws IOException {
        Path data = folder.resolve("j").toRealPath();
        for (String name : List.of("lock", "run.properties")) {
            allow(data.resolve(name), "rw-------");
            requireRefused(data.resolve(name), "read");
            allow(data.resolve(name), "rw-r--r--");
        }
        allow(data, "rwx------");

        requireRefused(data, "enter");
    }

    @Test
    void shouldNameTheDirectoryOfAJournalThatCannotBeEntered() throws IOException {
        Path data = folder.resolve("j");
        allow(data, "rwx------");
        for (String command : List.of(
                "verify j",
                "head j",
                "replay j",
                "inspect j",
                "calibrate j",
                "report savings j",
                "report learning j",
                "account show --dir j",
                "account holds --dir j",
                "account facts --dir j",
                "status --dir j",
                "serve --dir j")) {
            String words = command.replaceAll("( --dir)? j$", "");
            ChildProcess asked = ChildProcess.startBehind(AS_NOBODY, classPath, folder, command.split(" "));

            assertEquals(ExitCode.ENVIRONMENT_FAILED, asked.exitCode(), asked::err);
            assertEquals(
                    "ringfence " + words + ": " + data
                            + ": permission denied: user nobody may not enter it (rwx------, owner root)\n",
                    asked.err());
        }
        allow(data, "rwx--x--x");
        ChildProcess verify = ChildProcess.startBehind(AS_NOBODY, classPath, folder, "verify", "j");

        assertEquals(ExitCode.ENVIRONMENT_FAILED, verify.exitCode(), verify::err);
        assertEquals(
                "ringfence verify: " + data
                        + ": permission denied: user nobody may not read it (rwx--x--x, owner root)\n",
                verify.err());
    }

    @Test
    void shouldNameTheDirectoryInWhichNothingCanBeMade() {
        String denied = folder + ": permission denied: user nobody may not write it (rwxr-xr-x, owner root)";
        ChildProcess demo = ChildProcess.startBehind(AS_NOBODY, classPath, folder, "demo", "--requests", "1");
        ChildProcess serve = ChildProcess.startBehind(AS_NOBODY, classPath, folder, "serve", "--dir", "new");

        assertEquals(ExitCode.ENVIRONMENT_FAILED, demo.exitCode(), demo::err);
        assertEquals(1, demo.err().lines().count(), demo::err);
        assertTrue(
                demo.err().endsWith(": no directory can be made there: " + denied + "; name another one with --dir\n"),
                demo::err);
        assertEquals(ExitCode.ENVIRONMENT_FAILED, serve.exitCode(), serve::err);
        assertEquals("ringfence serve: " + denied + "\n", serve.err());
    }

    private void requireRefused(Path file, String right) throws IOException {
        ChildProcess asked = ask();

        assertEquals(ExitCode.ENVIRONMENT_FAILED, asked.exitCode(), asked::err);
        assertTrue(
                asked.err().contains(file + ": permission denied: user nobody may not " + right + " it ("), asked::err);
        assertTrue(asked.err().endsWith(", owner root)\n"), asked::err);
        assertEquals(1, asked.err().lines().count(), asked::err);
    }

    private ChildProcess ask() {
        String[] ask = {"ask", "--account", "desk-1", "--quantity", "1", "--price", "25.10", "--dir", "j"};
        long beginNs = System.nanoTime();
        ChildProcess asked = ChildProcess.startBehind(AS_NOBODY, classPath, folder, ask);
        asked.exitCode();
        // It works less than the server did until it served; beyond that it may wait.
        long waitedS = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - beginNs - 3 * startNs);
        assertTrue(waitedS < WAITS_AT_MOST_S, () -> "waitedS=" + waitedS);
        return asked;
    }

    private static void allow(Path path, String rights) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
    }
}

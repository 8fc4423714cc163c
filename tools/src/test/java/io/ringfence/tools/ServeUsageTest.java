package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.journal.store.RollFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What serve and its neighbours say where they cannot begin. */
class ServeUsageTest {
    private static final String HOME = "ringfence.home";

    @TempDir
    private Path folder;

    @BeforeEach
    void setUp() {
        System.setProperty(HOME, System.getProperty("ringfence.root"));
    }

    @AfterEach
    void tearDown() {
        System.clearProperty(HOME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "file/below/it"})
    void shouldRefuseADirectoryThatIsAFile(String name) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "kept");
        String path = folder.resolve(name).toString();

        Shell serve = new Shell("serve", "--dir", path);
        Shell demo = new Shell("demo", "--dir", path);

        assertEquals(ExitCode.BAD_INPUT, serve.exitCode());
        assertEquals(
                "ringfence serve: --dir: must be a directory, or be free for one: " + file + " is not a directory\n",
                serve.err());
        assertEquals(ExitCode.BAD_INPUT, demo.exitCode());
        assertEquals(1, demo.err().lines().count(), demo::err);
        assertEquals("kept", Files.readString(file));
    }

    @Test
    void shouldSayThatADirectoryCannotBeMade() {
        Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self")), "no /proc here");

        Shell serve = new Shell("serve", "--dir", "/proc/foo");

        assertEquals(ExitCode.ENVIRONMENT_FAILED, serve.exitCode());
        assertEquals(
                "ringfence serve: cannot open the journal in /proc/foo: /proc/foo: there is no such file or directory,"
                        + " and none can be made\n",
                serve.err());
    }

    @Test
    void shouldNameTheKeyOfAConfiguredDirectoryThatIsAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "kept");
        Path config = Files.writeString(folder.resolve("r.yaml"), "data_dir: " + file + "\n");

        Shell serve = new Shell("serve", "--config", config.toString());

        assertEquals(ExitCode.BAD_INPUT, serve.exitCode());
        assertEquals(
                "ringfence serve: " + config + ": data_dir: must be a directory, or be free for one: " + file
                        + " is not a directory\n",
                serve.err());
    }

    @Test
    void shouldWriteNoRecordWhereTheAeronDirectoryIsNotFree() throws IOException {
        Path mine = Files.createDirectory(folder.resolve("mine"));
        Files.writeString(mine.resolve("letter.txt"), "kept");
        Path config = Files.writeString(
                folder.resolve("r.yaml"),
                "data_dir: j\naeron:\n  directory: " + mine + "\npolicy: "
                        + Installation.conf("policies/crypto.yaml") + "\naccounts: "
                        + Installation.conf("accounts.yaml")
                        + "\n");

        Shell serve = new Shell(
                "serve",
                "--config",
                config.toString(),
                "--dir",
                folder.resolve("j").toString());

        assertEquals(ExitCode.ENVIRONMENT_FAILED, serve.exitCode());
        assertTrue(serve.err().contains("Aeron directory holds files of no driver"), serve::err);
        assertEquals(1, serve.err().lines().count(), serve::err);
        assertEquals(List.of(), RollFiles.list(folder.resolve("j")));
        assertEquals("kept", Files.readString(mine.resolve("letter.txt")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "load"})
    void shouldNameTheJournalsBelowADirectoryWhereNoEngineRan(String command) throws IOException {
        Path demo = Files.createDirectory(folder.resolve("demo-1"));
        Files.createFile(demo.resolve("watermark"));
        Files.createFile(RollFiles.path(demo, 1));
        Path file = Files.createFile(folder.resolve("file"));

        Shell above = new Shell(command, "--dir", folder.toString());
        Shell noDirectory = new Shell(command, "--dir", file.toString());

        assertEquals(ExitCode.BAD_INPUT, above.exitCode());
        assertTrue(above.err().endsWith(", but there is a journal in " + demo + "\n"), above::err);
        assertEquals(ExitCode.BAD_INPUT, noDirectory.exitCode());
        assertTrue(noDirectory.err().endsWith(file + " is no directory\n"), noDirectory::err);
    }
}

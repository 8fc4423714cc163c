package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.RunFile;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.server.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Whose files a start deletes in the driver's directory, and who can reach what it makes there. */
@Tag("system")
@EnabledOnOs(OS.LINUX)
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class DriverAccessTest {
    private static final int OTHER_USER = 65_534;
    private static final Duration HEARTBEAT_INTERVAL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String GROUP = "games";

    @TempDir
    Path directory;

    private ServerFiles files;
    private Path others;

    @BeforeEach
    void letOthersIn() throws IOException {
        files = ServerFiles.write(directory, "compact", "memory");
        others = Files.writeString(
                Files.createDirectory(directory.resolve("others")).resolve("kept"), "kept");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void shouldRefuseALinkAmongTheFilesOfAKilledDriverAndDeleteNothing() throws Exception {
        leaveFilesOfAKilledDriver();
        Path link = Files.createSymbolicLink(files.aeron().resolve("images/link"), others.getParent());

        try (ServeProcess again = ServeProcess.start(files)) {
            assertNotEquals(0, again.exitCode());
        }
        assertRefused("Aeron directory must hold no link, which could lead to files of others: " + link);
        assertTrue(Files.exists(files.aeron().resolve("cnc.dat")));

        Files.delete(link);
        Ringfence.start(ServerConfig.read(files.config())).close();
        assertFalse(Files.exists(files.aeron()));
        assertTrue(Files.exists(others));
    }

    @Test
    void shouldRefuseADirectoryThatIsALink() throws Exception {
        leaveFilesOfAKilledDriver();
        Path moved = Files.move(files.aeron(), directory.resolve("moved"));
        Files.createSymbolicLink(files.aeron(), moved);

        assertRefused("Aeron directory must hold no link, which could lead to files of others: " + files.aeron());
        assertTrue(Files.exists(moved.resolve("cnc.dat")));
    }

    @Test
    void shouldDeleteALinkAndNotWhatItNamesWhereItCameLater() throws Exception {
        try (Ringfence ringfence = Ringfence.start(ServerConfig.read(files.config()))) {
            Files.createSymbolicLink(files.aeron().resolve("link"), others.getParent());
            assertFalse(ringfence.hasEnded());
        }

        assertFalse(Files.exists(files.aeron()));
        assertTrue(Files.exists(others));
    }

    @Test
    void shouldRefuseFilesOfAnotherUser() throws Exception {
        leaveFilesOfAKilledDriver();
        Path foreign = files.aeron().resolve("cnc.dat");
        giveAway(foreign);

        assertRefused("Aeron directory must be this user's alone: " + foreign + " is of user " + OTHER_USER);
        assertTrue(Files.exists(foreign));
    }

    @Test
    void shouldRefuseALockOfAnotherUser() throws Exception {
        Path lock = Files.createFile(files.aeron().resolveSibling("aeron.lock"));
        giveAway(lock);

        UncheckedIOException refused = assertThrows(
                UncheckedIOException.class,
                () -> Ringfence.start(ServerConfig.read(files.config())).close());

        assertTrue(refused.getMessage().contains(lock + " is of user " + OTHER_USER), refused::getMessage);
    }

    /** Neither the directory nor its lock can be opened by this user: the kernel's list of locks tells whether a process holds the lock. */
    @Test
    void shouldSayOfAnotherUsersDirectoryWhetherItsProcessRuns() throws Exception {
        requireRoot();
        try (ServeProcess server = ServeProcess.start(files)) {
            server.awaitReady();
            Path lock = files.aeron().resolveSibling("aeron.lock");
            giveAway(lock);
            giveAway(files.aeron());

            assertRefusedWith("; process " + server.pid() + " runs there: name another directory");
            server.kill();
            server.awaitKilled();
            assertRefusedWith(
                    "; no process that can be seen here holds it: if no process elsewhere does, take it away with "
                            + lock + ", or name another directory");
            assertTrue(Files.exists(files.aeron().resolve("cnc.dat")));
        }
    }

    /** A start on another journal, with the driver's directory of the first. */
    private void assertRefusedWith(String end) throws IOException {
        Path config = files.config().resolveSibling("other.yaml");
        Files.writeString(
                config,
                Files.readString(files.config())
                        .replace("data_dir: " + files.data(), "data_dir: " + directory.resolve("data-2")));
        UncheckedIOException refused = assertThrows(
                UncheckedIOException.class,
                () -> Ringfence.start(ServerConfig.read(config)).close());

        assertTrue(refused.getMessage().startsWith("Aeron directory must be this user's alone: "), refused::getMessage);
        assertTrue(refused.getMessage().endsWith(end), refused::getMessage);
        assertEquals(1, refused.getMessage().lines().count());
    }

    @Test
    void shouldLetNoOtherUserReachTheStreams() throws Exception {
        requireRoot();
        try (Ringfence ringfence = Ringfence.start(ServerConfig.read(files.config()));
                RingfenceClient client = files.connect(ServerFiles.OPERATOR)) {
            assertTrue(client.isConnected());
            assertEquals("rwx------", mode(files.aeron()));
            assertTrue(isDone("test", "-e", files.config().toString()), "the other user reaches the directory above");
            for (Path path : all(files.aeron())) {
                assertFalse(isDone("test", "-r", path.toString()), path::toString);
            }
            assertFalse(ringfence.hasEnded());
        }
    }

    @Test
    void shouldLetMembersOfTheGroupBeClientsAndNobodyElse() throws Exception {
        requireRoot();
        String config = Files.readString(files.config());
        Files.writeString(
                files.config(),
                config.replace("directory: " + files.aeron(), "group: " + GROUP + ", directory: " + files.aeron()));
        try (Ringfence ringfence = Ringfence.start(ServerConfig.read(files.config()));
                RingfenceClient client = files.connect(ServerFiles.OPERATOR)) {
            assertTrue(client.isConnected());
            String streams = "ls " + files.aeron() + "/publications/*";
            String usable =
                    "for f in " + files.aeron() + "/cnc.dat $(" + streams + "); do test -r $f -a -w $f || exit 1; done";
            assertTrue(isDone(GROUP, "sh", "-c", usable + "; test ! -w " + files.aeron()));
            assertFalse(isDone("test", "-x", files.aeron().toString()));
            assertFalse(ringfence.hasEnded());
        }
    }

    @Test
    void shouldNameAGroupThatIsNotThere() throws Exception {
        String config = Files.readString(files.config());
        Files.writeString(files.config(), config.replace("aeron: {", "aeron: {group: no-such-group, "));

        assertRefused("aeron.group: there is no such group: \"no-such-group\"");
    }

    /** The name cannot be guessed; the journal's directory says it, also for what a killed engine has left. */
    @Test
    void shouldTakeANewNameForEachStartThatIsFoundThroughTheJournal() throws Exception {
        Files.writeString(
                files.config(), Files.readString(files.config()).replace("directory: " + files.aeron() + ", ", ""));
        ServerConfig config = ServerConfig.read(files.config());
        Path first = startAndFind(config);
        Path second = startAndFind(config);

        assertNotEquals(first, second);
        assertTrue(first.getParent().getFileName().toString().matches("ringfence-[0-9a-f]{32}"), first::toString);
        assertFalse(Files.exists(first.getParent()), "a clean stop leaves nothing");
        assertFalse(Files.exists(second.getParent()), "a clean stop leaves nothing");
    }

    private Path startAndFind(ServerConfig config) throws IOException {
        try (Ringfence ringfence = Ringfence.start(config)) {
            RunFile.of(ringfence, config).write(config.dataDir());
            RunFile run = RunFile.read(config.dataDir()).orElseThrow();
            assertEquals("rwx------", mode(run.gateway().aeronDirectory().getParent()));
            assertEquals("rwx------", mode(run.gateway().aeronDirectory()));
            try (RingfenceClient client = RingfenceClient.connect(new ClientSettings(
                    run.gateway().aeronDirectory(),
                    run.gateway().requestStreamId(),
                    ServerFiles.OPERATOR,
                    HEARTBEAT_INTERVAL,
                    PATIENCE))) {
                assertTrue(client.isConnected());
            }
            return run.gateway().aeronDirectory();
        }
    }

    private void leaveFilesOfAKilledDriver() throws Exception {
        try (ServeProcess server = ServeProcess.start(files)) {
            server.awaitReady();
            server.kill();
            server.awaitKilled();
        }
        Files.createDirectories(files.aeron().resolve("images"));
        RawClient.await(() -> Files.exists(files.aeron().resolve("cnc.dat")));
    }

    private void assertRefused(String begin) {
        UncheckedIOException refused = assertThrows(
                UncheckedIOException.class,
                () -> Ringfence.start(ServerConfig.read(files.config())).close());

        assertTrue(refused.getMessage().startsWith(begin), refused::getMessage);
        assertEquals(1, refused.getMessage().lines().count());
        assertTrue(Files.exists(others));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static List<Path> all(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.toList();
        }
    }

    private static void requireRoot() throws Exception {
        assumeTrue(isDone("true"), "to be another user needs the rights of root: setpriv");
    }

    private static void giveAway(Path path) throws Exception {
        requireRoot();
        Files.setAttribute(path, "unix:uid", OTHER_USER);
    }

    /** Runs a command as another user, who is in no group. */
    private static boolean isDone(String... command) throws Exception {
        return run(Stream.concat(
                Stream.of("setpriv", "--reuid=" + OTHER_USER, "--regid=" + OTHER_USER, "--clear-groups"),
                Stream.of(command)));
    }

    private static boolean isDone(String group, String shell, String option, String script) throws Exception {
        return run(Stream.of(
                "setpriv", "--reuid=" + OTHER_USER, "--regid=" + group, "--clear-groups", shell, option, script));
    }

    private static boolean run(Stream<String> command) throws Exception {
        Process process = new ProcessBuilder(command.toList())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "a command as another user");
        return process.exitValue() == 0;
    }
}

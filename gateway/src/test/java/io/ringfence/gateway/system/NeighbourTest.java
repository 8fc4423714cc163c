package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.server.RawClient;
import io.ringfence.journal.lock.OwnerLock;
import io.ringfence.schemas.AccountVerb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Engines in containers, each of which has process ids of its own. */
@Tag("system")
@EnabledOnOs(OS.LINUX)
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class NeighbourTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** A namespace of process ids, as a container has: the engine in it is process 1. */
    private static final List<String> CONTAINER = List.of("unshare", "--pid", "--fork", "--mount-proc", "--kill-child");

    @TempDir
    Path directory;

    @BeforeEach
    void requireContainers() throws IOException, InterruptedException {
        Process tried = new ProcessBuilder("unshare", "--pid", "--fork", "--mount-proc", "true").start();
        assumeTrue(tried.waitFor(30, TimeUnit.SECONDS) && tried.exitValue() == 0, "namespaces need the rights of root");
    }

    @Test
    void shouldStartAgainAtOnceWithTheSameProcessIdAfterKillNine() throws Exception {
        ServerFiles files = ServerFiles.write(directory, "compact", "memory");
        try (ServeProcess first = ServeProcess.start(files, CONTAINER)) {
            first.awaitReady();
            assertTrue(isServed(files));
            first.kill();
            RawClient.await(() -> !isOwned(files));
        }
        assertTrue(Files.exists(files.aeron().resolve("cnc.dat")), "a killed driver leaves its files");

        try (ServeProcess again = ServeProcess.start(files, CONTAINER)) {
            again.awaitReady();
            assertTrue(isServed(files));
        }
    }

    @Test
    void shouldNotShareTheDriversDirectoryWithAnEngineOfAnotherContainer() throws Exception {
        ServerFiles files = ServerFiles.write(Files.createDirectory(directory.resolve("first")), "compact", "memory");
        ServerFiles others = ServerFiles.write(Files.createDirectory(directory.resolve("second")), "compact", "memory");
        Files.writeString(
                others.config(),
                Files.readString(others.config())
                        .replace(others.aeron().toString(), files.aeron().toString()));
        try (ServeProcess first = ServeProcess.start(files);
                RingfenceClient client = connect(first, files);
                ServeProcess second = ServeProcess.start(others, CONTAINER)) {
            assertNotEquals(0, second.exitCode());

            assertTrue(client.isConnected());
            assertTrue(topUp(client).isApplied());
            assertEquals(0, first.stop());
        }
    }

    private static RingfenceClient connect(ServeProcess server, ServerFiles files) throws IOException {
        server.awaitReady();
        return files.connect(ServerFiles.OPERATOR);
    }

    private static boolean isServed(ServerFiles files) throws IOException {
        try (RingfenceClient client = files.connect(ServerFiles.OPERATOR)) {
            return topUp(client).isApplied();
        }
    }

    private static Answer topUp(RingfenceClient client) {
        client.account().accountId(1).verb(AccountVerb.TOP_UP).amountMicros(1).name("a test");
        return client.ask(PATIENCE);
    }

    private static boolean isOwned(ServerFiles files) {
        try {
            return OwnerLock.isOwned(files.data().resolve("lock"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.schemas.AccountVerb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shared memory as a container has it: 64 MiB, more clients than have room in it, and others that use it too. */
@Tag("system")
@EnabledOnOs(OS.LINUX)
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class SharedMemoryTest {
    private static final int CONTAINER_MIB = 64;
    private static final int TOO_LITTLE_MIB = 16;
    private static final int PRINCIPALS = 12;
    private static final Duration HEARTBEAT_INTERVAL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What OPERATING says: a client takes two streams of three terms of 1 MiB and a page. */
    private static final long CLIENT_BYTES = 2 * (3 * (1 << 20) + 4096);

    /** What OPERATING says of the driver. */
    private static final long DRIVER_BYTES = 28_315_648;

    /** A client that is gone leaves its streams for some seconds. */
    private static final long ROOM_COMES_BACK_NS = TimeUnit.SECONDS.toNanos(90);

    @TempDir
    Path directory;

    private ServerFiles files;
    private Path aeron;

    @BeforeEach
    void writeFiles() throws IOException {
        files = ServerFiles.write(directory, "compact", "memory");
        aeron = directory.resolve("shm/aeron");
    }

    @ParameterizedTest
    @ValueSource(strings = {"compact", "shared"})
    void shouldRefuseClientsThatHaveNoRoomAndServeTheOthers(String mode) throws Exception {
        configure(mode);
        Deque<RingfenceClient> clients = new ArrayDeque<>();
        try (SmallDisk memory = SmallDisk.mount(aeron.getParent(), CONTAINER_MIB);
                ServeProcess server = ServeProcess.start(files)) {
            server.awaitReady();
            long takenBytes = ((long) CONTAINER_MIB << 20) - memory.usableBytes();
            assertTrue(
                    takenBytes >= DRIVER_BYTES && takenBytes < DRIVER_BYTES + (64 << 10), () -> "taken: " + takenBytes);
            long room = memory.usableBytes() / CLIENT_BYTES;
            for (int i = 0; i < room; i++) {
                clients.add(connect(i + 1));
            }
            assertTrue(room >= 5, () -> "clients with room: " + room);

            assertRefused();
            memory.fill();
            assertRefused();

            assertAllAreServed(clients);
            memory.free();
            clients.remove().close();
            clients.add(connectOnceThereIsRoom());
            assertAllAreServed(clients);
            CloseHelper.closeAll(clients);
            assertEquals(0, server.stop());
        } finally {
            CloseHelper.quietCloseAll(clients);
        }
    }

    @Test
    void shouldNotStartWithoutRoomForADriverAndAClientAndWriteNoRecord() throws Exception {
        configure("compact");
        ServerConfig config = ServerConfig.read(files.config());
        try (SmallDisk memory = SmallDisk.mount(aeron.getParent(), TOO_LITTLE_MIB)) {
            UncheckedIOException refused = assertThrows(
                    UncheckedIOException.class, () -> Ringfence.start(config).close());

            assertTrue(
                    refused.getMessage().startsWith("too little shared memory in " + memory.path() + ": "),
                    refused::getMessage);
            assertTrue(refused.getMessage()
                    .contains(" " + (DRIVER_BYTES + CLIENT_BYTES)
                            + " bytes needed for the media driver and one client, "));
            assertEquals(1, refused.getMessage().lines().count());
        }
        try (var entries = Files.list(files.data())) {
            assertTrue(entries.noneMatch(path -> path.toString().endsWith(".cq4")));
        }
    }

    private void assertRefused() {
        long beginNs = System.nanoTime();
        ConnectException refused = assertThrows(ConnectException.class, () -> connect(PRINCIPALS));

        assertEquals(1, refused.getMessage().lines().count(), refused::getMessage);
        assertTrue(refused.getMessage().contains("insufficient usable storage"), refused::getMessage);
        assertTrue(System.nanoTime() - beginNs < 2 * PATIENCE.toNanos());
    }

    private static void assertAllAreServed(Deque<RingfenceClient> clients) {
        for (RingfenceClient client : clients) {
            assertTrue(client.isConnected());
            client.account()
                    .accountId(1)
                    .verb(AccountVerb.TOP_UP)
                    .amountMicros(1)
                    .name("a test");
            assertTrue(client.ask(PATIENCE).isApplied());
        }
    }

    private RingfenceClient connectOnceThereIsRoom() throws IOException {
        long endNs = System.nanoTime() + ROOM_COMES_BACK_NS;
        IOException last = null;
        while (System.nanoTime() - endNs < 0) {
            try {
                return connect(PRINCIPALS);
            } catch (ConnectException noRoomYet) {
                last = noRoomYet;
            }
        }
        throw new IOException("the room of a client that is gone never comes back", last);
    }

    private RingfenceClient connect(int principalId) throws IOException {
        return RingfenceClient.connect(
                new ClientSettings(aeron, ServerFiles.REQUEST_STREAM_ID, principalId, HEARTBEAT_INTERVAL, PATIENCE));
    }

    private void configure(String mode) throws IOException {
        String text = Files.readString(files.config());
        StringBuilder configured = new StringBuilder(text.substring(0, text.indexOf("principals:\n"))
                .replace(files.aeron().toString(), aeron.toString())
                .replace("silence_timeout: 30s", "silence_timeout: 1m")
                .replace("mode: compact", "mode: " + mode)
                .replace("principals_max: 4", "principals_max: " + PRINCIPALS)
                .replace("remembered_per_principal: 65536", "remembered_per_principal: 1024"));
        configured.append("principals:\n");
        for (int i = 1; i <= PRINCIPALS; i++) {
            configured
                    .append("  - {id: ")
                    .append(i)
                    .append(", name: ops-")
                    .append(i)
                    .append(", role: operator}\n");
        }
        assertNotEquals(text, configured.toString());
        Files.writeString(files.config(), configured);
    }
}

package io.ringfence.gateway.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.config.ServerConfig;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each wait of a client ends, and says in one line what it waited for. */
@Tag("system")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ClientDeadlineTest {
    private static final Path CONF =
            Path.of(System.getProperty("ringfence.root")).resolve("conf");

    @TempDir
    Path directory;

    @Test
    void shouldGiveUpWhereNoDriverIs() {
        Path nothing = directory.resolve("nothing");
        ClientSettings settings = new ClientSettings(nothing, 1_001, 1, Duration.ofSeconds(1), Duration.ofMillis(300));

        ConnectException refused = assertThrows(ConnectException.class, () -> RingfenceClient.connect(settings));

        assertEquals(
                "no gateway answered: aeronDirectory=" + nothing + ", requestStreamId=1001, timeout=300 ms",
                refused.getMessage());
    }

    @Test
    void shouldAnswerAQuestionInItsTimeThoughTheGatewayIsGone() throws IOException {
        Ringfence ringfence = Ringfence.start(config());
        ClientSettings settings = ClientSettings.of(Path.of(ringfence.aeronDirectory()), 1_001, 1);
        try (RingfenceClient client = RingfenceClient.connect(settings)) {
            ringfence.close();
            client.order();
            long beginNs = System.nanoTime();

            Answer answer = client.ask(Duration.ofMillis(500));

            long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNs);
            assertFalse(answer.isKnown());
            assertTrue(tookMs < 4_000, () -> "tookMs=" + tookMs); // The settings give each attempt to connect 5 s.
            assertFalse(client.isConnected());
            assertEquals(RingfenceClient.NOT_CONNECTED, client.offer());
        }
    }

    @Test
    void shouldRefuseWhatAClosedClientCannotDo() throws IOException {
        try (Ringfence ringfence = Ringfence.start(config())) {
            ClientSettings settings = ClientSettings.of(Path.of(ringfence.aeronDirectory()), 1_001, 1);
            RingfenceClient client = RingfenceClient.connect(settings);

            assertThrows(IllegalStateException.class, client::offer); // No message was begun.
            client.close();

            assertEquals(RingfenceClient.CLOSED, client.offer());
            assertThrows(IllegalStateException.class, client::reconnect);
        }
    }

    private ServerConfig config() throws IOException {
        Path file = directory.resolve("ringfence.yaml");
        Files.writeString(
                file,
                "data_dir: " + directory.resolve("data") + "\nmode: compact\nring_size: 64\nwait_strategy: sleeping"
                        + "\npolicy: " + CONF.resolve("policies/venues.yaml") + "\naccounts: "
                        + CONF.resolve("accounts.yaml") + "\naeron:\n  directory: " + directory.resolve("aeron")
                        + "\ndisk:\n  headroom: 0B\n  roll_length: 1MiB\n");
        return ServerConfig.read(file);
    }
}

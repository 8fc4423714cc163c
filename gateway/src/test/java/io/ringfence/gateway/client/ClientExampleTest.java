package io.ringfence.gateway.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.TimeInForce;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client of the README, run against a gateway that serves the shipped policy and accounts. */
@Tag("system")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ClientExampleTest {
    private static final Path CONF =
            Path.of(System.getProperty("ringfence.root")).resolve("conf");

    @TempDir
    Path directory;

    private final List<Long> sentTo = new ArrayList<>();

    @Test
    void shouldSendAnAdmittedOrder() throws IOException {
        try (Ringfence ringfence = Ringfence.start(config())) {
            example(Path.of(ringfence.aeronDirectory()));
        }

        assertEquals(1, sentTo.size());
    }

    private void example(Path aeronDirectory) throws IOException {
        // README: begin
        ClientSettings settings = ClientSettings.of(aeronDirectory, 1001, 1); // request stream, principal
        try (RingfenceClient client = RingfenceClient.connect(settings)) {
            client.order()
                    .accountId(1) // desk-1
                    .useCase((short) 0) // equities
                    .requestedCandidateId(1) // XNAS
                    .side(Side.BUY)
                    .orderType(OrderType.LIMIT)
                    .timeInForce(TimeInForce.DAY)
                    .quantity(100 * 100_000_000L) // 100 shares, in 1e-8 of a share
                    .limitPriceMicros(25_100_000); // 25.10, in millionths
            Answer answer = client.ask(Duration.ofSeconds(2));
            if (answer.isAdmitted()) {
                send(answer.decision().actedCandidateId()); // The venue to use: maybe not the one asked for.
            } else {
                stay(answer.reason());
            }
        }
        // README: end
    }

    private void send(long venue) {
        sentTo.add(venue);
    }

    private static void stay(Object reason) {
        throw new AssertionError("not admitted: " + reason);
    }

    private ServerConfig config() throws IOException {
        Path file = directory.resolve("ringfence.yaml");
        Files.writeString(
                file,
                "data_dir: " + directory.resolve("data") + "\nmode: compact\nring_size: 64\nwait_strategy: sleeping"
                        + "\npolicy: " + CONF.resolve("policies/venues.yaml") + "\naccounts: "
                        + CONF.resolve("accounts.yaml") + "\naeron:\n  directory: " + directory.resolve("aeron")
                        + "\ndisk:\n  headroom: 1MiB\n");
        return ServerConfig.read(file);
    }
}

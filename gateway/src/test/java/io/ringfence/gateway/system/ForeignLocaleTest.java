package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.TimeInForce;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an engine writes under a locale with digits of its own can be read back under any. */
@Tag("system")
@Timeout(180)
class ForeignLocaleTest {
    private static final Locale EGYPT = Locale.forLanguageTag("ar-EG-u-nu-arab");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int ORDERS_MAX = 10_000; // One roll file holds 2,300.

    private final Locale before = Locale.getDefault();

    @TempDir
    Path directory;

    @BeforeEach
    void goToEgypt() {
        assertEquals("ar", before.getLanguage(), "the build runs all tests under such a locale");
        Locale.setDefault(EGYPT);
    }

    @AfterEach
    void comeBack() {
        Locale.setDefault(before);
    }

    @Test
    void shouldRollStopAndStartAgain() throws IOException {
        ServerFiles files = ServerFiles.write(directory, "compact", "memory");
        try (Ringfence first = Ringfence.start(ServerConfig.read(files.config()));
                RingfenceClient client = files.connect(ServerFiles.CLIENT)) {
            orderUntilRolled(client, files.data());
            assertFalse(first.hasEnded());
        }

        for (String name : names(files.data())) {
            assertTrue(name.chars().allMatch(letter -> letter < 128), name);
        }
        Locale.setDefault(Locale.ROOT);
        try (Ringfence second = Ringfence.start(ServerConfig.read(files.config()));
                RingfenceClient client = files.connect(ServerFiles.CLIENT)) {
            assertTrue(second.restoredSequence() > 0, "the snapshot of the stop is found");
            assertEquals(0, second.recovery().discardedRecords());
            order(client);
        }
        assertTrue(Replay.run(files.data()).isOk());
    }

    private static void orderUntilRolled(RingfenceClient client, Path data) throws IOException {
        int orders = 0;
        while (rolledCount(data) < 2) {
            assertTrue(orders < ORDERS_MAX, "no file was rolled");
            for (int i = 0; i < 100; i++) {
                order(client);
            }
            orders += 100;
        }
    }

    private static long rolledCount(Path data) throws IOException {
        try (Stream<Path> files = Files.list(data)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".cq4") && !name.startsWith("next"))
                    .count();
        }
    }

    /** Names of all files of the journal's directory, at any depth. */
    private static List<String> names(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static void order(RingfenceClient client) {
        client.order()
                .accountId(1)
                .useCase((short) 1)
                .requestedCandidateId(1)
                .businessValueMicros(5_000_000)
                .riskBps(400)
                .quantity(100_000_000)
                .limitPriceMicros(1_000_000)
                .side(Side.BUY)
                .orderType(OrderType.LIMIT)
                .timeInForce(TimeInForce.DAY);
        assertNotNull(client.ask(PATIENCE).decision()); // Beyond a bound of the account it is a record too.
    }
}

package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.server.RawClient;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.TimeInForce;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk that others fill to the last page while an engine serves from it. */
@Tag("system")
@EnabledOnOs(OS.LINUX)
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class FullDiskTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long UNIT = 100_000_000;
    private static final long PRICE_MICROS = 10_000_000;
    private static final int DISK_MIB = 16;

    /** More than fit in a roll file of 1 MiB: the next one cannot be made, and after it no other. */
    private static final int CANCELS = 8_000;

    /** Each first fill shows a position of its own: together more counters than two pages of their file hold. */
    private static final int INSTRUMENTS = 24;

    private static final long UNKNOWN_HOLD = 1L << 40;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"memory", "disk"})
    void shouldRefuseNewRiskBookFactsAndGoOnOnceThereIsRoom(String durability) throws Exception {
        ServerFiles files = ServerFiles.write(directory, "compact", durability);
        String config = Files.readString(files.config());
        Files.writeString(
                files.config(), config.replace("headroom: 1MiB", "headroom: 0B")); // Room for a roll file is kept.
        try (SmallDisk disk = SmallDisk.mount(files.data(), DISK_MIB);
                ServeProcess server = ServeProcess.start(files)) {
            server.awaitReady();
            try (RingfenceClient client = files.connect(ServerFiles.CLIENT);
                    CountersView counters = CountersView.open(files.counters())) {
                List<Answer> orders = new ArrayList<>();
                for (int instrument = 1; instrument <= INSTRUMENTS; instrument++) {
                    orders.add(order(client, instrument));
                    assertTrue(orders.get(instrument - 1).isAdmitted());
                }
                Answer order = orders.get(0);

                disk.fill();

                RawClient.await(() -> isSet(counters, EngineCounter.DISK_LOW));
                assertEquals(ReasonCode.DISK_LOW, order(client, 1).reason());
                assertEquals(
                        ReasonCode.HOLD_UNKNOWN, cancel(client, UNKNOWN_HOLD).reason());
                for (Answer filled : orders) {
                    assertEquals(ReasonCode.APPLIED, fill(client, filled).reason());
                }
                for (int i = 0; i < CANCELS; i++) {
                    assertEquals(
                            ReasonCode.APPLIED,
                            cancel(client, order.decision().holdId()).reason());
                }
                RawClient.await(() -> isSet(counters, EngineCounter.NEXT_FILE_FAILED));
                assertEquals(
                        ReasonCode.APPLIED,
                        cancel(client, order.decision().holdId()).reason());
                assertTrue(server.isAlive());

                disk.free();

                RawClient.await(() -> order(client, 1).isAdmitted());
                RawClient.await(() -> !isSet(counters, EngineCounter.NEXT_FILE_FAILED));
                RawClient.await(() -> !isSet(counters, EngineCounter.DISK_LOW));
            }
            assertEquals(0, server.stop());
        }
    }

    private static boolean isSet(CountersView counters, EngineCounter gauge) {
        return counters.engine().get(gauge) == 1;
    }

    private static Answer cancel(RingfenceClient client, long holdId) {
        client.cancel().holdId(holdId);
        return client.ask(PATIENCE);
    }

    private static Answer fill(RingfenceClient client, Answer order) {
        client.execution()
                .holdId(order.decision().holdId())
                .executionId(order.decision().holdId())
                .kind(ExecutionKind.FILL)
                .quantity(UNIT / 4)
                .priceMicros(PRICE_MICROS)
                .leavesQuantity(UNIT - UNIT / 4);
        return client.ask(PATIENCE);
    }

    private static Answer order(RingfenceClient client, int instrumentId) {
        client.order()
                .accountId(1)
                .useCase((short) 1)
                .requestedCandidateId(1)
                .businessValueMicros(5_000_000)
                .riskBps(400)
                .instrumentId(instrumentId)
                .side(Side.BUY)
                .orderType(OrderType.LIMIT)
                .timeInForce(TimeInForce.DAY)
                .quantity(UNIT)
                .limitPriceMicros(PRICE_MICROS);
        return client.ask(PATIENCE);
    }
}

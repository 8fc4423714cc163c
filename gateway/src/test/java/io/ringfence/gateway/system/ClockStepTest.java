package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.gateway.server.RawClient;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.TimeInForce;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A wall clock that was wrong once, and the person who accepts it. */
@Tag("system")
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class ClockStepTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long YEAR_NS = TimeUnit.DAYS.toNanos(365);
    private static final long HOUR_NS = TimeUnit.HOURS.toNanos(1);
    private static final long SLACK_NS = TimeUnit.SECONDS.toNanos(30);
    private static final int RISK = 3;

    private final AtomicLong offNs = new AtomicLong();

    @TempDir
    Path directory;

    private ServerFiles files;

    @BeforeEach
    void writeFiles() throws IOException {
        files = ServerFiles.write(directory, "compact", "memory");
        Files.writeString(
                files.config(), "  - {id: " + RISK + ", name: risk, role: risk}\n", StandardOpenOption.APPEND);
    }

    @Test
    void shouldTakeNewRiskAgainOnceAClockIsAcceptedThatWasAheadInAnEarlierStart() throws IOException {
        offNs.set(YEAR_NS);
        long orderId;
        try (Ringfence ahead = start();
                RingfenceClient desk = files.connect(ServerFiles.CLIENT)) {
            assertFalse(ahead.hasClockStepped());
            orderId = order(desk).decision().sequence();
        }
        offNs.set(0);
        long acceptedAtNs;
        try (Ringfence right = start();
                RingfenceClient desk = files.connect(ServerFiles.CLIENT);
                RingfenceClient risk = files.connect(RISK)) {
            assertTrue(right.hasClockStepped());
            assertNear(YEAR_NS, right.clockAheadNs());
            assertEquals(ReasonCode.CLOCK_STEP, order(desk).reason());
            assertTrue(fill(desk, orderId).isApplied(), "facts pass");
            assertEquals(ReasonCode.NOT_ALLOWED, accept(desk).reason());

            Answer accepted = accept(risk);

            assertTrue(accepted.isApplied());
            acceptedAtNs = accepted.decision().timestampNs();
            Answer order = order(desk);
            assertTrue(order.isAdmitted());
            assertTrue(order.decision().timestampNs() >= acceptedAtNs, "event time never falls");
            assertNear(SystemEpochNanoClock.INSTANCE.nanoTime() + YEAR_NS, acceptedAtNs);
        }
        assertTakesNewRisk(acceptedAtNs);
        deleteSnapshots();
        assertTakesNewRisk(acceptedAtNs); // From record 1.
        assertTrue(Replay.run(files.data()).isOk());
    }

    /** A later start asks nobody again, as long as the clock stays where it is. */
    private void assertTakesNewRisk(long afterNs) throws IOException {
        try (Ringfence later = start();
                RingfenceClient desk = files.connect(ServerFiles.CLIENT)) {
            assertFalse(later.hasClockStepped());
            Answer order = order(desk);
            assertTrue(order.isAdmitted());
            assertTrue(order.decision().timestampNs() > afterNs);
            assertFalse(later.hasEnded());
        }
    }

    @Test
    void shouldFollowAClockThatIsAcceptedAheadAndForgetWhatItHasCaughtUpWith() throws IOException {
        try (Ringfence ringfence = start();
                RingfenceClient desk = files.connect(ServerFiles.CLIENT);
                RingfenceClient risk = files.connect(RISK)) {
            assertTrue(order(desk).isAdmitted());
            offNs.set(HOUR_NS);
            awaitStep(ringfence);
            assertEquals(ReasonCode.CLOCK_STEP, order(desk).reason());

            assertTrue(accept(risk).isApplied());

            Answer order = order(desk);
            assertTrue(order.isAdmitted());
            assertNear(
                    SystemEpochNanoClock.INSTANCE.nanoTime() + HOUR_NS,
                    order.decision().timestampNs());
            awaitStepped(0); // Else the next wait would end at the step before.
            offNs.set(0);
            awaitStep(ringfence);
            assertEquals(ReasonCode.CLOCK_STEP, order(desk).reason());
            assertTrue(accept(risk).isApplied());
            assertTrue(order(desk).isAdmitted());
            assertFalse(ringfence.hasEnded());
        }
        offNs.set(2 * HOUR_NS); // Ahead of all events: that is what counts.
        try (Ringfence ringfence = start();
                RingfenceClient desk = files.connect(ServerFiles.CLIENT)) {
            assertFalse(ringfence.hasClockStepped());
            assertNear(
                    SystemEpochNanoClock.INSTANCE.nanoTime() + 2 * HOUR_NS,
                    order(desk).decision().timestampNs());
        }
        offNs.set(HOUR_NS);
        try (Ringfence ringfence = start()) {
            assertTrue(ringfence.hasClockStepped(), "what was accepted before is forgotten");
        }
    }

    /** JUnit compares with a slack in floats, of which two neighbours are more than two minutes of such times apart. */
    private static void assertNear(long expectedNs, long ns) {
        assertTrue(Math.abs(expectedNs - ns) <= SLACK_NS, () -> "expected " + expectedNs + ", was " + ns);
    }

    /** The clocks are compared about once a second. */
    private void awaitStep(Ringfence ringfence) throws IOException {
        awaitStepped(1);
        assertFalse(ringfence.hasEnded());
    }

    private void awaitStepped(long shown) throws IOException {
        try (CountersView counters = CountersView.open(files.counters())) {
            RawClient.await(() -> counters.engine().get(EngineCounter.CLOCK_STEPPED) == shown);
        }
    }

    private Ringfence start() {
        return Ringfence.start(
                ServerConfig.read(files.config()), false, () -> SystemEpochNanoClock.INSTANCE.nanoTime() + offNs.get());
    }

    private void deleteSnapshots() throws IOException {
        List<Path> snapshots;
        try (Stream<Path> list = Files.list(files.data().resolve("snapshots"))) {
            snapshots = list.toList();
        }
        assertFalse(snapshots.isEmpty());
        for (Path snapshot : snapshots) {
            Files.delete(snapshot);
        }
    }

    private static Answer accept(RingfenceClient client) {
        client.clock().justification("time server mended");
        return client.ask(PATIENCE);
    }

    private static Answer order(RingfenceClient client) {
        client.order()
                .accountId(1)
                .useCase((short) 1)
                .requestedCandidateId(1)
                .businessValueMicros(5_000_000)
                .riskBps(400)
                .side(Side.BUY)
                .orderType(OrderType.LIMIT)
                .timeInForce(TimeInForce.DAY)
                .quantity(100_000_000)
                .limitPriceMicros(1_000_000);
        return client.ask(PATIENCE);
    }

    private static Answer fill(RingfenceClient client, long orderId) {
        client.execution()
                .holdId(orderId)
                .executionId(1)
                .kind(ExecutionKind.FILL)
                .quantity(100_000_000)
                .priceMicros(1_000_000)
                .feeMicros(0);
        return client.ask(PATIENCE);
    }
}

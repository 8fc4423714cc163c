package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.limit.Deadline;
import io.ringfence.schemas.AdmissionRequestEncoder;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.TimeInForce;
import io.ringfence.schemas.Tristate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was answered can be had again while new risk is refused, and when a request that goes on from a decision comes again late. */
@Tag("system")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class KnownAnswerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long NO_PARENT = AdmissionRequestEncoder.parentSequenceNullValue();

    private final AtomicLong offNs = new AtomicLong();

    @TempDir
    Path directory;

    private ServerFiles files;

    @Test
    void shouldGiveTheFirstAnswerAgainWhileAClockStepRefusesNewRisk() throws IOException {
        files = ServerFiles.write(directory, "compact", "memory");
        offNs.set(TimeUnit.DAYS.toNanos(365));
        Answer first;
        try (Ringfence ahead = start();
                RingfenceClient desk = files.connect(ServerFiles.CLIENT)) {
            first = order(desk, 1);
            assertTrue(first.isAdmitted());
            assertFalse(ahead.hasEnded());
        }
        offNs.set(0);
        try (Ringfence right = start();
                RingfenceClient desk = files.connect(ServerFiles.CLIENT)) {
            assertEquals(ReasonCode.CLOCK_STEP, order(desk, 2).reason());

            assertIsAgain(first, order(desk, 1));

            assertEquals(ReasonCode.CLOCK_STEP, order(desk, 3).reason());
            assertFalse(right.hasEnded());
        }
        assertTrue(Replay.run(files.data()).isOk());
    }

    @Test
    void shouldGiveTheFirstAnswerAgainWhileNoRollFileCanBeMade() throws Exception {
        files = ServerFiles.write(directory, "compact", "memory");
        try (Ringfence ringfence = start();
                RingfenceClient desk = files.connect(ServerFiles.CLIENT);
                CountersView counters = CountersView.open(files.counters())) {
            Answer first = order(desk, 1);
            assertTrue(first.isAdmitted());
            files.letNoRollFileBeMade();
            long[] id = {1};
            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(150); // Some thousand orders, one by one.
            while (counters.engine().get(EngineCounter.DISK_LOW) != 1) {
                assertTrue(System.nanoTime() - deadlineNs < 0, "the roll file is never full");
                if (files.isNextRollFileReady()) {
                    order(desk, ++id[0]);
                } else {
                    Thread.sleep(1); // It is in use, and the server will soon know that no other can be made.
                }
            }
            assertEquals(ReasonCode.DISK_LOW, order(desk, id[0] + 1).reason());

            assertIsAgain(first, order(desk, 1));

            assertFalse(ringfence.hasEnded());
            files.letRollFilesBeMade();
        }
    }

    @Test
    void shouldGiveTheFirstAnswerToARetryAgainWhenItsDecisionHasBecomeTooOld() throws Exception {
        files = ServerFiles.write(directory, "compact", "memory");
        Files.writeString(
                files.config(),
                Files.readString(files.config()).replace("window: 65536}\ndisk", "window: 65536, max_age: 1s}\ndisk"));
        try (Ringfence ringfence = start();
                RingfenceClient desk = files.connect(ServerFiles.CLIENT)) {
            long decision;
            Answer first;
            Deadline deadline = Deadline.inSeconds(30);
            do { // Again where more than the age lies between the two.
                deadline.require("a retry of a decision that is not too old");
                decision = admission(desk, desk.nextRequestId(), NO_PARENT)
                        .decision()
                        .sequence();
                first = admission(desk, desk.nextRequestId(), decision);
            } while (first.reason() == ReasonCode.OUTCOME_TOO_OLD);
            assertTrue(first.isAdmitted(), first::toString);
            Thread.sleep(1_200);
            assertEquals(
                    ReasonCode.OUTCOME_TOO_OLD,
                    admission(desk, desk.nextRequestId(), decision).reason());

            assertIsAgain(first, admission(desk, first.clientRequestId(), decision));

            assertFalse(ringfence.hasEnded());
        }
        assertTrue(Replay.run(files.data()).isOk());
    }

    private Ringfence start() {
        return Ringfence.start(
                ServerConfig.read(files.config()), false, () -> SystemEpochNanoClock.INSTANCE.nanoTime() + offNs.get());
    }

    private static void assertIsAgain(Answer first, Answer again) {
        assertNotNull(again.decision(), () -> "refused with " + again.reason());
        assertEquals(Tristate.YES, again.decision().isDuplicate());
        assertEquals(first.decision().sequence(), again.decision().sequence());
        assertEquals(first.decision().action(), again.decision().action());
        assertEquals(Tristate.YES, again.decision().holdStands());
    }

    private static Answer order(RingfenceClient client, long id) {
        client.order()
                .clientRequestId(id)
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

    private static Answer admission(RingfenceClient client, long id, long parent) {
        client.admission()
                .clientRequestId(id)
                .accountId(1)
                .useCase((short) 1)
                .inputUnits(1_000)
                .businessValueMicros(5_000_000)
                .parentSequence(parent);
        return client.ask(PATIENCE);
    }
}

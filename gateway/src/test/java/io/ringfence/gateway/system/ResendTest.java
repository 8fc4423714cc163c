package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.TimeInForce;
import io.ringfence.schemas.Tristate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A yes can be had again: after any end of the server, every request that is sent again gets its first answer and the truth of its hold. */
@Tag("system")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class ResendTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int DESK = ServerFiles.CLIENT;
    private static final int NOISY = 3;
    private static final int ORDERS = 1_000;
    private static final long CANCELLED_FROM = 601;
    private static final long UNIT = 100_000_000L;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"compact, memory, false", "compact, memory, true", "compact, disk, false", "shared, disk, true"})
    void shouldGiveEachAnswerAgainWithTheTruthOfItsHoldBesideOneThatResendsWithoutPause(
            String mode, String durability, boolean isKilled) throws Exception {
        ServerFiles files = ServerFiles.write(directory, mode, durability);
        Files.writeString(
                files.config(), Files.readString(files.config()) + "  - {id: 3, name: noisy, role: trader}\n");
        Map<Long, Long> sequences = new HashMap<>();
        try (ServeProcess server = ServeProcess.start(files)) {
            server.awaitReady();
            try (RingfenceClient desk = files.connect(DESK);
                    RingfenceClient noisy = files.connect(NOISY)) {
                for (long id = 1; id <= ORDERS; id++) {
                    Answer answer = order(desk, id);
                    assertTrue(answer.isAdmitted(), () -> "answer " + answer);
                    sequences.put(id, answer.decision().sequence());
                    assertTrue(order(noisy, id).isAdmitted());
                }
                for (long id = CANCELLED_FROM; id <= ORDERS; id++) {
                    desk.execution()
                            .clientRequestId(ORDERS + id)
                            .holdId(sequences.get(id))
                            .executionId(id)
                            .kind(ExecutionKind.CANCELLED);
                    assertTrue(desk.ask(PATIENCE).isApplied());
                }
            }
            if (isKilled) {
                server.kill();
                server.awaitKilled();
            } else {
                assertEquals(0, server.stop());
            }
        }

        try (ServeProcess server = ServeProcess.start(files)) {
            server.awaitReady();
            try (Noise noise = new Noise(files);
                    RingfenceClient desk = connectBeside(noise, files)) {
                Seen seen = new Seen(desk);
                for (long id = 1; id <= ORDERS; id++) {
                    seen.send(id);
                }
                await(() -> {
                    desk.poll(seen, 16);
                    seen.sendAgain();
                    return seen.stands.size() == ORDERS;
                });

                for (long id = 1; id <= ORDERS; id++) {
                    assertEquals(
                            id < CANCELLED_FROM ? Tristate.YES : Tristate.NO, seen.stands.get(id), "request " + id);
                    assertEquals(sequences.get(id), seen.sequences.get(id), "request " + id);
                }
                assertNull(noise.failure);
            }
            assertEquals(0, server.stop());
        }
    }

    /** The desk logs on once the other is at it: a client that says nothing loses its session. */
    private static RingfenceClient connectBeside(Noise noise, ServerFiles files) throws IOException {
        await(() -> noise.repeats.get() > 100);
        return files.connect(DESK);
    }

    /** Long: other work may share the machine. */
    private static void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "waited for a minute");
            LockSupport.parkNanos(50_000);
        }
    }

    private static Answer order(RingfenceClient client, long id) {
        writeOrder(client, id);
        return client.ask(PATIENCE);
    }

    private static void writeOrder(RingfenceClient client, long id) {
        client.order()
                .clientRequestId(id)
                .accountId(1)
                .useCase((short) 1)
                .businessValueMicros(1_000_000_000L)
                .side(Side.BUY)
                .orderType(OrderType.LIMIT)
                .timeInForce(TimeInForce.DAY)
                .quantity(UNIT)
                .limitPriceMicros(25_000_000L)
                .requestedCandidateId(1);
    }

    /** What the desk is told of its requests, that it sends as fast as its window allows. */
    private static final class Seen implements Answer.Handler {
        private final Map<Long, Tristate> stands = new HashMap<>();
        private final Map<Long, Long> sequences = new HashMap<>();
        private final Queue<Long> notTaken = new ArrayDeque<>();
        private final RingfenceClient client;

        Seen(RingfenceClient client) {
            this.client = client;
        }

        void send(long id) {
            await(() -> {
                assertTrue(client.isConnected(), "the desk's session ended");
                client.poll(this, 16);
                if (client.unansweredCount() >= 200) {
                    return false;
                }
                writeOrder(client, id);
                return client.offer() > 0;
            });
        }

        void sendAgain() {
            Long id = notTaken.poll();
            if (id != null) {
                send(id);
            }
        }

        @Override
        public void onDecision(AdmissionDecisionDecoder decision) {
            assertEquals(Tristate.YES, decision.isDuplicate());
            stands.put(decision.clientRequestId(), decision.holdStands());
            sequences.put(decision.clientRequestId(), decision.sequence());
        }

        /** The ring is full of the other's: nothing was taken, so the request is sent again. No look-up is ever refused. */
        @Override
        public void onRefused(RefusedDecoder refused) {
            assertEquals(ReasonCode.RING_FULL, refused.reason());
            notTaken.add(refused.clientRequestId());
        }
    }

    /** Another principal that sends all its requests again, with no pause and no regard to what it is told. */
    private static final class Noise implements Answer.Handler, AutoCloseable {
        private final Thread thread = new Thread(this::run, "noise");
        private final RingfenceClient client;
        private volatile boolean isEnding;
        private final AtomicInteger repeats = new AtomicInteger();
        private volatile Throwable failure;

        Noise(ServerFiles files) throws IOException {
            client = files.connect(NOISY);
            thread.start();
        }

        private void run() {
            try {
                for (long id = 1; !isEnding; id = id % ORDERS + 1) {
                    writeOrder(client, id);
                    client.offer();
                    client.poll(this, 16);
                }
            } catch (RuntimeException | Error broken) {
                failure = broken;
            }
        }

        @Override
        public void onDecision(AdmissionDecisionDecoder decision) {
            assertEquals(Tristate.YES, decision.holdStands());
            repeats.incrementAndGet();
        }

        @Override
        public void onRefused(RefusedDecoder refused) {
            // Its window is full, or the ring is: as it deserves.
        }

        @Override
        public void close() {
            isEnding = true;
            await(() -> !thread.isAlive());
            client.close();
        }
    }
}

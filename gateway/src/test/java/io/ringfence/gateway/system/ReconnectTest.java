package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.counters.CountersFile.AccountFigure;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.server.RawClient;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.TimeInForce;
import io.ringfence.schemas.Tristate;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a client learns of its requests when its session ends. */
@Tag("system")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ReconnectTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long ACCOUNT = 1;
    private static final long ONE = 100_000_000;
    private static final long FILL_PRICE_MICROS = 25_000_000;

    @TempDir
    Path directory;

    @Test
    void shouldTellAnExecutionThatWasAnsweredFromOneThatWasLost() throws Exception {
        ServerFiles files = ServerFiles.write(directory, "compact", "memory");
        try (ServeProcess first = ServeProcess.start(files)) {
            first.awaitReady();
            try (RingfenceClient client = files.connect(ServerFiles.CLIENT)) {
                long holdId = order(client);
                RawClient.await(() -> client.unansweredCount() == 0 || client.poll(new Ignored(), 1) < 0);
                long polled = offerFill(client, holdId, 1);
                long dropped = offerFill(client, holdId, 2);
                awaitFillsAnswered(files, 2);
                first.signal("STOP");
                long lost = offerFill(client, holdId, 3);
                first.kill();
                first.awaitKilled();
                Arrived arrived = new Arrived();
                assertEquals(1, client.poll(arrived, 1));

                assertThrows(ConnectException.class, () -> client.reconnect(arrived, Duration.ofMillis(300)));

                assertEquals(Map.of(polled, Tristate.NO, dropped, Tristate.NO), arrived.isDuplicate);
                try (ServeProcess second = ServeProcess.start(files)) {
                    second.awaitReady();
                    client.reconnect(arrived, PATIENCE); // Hands over nothing twice.
                    assertEquals(2, arrived.isDuplicate.size());
                    assertTold(fill(client, polled, holdId, 1), true);
                    assertTold(fill(client, lost, holdId, 3), false);
                    client.reconnect(); // What has not been polled is dropped.
                    assertTold(fill(client, dropped, holdId, 2), true);
                    assertTold(fill(client, lost, holdId, 3), true);
                    assertEquals(
                            ReasonCode.EXECUTION_DUPLICATE,
                            fill(client, client.nextRequestId(), holdId, 3).reason());
                    assertEquals(0, second.stop());
                }
            }
        }
    }

    @Test
    void shouldNameTheExternalIdThatCannotBe() throws Exception {
        ServerFiles files = ServerFiles.write(directory, "compact", "memory");
        try (ServeProcess server = ServeProcess.start(files)) {
            server.awaitReady();
            try (RingfenceClient client = files.connect(ServerFiles.CLIENT)) {
                IllegalArgumentException tooLong =
                        assertThrows(IllegalArgumentException.class, () -> client.order("D-1234567890123456789"));
                IllegalArgumentException foreign =
                        assertThrows(IllegalArgumentException.class, () -> client.order("D-\u00fc"));
                Answer longest = ask(client, client.order("D-123456789012345678"));

                assertEquals(
                        "externalId must have at most 20 characters, of printable ASCII:"
                                + " externalId=\"D-1234567890123456789\", length=21",
                        tooLong.getMessage());
                assertTrue(foreign.getMessage().startsWith("externalId must have"), foreign::getMessage);
                assertTrue(longest.isAdmitted(), () -> "reason=" + longest.reason());
            }
            assertEquals(0, server.stop());
        }
    }

    private static long order(RingfenceClient client) {
        Answer answer = ask(client, client.order("D-1"));
        assertTrue(answer.isAdmitted(), () -> "reason=" + answer.reason());
        return answer.decision().holdId();
    }

    private static Answer ask(RingfenceClient client, OrderRequestEncoder order) {
        order.accountId(ACCOUNT)
                .useCase((short) 0)
                .requestedCandidateId(1)
                .side(Side.BUY)
                .orderType(OrderType.LIMIT)
                .timeInForce(TimeInForce.DAY)
                .quantity(100 * ONE)
                .limitPriceMicros(25_100_000);
        return client.ask(PATIENCE);
    }

    private static long offerFill(RingfenceClient client, long holdId, long executionId) {
        long requestId = client.nextRequestId();
        begin(client, requestId, holdId, executionId);
        RawClient.await(() -> client.offer() > 0);
        return requestId;
    }

    private static Answer fill(RingfenceClient client, long requestId, long holdId, long executionId) {
        begin(client, requestId, holdId, executionId);
        return client.ask(PATIENCE);
    }

    private static void begin(RingfenceClient client, long requestId, long holdId, long executionId) {
        client.execution()
                .clientRequestId(requestId)
                .holdId(holdId)
                .executionId(executionId)
                .kind(ExecutionKind.FILL)
                .quantity(ONE)
                .leavesQuantity((100 - executionId) * ONE)
                .priceMicros(FILL_PRICE_MICROS);
    }

    private static void assertTold(Answer answer, boolean isRepeated) {
        assertEquals(ReasonCode.APPLIED, answer.reason());
        assertEquals(isRepeated, answer.isRepeated());
    }

    /** Waits until the answers to so many fills have left: the server shows what a fill did to its account after that. */
    private static void awaitFillsAnswered(ServerFiles files, int count) throws IOException {
        try (CountersView counters = CountersView.open(files.counters())) {
            RawClient.await(() ->
                    counters.accounts().get(ACCOUNT).get(AccountFigure.COMMITTED_MICROS) == count * FILL_PRICE_MICROS);
        }
    }

    /** Takes the later answers to an order that had to be asked again. */
    private static final class Ignored implements Answer.Handler {
        @Override
        public void onDecision(AdmissionDecisionDecoder decision) {}

        @Override
        public void onRefused(RefusedDecoder refused) {}
    }

    private static final class Arrived implements Answer.Handler {
        private final Map<Long, Tristate> isDuplicate = new TreeMap<>();

        @Override
        public void onDecision(AdmissionDecisionDecoder decision) {
            assertFalse(isDuplicate.containsKey(decision.clientRequestId()));
            isDuplicate.put(decision.clientRequestId(), decision.isDuplicate());
        }

        @Override
        public void onRefused(RefusedDecoder refused) {
            throw new AssertionError(refused.toString());
        }
    }
}

package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.TimeInForce;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The answer to a replace says at which venue the order is, for as long as the order may stand. */
@Tag("system")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ReplaceCandidateTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long ONE = 100_000_000;
    private static final long PRICE = 25_100_000;
    private static final long NOBODY = 0;

    @TempDir
    Path directory;

    private ServerFiles files;
    private RingfenceClient client;
    private long holdId;
    private long venue;
    private long lastExecution;

    /** One life of a server; each life begins with the state that the last one left. */
    private interface Life {
        void live() throws IOException;
    }

    @Test
    void shouldNameTheCandidateOfTheOrderLiveRepeatedReplayedAndRestored() throws Exception {
        files = ServerFiles.write(directory, "compact", "memory");
        long[] requestIds = new long[2];

        serveAndKill(() -> {
            order();
            requestIds[0] = client.nextRequestId();
            requireNamed(replace(requestIds[0], 90), false);
            requireNamed(replace(requestIds[0], 90), true);
            requireRefused(replace(client.nextRequestId(), 80), ReasonCode.REPLACE_PENDING);
        });
        serveAndStop(
                () -> { // State from the journal.
                    requireNamed(replace(requestIds[0], 90), true);
                    report(ExecutionKind.REPLACED, 90);
                    requireNamed(replace(client.nextRequestId(), 70), false);
                    report(ExecutionKind.REPLACED, 70);
                    report(ExecutionKind.CANCELLED, 0);
                    requireRefused(replace(client.nextRequestId(), 60), ReasonCode.HOLD_UNKNOWN);
                });
        serveAndStop(
                () -> { // From a snapshot with an order that has ended, which its venue opens again.
                    report(ExecutionKind.REPLACED, 50);
                    requestIds[1] = client.nextRequestId();
                    requireNamed(replace(requestIds[1], 40), false);
                });
        serveAndStop(
                () -> { // From a snapshot with an order that stands.
                    report(ExecutionKind.REPLACED, 40);
                    requireNamed(replace(client.nextRequestId(), 30), false);
                    requireNamed(replace(requestIds[1], 40), true);
                });
    }

    private void serveAndKill(Life life) throws Exception {
        try (ServeProcess server = ServeProcess.start(files)) {
            server.awaitReady();
            live(life);
            server.kill();
            server.awaitKilled();
        }
    }

    private void serveAndStop(Life life) throws Exception {
        try (ServeProcess server = ServeProcess.start(files)) {
            server.awaitReady();
            live(life);
            assertEquals(0, server.stop());
        }
    }

    private void live(Life life) throws IOException {
        try (RingfenceClient connected = files.connect(ServerFiles.CLIENT)) {
            client = connected;
            life.live();
        }
    }

    private void order() {
        client.order("D-1")
                .accountId(1)
                .useCase((short) 0)
                .requestedCandidateId(1)
                .side(Side.BUY)
                .orderType(OrderType.LIMIT)
                .timeInForce(TimeInForce.DAY)
                .quantity(100 * ONE)
                .limitPriceMicros(PRICE);
        Answer answer = client.ask(PATIENCE);
        assertTrue(answer.isAdmitted(), () -> "reason=" + answer.reason());
        holdId = answer.decision().holdId();
        venue = answer.decision().actedCandidateId();
        assertNotEquals(NOBODY, venue);
    }

    private Answer replace(long requestId, long shares) {
        client.replace()
                .clientRequestId(requestId)
                .holdId(holdId)
                .orderQuantity(shares * ONE)
                .limitPriceMicros(PRICE);
        return client.ask(PATIENCE);
    }

    private void report(ExecutionKind kind, long leaves) {
        client.execution()
                .holdId(holdId)
                .executionId(++lastExecution)
                .kind(kind)
                .quantity(0)
                .orderQuantity(leaves * ONE)
                .leavesQuantity(leaves * ONE)
                .priceMicros(PRICE);
        assertEquals(ReasonCode.APPLIED, client.ask(PATIENCE).reason());
    }

    private void requireNamed(Answer answer, boolean isRepeated) {
        assertTrue(answer.isAdmitted(), () -> "reason=" + answer.reason());
        assertEquals(venue, answer.decision().actedCandidateId());
        assertEquals(0, answer.decision().costMicros());
        assertEquals(isRepeated, answer.isRepeated());
    }

    private static void requireRefused(Answer answer, ReasonCode reason) {
        assertEquals(reason, answer.reason());
        assertEquals(NOBODY, answer.decision().actedCandidateId());
    }
}

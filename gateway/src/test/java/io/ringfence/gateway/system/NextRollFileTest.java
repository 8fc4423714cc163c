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
import io.ringfence.gateway.server.RawClient;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.TimeInForce;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** While the next roll file cannot be made, what is left of the one in use is for cancels and facts. */
@Tag("system")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class NextRollFileTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long UNIT = 100_000_000;
    private static final long PRICE_MICROS = 10_000_000;
    private static final int IN_FLIGHT = 64;
    private static final long FILL_NS = TimeUnit.SECONDS.toNanos(60);

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream standardError = System.err;

    @TempDir
    Path directory;

    @BeforeEach
    void catchStandardError() {
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void giveStandardErrorBack() {
        System.setErr(standardError);
    }

    @Test
    void shouldRefuseNewRiskButNoFactWhileTheNextRollFileCannotBeMade() throws IOException {
        ServerFiles files = ServerFiles.write(directory, "compact", "memory");
        String config = Files.readString(files.config()); // A roll file of orders stays open.
        Files.writeString(
                files.config(), config.replace("accounts_max: 16", "accounts_max: 16\n  holds_per_account: 65536"));
        try (Ringfence ringfence = Ringfence.start(ServerConfig.read(files.config()));
                RingfenceClient client = files.connect(ServerFiles.CLIENT);
                CountersView counters = CountersView.open(files.counters())) {
            Answer order = order(client);
            assertTrue(order.isAdmitted());
            for (int time = 1; time <= 2; time++) {
                files.letNoRollFileBeMade();

                orderUntilRefused(client, files, counters);

                RawClient.await(() -> isSet(counters, EngineCounter.NEXT_FILE_FAILED));
                RawClient.await(() -> isSet(counters, EngineCounter.DISK_LOW));
                assertEquals(ReasonCode.APPLIED, cancel(client, order).reason());
                assertEquals(ReasonCode.APPLIED, fill(client, order, time).reason());
                assertFalse(ringfence.hasEnded());

                files.letRollFilesBeMade();
                RawClient.await(() -> order(client).isAdmitted());
                RawClient.await(() -> !isSet(counters, EngineCounter.NEXT_FILE_FAILED));
            }
            assertEquals(0, counters.engine().get(EngineCounter.WATCH_FAILURES));
        }

        String begin = "ringfence: housekeeping: the next roll file cannot be made: "
                + files.data().resolve("making") + ": is there and is not a directory; ";
        String end = "ringfence: housekeeping: the next roll file could be made: ";
        List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(4, lines.size(), lines::toString);
        for (int i = 0; i < 4; i++) {
            assertTrue(lines.get(i).startsWith(i % 2 == 0 ? begin : end), lines.get(i));
        }
    }

    private static boolean isSet(CountersView counters, EngineCounter gauge) {
        return counters.engine().get(gauge) == 1;
    }

    /** Keeps some orders in flight until one is refused, and takes all answers. */
    private static void orderUntilRefused(RingfenceClient client, ServerFiles files, CountersView counters) {
        long endNs = System.nanoTime() + FILL_NS;
        Answers answers = new Answers();
        while (answers.refusals.isEmpty()) {
            assertTrue(System.nanoTime() - endNs < 0, "new risk is never refused");
            // Else the roll file in use might be full before it is known that no other can be made.
            boolean mayAsk = files.isNextRollFileReady() || isSet(counters, EngineCounter.DISK_LOW);
            if (mayAsk && client.unansweredCount() < IN_FLIGHT) {
                write(client);
                client.offer(); // What is not taken now is written anew.
            }
            client.poll(answers, IN_FLIGHT);
        }
        RawClient.await(() -> client.poll(answers, IN_FLIGHT) >= 0 && client.unansweredCount() == 0);
        assertEquals(Set.of(ReasonCode.DISK_LOW), answers.refusals);
    }

    /** Keeps the reasons of refusals. */
    private static final class Answers implements Answer.Handler {
        private final Set<ReasonCode> refusals = EnumSet.noneOf(ReasonCode.class);

        @Override
        public void onDecision(AdmissionDecisionDecoder decision) {}

        @Override
        public void onRefused(RefusedDecoder refused) {
            refusals.add(refused.reason());
        }
    }

    private static Answer order(RingfenceClient client) {
        write(client);
        return client.ask(PATIENCE);
    }

    private static void write(RingfenceClient client) {
        client.order()
                .accountId(1)
                .useCase((short) 1)
                .requestedCandidateId(1)
                .businessValueMicros(5_000_000)
                .riskBps(400)
                .side(Side.BUY)
                .orderType(OrderType.LIMIT)
                .timeInForce(TimeInForce.DAY)
                .quantity(UNIT)
                .limitPriceMicros(PRICE_MICROS);
    }

    private static Answer cancel(RingfenceClient client, Answer order) {
        client.cancel().holdId(order.decision().holdId());
        return client.ask(PATIENCE);
    }

    private static Answer fill(RingfenceClient client, Answer order, long executionId) {
        client.execution()
                .holdId(order.decision().holdId())
                .executionId(executionId)
                .kind(ExecutionKind.FILL)
                .quantity(UNIT / 4)
                .priceMicros(PRICE_MICROS)
                .leavesQuantity(UNIT - executionId * (UNIT / 4));
        return client.ask(PATIENCE);
    }
}

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
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.TimeInForce;
import io.ringfence.schemas.Tristate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Guardrails of learning, through real sessions. */
@Tag("system")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class GuardrailsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int FAILURES = 10;
    private static final int HIGH_FLOOR =
            9_150; // XNYS is the best that reaches it: candidate 2 of provider 1, which has 3 besides.
    private static final int NEXT_FLOOR = 9_000;

    @TempDir
    Path directory;

    private ServerFiles files;

    @ParameterizedTest
    @CsvSource({"compact, memory", "dedicated, disk"})
    void shouldKeepRequestsFromAFailingProviderAlsoAfterARestart(String mode, String durability) throws IOException {
        files = ServerFiles.write(directory, mode, durability);
        try (Ringfence ringfence = start();
                RingfenceClient desk = files.connect(ServerFiles.CLIENT)) {
            for (int i = 0; i < FAILURES; i++) {
                Answer admitted = order(desk, HIGH_FLOOR);
                assertTrue(admitted.isAdmitted(), () -> "refused: " + admitted.reason());
                assertEquals(2, admitted.decision().actedCandidateId());
                outcome(desk, admitted.decision().sequence(), Tristate.NO);
            }

            requireKeptAway(order(desk, HIGH_FLOOR));
            requireKeptAway(order(desk, NEXT_FLOOR));
            RawClient.await(() -> withheld() >= 2);
            assertFalse(ringfence.hasEnded());
        }
        try (Ringfence ringfence = start();
                RingfenceClient desk = files.connect(ServerFiles.CLIENT)) {
            requireKeptAway(order(desk, HIGH_FLOOR));
            assertFalse(ringfence.hasEnded());
        }
        assertReplays();
    }

    @Test
    void shouldOpenNoCircuitWhereTheSettingIsZero() throws IOException {
        files = ServerFiles.write(directory, "compact", "memory");
        files.replaceInConfig("accounts_max: 16", "accounts_max: 16\n  circuit_max_age: 0ns");
        try (Ringfence ringfence = start();
                RingfenceClient desk = files.connect(ServerFiles.CLIENT)) {
            for (int i = 0; i < 2 * FAILURES; i++) {
                Answer admitted = order(desk, HIGH_FLOOR);
                assertTrue(admitted.isAdmitted(), () -> "refused: " + admitted.reason());
                outcome(desk, admitted.decision().sequence(), Tristate.NO);
            }
            assertFalse(ringfence.hasEnded());
        }
        assertReplays();
    }

    /** No candidate of the provider acts. */
    private static void requireKeptAway(Answer answer) {
        long acted = answer.decision().actedCandidateId();
        assertTrue(acted != 2 && acted != 3, () -> "acted: " + acted);
    }

    private Ringfence start() {
        return Ringfence.start(ServerConfig.read(files.config()));
    }

    private long withheld() {
        try (CountersView counters = CountersView.open(files.counters())) {
            return counters.engine().get(EngineCounter.WITHHELD);
        } catch (IOException e) {
            return 0;
        }
    }

    private static Answer order(RingfenceClient client, int floorBps) {
        client.order()
                .accountId(1)
                .useCase((short) 1)
                .side(Side.BUY)
                .orderType(OrderType.LIMIT)
                .timeInForce(TimeInForce.DAY)
                .quantity(4_000_000_000L)
                .limitPriceMicros(25_000_000L)
                .minimumQualityBps(floorBps)
                .requestedCandidateId(1);
        return client.ask(PATIENCE);
    }

    private static Answer outcome(RingfenceClient client, long decision, Tristate success) {
        client.outcome()
                .decisionSequence(decision)
                .disposition(Disposition.APPLIED)
                .success(success);
        return client.ask(PATIENCE);
    }

    private void assertReplays() {
        Replay.Report replayed = Replay.run(files.data());
        assertTrue(replayed.isOk(), replayed.firstDifference());
        assertEquals(replayed.liveStateDigest(), replayed.stateDigest());
    }
}

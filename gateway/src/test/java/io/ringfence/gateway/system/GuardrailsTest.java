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
import io.ringfence.schemas.LearningVerb;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.TimeInForce;
import io.ringfence.schemas.Tristate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
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
    private static final Path CONF = Path.of(System.getProperty("ringfence.root", ".."), "conf");
    private static final int FAILURES = 10;
    private static final int HIGH_FLOOR =
            9_150; // XNYS is the best that reaches it: candidate 2 of provider 1, which has 3 besides.
    private static final int NEXT_FLOOR = 9_000;
    private static final long PROVIDER_1 = 1 << 1;
    private static final long USE_CASE_1 = 1 << 1;

    private final PrintStream standardError = System.err;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @TempDir
    Path directory;

    private ServerFiles files;

    @AfterEach
    void giveStandardErrorBack() {
        System.setErr(standardError);
    }

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
            RawClient.await(() -> counter(EngineCounter.WITHHELD) >= 2);
            RawClient.await(() -> counter(EngineCounter.OPEN_CIRCUITS) == PROVIDER_1);
            assertEquals(0, counter(EngineCounter.HALF_OPEN_CIRCUITS));
            assertFalse(ringfence.hasEnded());
        }
        try (Ringfence ringfence = start();
                RingfenceClient desk = files.connect(ServerFiles.CLIENT)) {
            assertEquals(PROVIDER_1, counter(EngineCounter.OPEN_CIRCUITS), "before anything is asked");
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

    @Test
    void shouldFreezeLearningByCommandAlsoAfterARestart() throws IOException {
        files = ServerFiles.write(directory, "compact", "memory");
        long decision;
        try (Ringfence ringfence = start();
                RingfenceClient desk = files.connect(ServerFiles.CLIENT);
                RingfenceClient operator = files.connect(ServerFiles.OPERATOR)) {
            decision = order(desk, HIGH_FLOOR).decision().sequence();
            assertEquals(ReasonCode.APPLIED, learning(operator, LearningVerb.FREEZE));
            assertEquals(
                    ReasonCode.LEARNING_FROZEN,
                    outcome(desk, decision, Tristate.YES).reason());
            RawClient.await(() -> counter(EngineCounter.FROZEN_BY_COMMAND) == USE_CASE_1);
            assertFalse(ringfence.hasEnded());
        }
        try (Ringfence ringfence = start();
                RingfenceClient desk = files.connect(ServerFiles.CLIENT);
                RingfenceClient operator = files.connect(ServerFiles.OPERATOR)) {
            assertTrue(ringfence.restoredSequence() > 0, "from the snapshot of the stop");
            assertEquals(USE_CASE_1, counter(EngineCounter.FROZEN_BY_COMMAND));
            assertEquals(
                    ReasonCode.LEARNING_FROZEN,
                    outcome(desk, decision, Tristate.YES).reason());
            RawClient.await(() -> counter(EngineCounter.FROZEN_OUTCOMES) == 1);
            assertEquals(ReasonCode.APPLIED, learning(operator, LearningVerb.THAW));
            RawClient.await(() -> counter(EngineCounter.FROZEN_BY_COMMAND) == 0);
            assertEquals(
                    ReasonCode.APPLIED, outcome(desk, decision, Tristate.YES).reason());
            assertFalse(ringfence.hasEnded());
        }
        assertReplays();
    }

    @Test
    void shouldRaiseTheAlarmThatThePolicyAsksForAndCountIt() throws IOException {
        files = ServerFiles.write(directory, "dedicated", "memory");
        String policy = Files.readString(CONF.resolve("policies/venues.yaml"))
                .replace(
                        "    code: 1\n",
                        "    code: 1\n    alarms: {drift: {window: 10, slack_bps: 1000, threshold: 3}}\n");
        Path file = Files.writeString(directory.resolve("alarmed.yaml"), policy);
        files.replaceInConfig("policy: " + CONF.resolve("policies/venues.yaml").toAbsolutePath(), "policy: " + file);
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try (Ringfence ringfence = start();
                RingfenceClient desk = files.connect(ServerFiles.CLIENT)) {
            ReasonCode reason = ReasonCode.APPLIED;
            int reported = 0;
            while (reason == ReasonCode.APPLIED) {
                long decision = order(desk, HIGH_FLOOR).decision().sequence();
                reason = outcome(desk, decision, reported < 10 ? Tristate.YES : Tristate.NO)
                        .reason();
                reported++;
            }

            assertEquals(ReasonCode.DRIFT_ALARM, reason);
            assertEquals(14, reported);
            RawClient.await(() -> counter(EngineCounter.ALARM_SEQUENCE) > 0); // Shown behind what it is about.
            assertEquals(1, counter(EngineCounter.LEARNING_ALARMS));
            assertEquals(1, counter(EngineCounter.ALARM_USE_CASE));
            String line = "ringfence: learning: ALARM at sequence " + counter(EngineCounter.ALARM_SEQUENCE)
                    + ": learning of use case 1 is frozen and stands at its fallback";
            RawClient.await(() -> printed.toString(StandardCharsets.UTF_8).contains(line));
            assertFalse(ringfence.hasEnded());
        }
        try (Ringfence ringfence = start();
                RingfenceClient desk = files.connect(ServerFiles.CLIENT)) {
            assertEquals(USE_CASE_1, counter(EngineCounter.FROZEN_BY_DRIFT));
            assertEquals(0, counter(EngineCounter.FROZEN_BY_COMMAND) | counter(EngineCounter.FROZEN_BY_DIVERGENCE));
            long decision = order(desk, NEXT_FLOOR).decision().sequence();
            assertEquals(
                    ReasonCode.LEARNING_FROZEN,
                    outcome(desk, decision, Tristate.YES).reason());
            assertFalse(ringfence.hasEnded());
        }
        assertReplays();
    }

    private static ReasonCode learning(RingfenceClient client, LearningVerb verb) {
        client.learning().verb(verb).useCase((short) 1).justification("a test");
        return client.ask(PATIENCE).reason();
    }

    /** No candidate of the provider acts. */
    private static void requireKeptAway(Answer answer) {
        long acted = answer.decision().actedCandidateId();
        assertTrue(acted != 2 && acted != 3, () -> "acted: " + acted);
    }

    private Ringfence start() {
        return Ringfence.start(ServerConfig.read(files.config()));
    }

    private long counter(EngineCounter counter) {
        try (CountersView counters = CountersView.open(files.counters())) {
            return counters.engine().get(counter);
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

package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.TimeInForce;
import io.ringfence.schemas.Tristate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Outcomes and retries that name decisions which are in the journal alone, through real sessions. */
@Tag("system")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LateOutcomeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int DESK = ServerFiles.CLIENT;
    private static final int STRANGER = 3;

    @TempDir
    Path directory;

    private ServerFiles files;

    @ParameterizedTest
    @CsvSource({"compact, memory", "shared, disk", "dedicated, memory"})
    void shouldServeThemAfterARestartFromASnapshot(String mode, String durability) throws IOException {
        write(mode, durability, "{window: 65536}");
        Map<Long, Boolean> decisions = new LinkedHashMap<>();
        try (Ringfence ringfence = start();
                RingfenceClient desk = files.connect(DESK)) {
            decide(desk, decisions, 40);
            assertFalse(ringfence.hasEnded());
        }

        try (Ringfence ringfence = start();
                RingfenceClient desk = files.connect(DESK);
                RingfenceClient stranger = files.connect(STRANGER)) {
            long decision = decisions.keySet().iterator().next();
            assertEquals(
                    ReasonCode.DECISION_NOT_PERMITTED,
                    outcome(stranger, decision).reason());
            assertEquals(
                    ReasonCode.DECISION_NOT_PERMITTED,
                    retry(stranger, 2, decision).reason());
            assertEquals(ReasonCode.FIELD_INVALID, outcome(desk, 1).refusal().reason());
            assertEquals(1, outcome(desk, 1).refusal().value());
            Answer retry = retry(desk, 1, decision);
            assertNotNull(retry.decision(), () -> "refused: " + retry);
            assertTrue(retry.decision().sequence() > decision);
            reportAll(desk, decisions);
            assertEquals(ReasonCode.OUTCOME_TOO_EARLY, outcome(desk, 1L << 40).reason());
            assertFalse(ringfence.hasEnded());
        }
        assertReplays();
    }

    @Test
    void shouldServeThemBeyondTheWindow() throws IOException {
        write("compact", "memory", "{window: 2}");
        Map<Long, Boolean> decisions = new LinkedHashMap<>();
        try (Ringfence ringfence = start();
                RingfenceClient desk = files.connect(DESK);
                RingfenceClient stranger = files.connect(STRANGER)) {
            decide(desk, decisions, 40);
            long decision = decisions.keySet().iterator().next();

            assertEquals(
                    ReasonCode.DECISION_NOT_PERMITTED,
                    outcome(stranger, decision).reason());
            reportAll(desk, decisions);
            assertFalse(ringfence.hasEnded());
        }
        assertReplays();
    }

    @Test
    void shouldCallADecisionTooOldByItsAgeInEventTimeAlone() throws Exception {
        write("compact", "memory", "{window: 2, max_age: 1h}");
        Map<Long, Boolean> decisions = new LinkedHashMap<>();
        try (Ringfence ringfence = start();
                RingfenceClient desk = files.connect(DESK)) {
            decide(desk, decisions, 5);
            assertFalse(ringfence.hasEnded());
        }
        long first = decisions.keySet().iterator().next();
        try (Ringfence ringfence = startAnHourAndMoreLater();
                RingfenceClient desk = files.connect(DESK)) {
            Answer tooOld = outcome(desk, first);
            Map<Long, Boolean> younger = new LinkedHashMap<>();
            decide(desk, younger, 5);

            assertEquals(ReasonCode.OUTCOME_TOO_OLD, tooOld.refusal().reason());
            assertEquals(first, tooOld.refusal().value());
            reportAll(desk, younger);
            assertFalse(ringfence.hasEnded());
        }
        assertReplays();
    }

    @ParameterizedTest
    @CsvSource({"compact, memory, 65536", "shared, disk, 2", "dedicated, memory, 65536", "compact, memory, 2"})
    void shouldAnswerEachKindOfReportBeforeAndAfterAKillAndARestartFromASnapshot(
            String mode, String durability, int window) throws IOException {
        write(mode, durability, "{window: " + window + "}");
        Map<Long, Boolean> decisions = new LinkedHashMap<>();
        Path killed = directory.resolve("killed");
        long decision;
        try (Ringfence ringfence = start();
                RingfenceClient desk = files.connect(DESK)) {
            decide(desk, decisions, 10);
            decision = decisions.keySet().iterator().next();
            assertEquals(ReasonCode.APPLIED, report(desk, decision, 0, Tristate.YES));
            assertEquals(ReasonCode.OUTCOME_REPEATED, report(desk, decision, 0, Tristate.YES));
            assertEquals(ReasonCode.OUTCOME_CONTRADICTORY, report(desk, decision, 0, Tristate.NO));
            assertEquals(ReasonCode.OUTCOME_REVISED, report(desk, decision, 2, Tristate.NO));
            assertEquals(ReasonCode.OUTCOME_SUPERSEDED, report(desk, decision, 1, Tristate.YES));
            assertFalse(ringfence.hasEnded());
            copyFiles(files.data(), killed); // What a kill -9 leaves.
        }
        deleteFiles(files.data());
        Files.move(killed, files.data());

        try (Ringfence ringfence = start();
                RingfenceClient desk = files.connect(DESK)) {
            assertEquals(ReasonCode.OUTCOME_REPEATED, report(desk, decision, 2, Tristate.NO));
            assertEquals(ReasonCode.OUTCOME_REVISED, report(desk, decision, 3, Tristate.YES));
            assertFalse(ringfence.hasEnded());
        }
        try (Ringfence ringfence = start();
                RingfenceClient desk = files.connect(DESK)) {
            assertEquals(ReasonCode.OUTCOME_CONTRADICTORY, report(desk, decision, 3, Tristate.NO));
            assertEquals(ReasonCode.OUTCOME_SUPERSEDED, report(desk, decision, 2, Tristate.NO));
            assertEquals(ReasonCode.OUTCOME_TAKEN_BACK, report(desk, decision, 4, Tristate.UNKNOWN));
            assertEquals(ReasonCode.APPLIED, report(desk, decision, 5, Tristate.YES));
            assertEquals(ReasonCode.OUTCOME_REPEATED, report(desk, decision, 5, Tristate.YES));
            assertFalse(ringfence.hasEnded());
        }
        assertReplays();
    }

    private static ReasonCode report(RingfenceClient client, long decision, long revision, Tristate success) {
        client.outcome()
                .decisionSequence(decision)
                .revision(revision)
                .disposition(Disposition.APPLIED)
                .success(success);
        return client.ask(PATIENCE).reason();
    }

    private static void copyFiles(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> found = Files.list(from)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static void deleteFiles(Path folder) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path file : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void write(String mode, String durability, String outcomes) throws IOException {
        files = ServerFiles.write(directory, mode, durability);
        String text = Files.readString(files.config()).replace("outcomes: {window: 65536}", "outcomes: " + outcomes);
        Files.writeString(files.config(), text + "  - {id: 3, name: stranger, role: trader, accounts: [2]}\n");
    }

    private Ringfence start() {
        return Ringfence.start(ServerConfig.read(files.config()));
    }

    private Ringfence startAnHourAndMoreLater() {
        long laterNs = TimeUnit.MINUTES.toNanos(61);
        return Ringfence.start(
                ServerConfig.read(files.config()), false, () -> SystemEpochNanoClock.INSTANCE.nanoTime() + laterNs);
    }

    /** Orders of which some are admitted and some are not. */
    private static void decide(RingfenceClient client, Map<Long, Boolean> decisions, int count) {
        for (int i = 0; i < count; i++) {
            client.order()
                    .accountId(1)
                    .useCase((short) 1)
                    .side(Side.BUY)
                    .orderType(OrderType.LIMIT)
                    .timeInForce(TimeInForce.DAY)
                    .quantity(i % 3 == 2 ? 900_000_000_000_000L : 4_000_000_000L)
                    .limitPriceMicros(25_000_000L)
                    .requestedCandidateId(1);
            Answer answer = client.ask(PATIENCE);
            decisions.put(answer.decision().sequence(), answer.isAdmitted());
        }
        assertTrue(decisions.containsValue(true) && decisions.containsValue(false), "both kinds");
    }

    private static void reportAll(RingfenceClient client, Map<Long, Boolean> decisions) {
        decisions.forEach((decision, isAdmitted) -> assertEquals(
                isAdmitted ? ReasonCode.APPLIED : ReasonCode.ACTED_ON_REJECTION,
                outcome(client, decision).reason(),
                "decision " + decision));
    }

    private static Answer outcome(RingfenceClient client, long decision) {
        client.outcome()
                .decisionSequence(decision)
                .disposition(Disposition.APPLIED)
                .success(Tristate.YES);
        return client.ask(PATIENCE);
    }

    private static Answer retry(RingfenceClient client, long accountId, long parent) {
        client.admission()
                .accountId(accountId)
                .useCase((short) 1)
                .inputUnits(1)
                .exposureMicros(1)
                .parentSequence(parent);
        return client.ask(PATIENCE);
    }

    private void assertReplays() {
        Replay.Report replayed = Replay.run(files.data());
        assertTrue(replayed.isOk(), replayed.firstDifference());
        assertEquals(replayed.liveStateDigest(), replayed.stateDigest());
    }
}

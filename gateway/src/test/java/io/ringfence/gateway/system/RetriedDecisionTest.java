package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.StandingOutcome;
import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.replay.RecordedDecision;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.schemas.AdmissionRequestEncoder;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Tristate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that retry an earlier decision by naming it, and what their outcomes charge it, through real sessions. */
@Tag("system")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RetriedDecisionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int DESK = ServerFiles.CLIENT;
    private static final int OTHER = 3;
    private static final long NO_PARENT = AdmissionRequestEncoder.parentSequenceNullValue();

    @TempDir
    Path directory;

    private ServerFiles files;

    @ParameterizedTest
    @CsvSource({"compact, memory, 65536", "shared, disk, 2", "dedicated, memory, 65536", "compact, memory, 2"})
    void shouldChargeTheFirstDecisionAlsoAfterAKillAndARestartFromASnapshot(String mode, String durability, int window)
            throws IOException {
        write(mode, durability, window);
        Path killed = directory.resolve("killed");
        long first;
        long retry;
        long second;
        try (Ringfence ringfence = start();
                RingfenceClient desk = files.connect(DESK);
                RingfenceClient other = files.connect(OTHER)) {
            first = decide(desk, NO_PARENT);
            retry = decide(desk, first);
            long foreign = decide(other, first);
            assertEquals(ReasonCode.APPLIED, report(desk, first, 0, Disposition.APPLIED));
            assertEquals(ReasonCode.APPLIED, report(other, foreign, 0, Disposition.APPLIED));
            assertEquals(ReasonCode.APPLIED, report(desk, retry, 0, Disposition.APPLIED));
            second = decide(desk, first);
            assertFalse(ringfence.hasEnded());
            copyFiles(files.data(), killed); // What a kill -9 leaves.
        }
        deleteFiles(files.data());
        Files.move(killed, files.data());

        try (Ringfence ringfence = start();
                RingfenceClient desk = files.connect(DESK)) {
            assertEquals(ReasonCode.APPLIED, report(desk, second, 0, Disposition.APPLIED));
            assertEquals(ReasonCode.OUTCOME_REPEATED, report(desk, retry, 0, Disposition.APPLIED));
            assertEquals(ReasonCode.OUTCOME_REVISED, report(desk, first, 1, Disposition.APPLIED));
            assertFalse(ringfence.hasEnded());
        }
        try (Ringfence ringfence = start(); // From the snapshot of the stop: all of it is in the journal alone.
                RingfenceClient desk = files.connect(DESK)) {
            long third = decide(desk, first);
            assertEquals(ReasonCode.APPLIED, report(desk, third, 0, Disposition.APPLIED));
            assertEquals(ReasonCode.OUTCOME_TAKEN_BACK, report(desk, retry, 1, Disposition.ABANDONED));
            assertEquals(ReasonCode.OUTCOME_REPEATED, report(desk, first, 1, Disposition.APPLIED));
            assertEquals(ReasonCode.OUTCOME_TAKEN_BACK, report(desk, second, 1, Disposition.ABANDONED));
            assertEquals(ReasonCode.OUTCOME_TAKEN_BACK, report(desk, third, 1, Disposition.ABANDONED));
            assertEquals(ReasonCode.OUTCOME_REVISED, report(desk, first, 2, Disposition.APPLIED));
            assertFalse(ringfence.hasEnded());
        }

        // Retries, their cost together, lesson: a success that was retried once is a failure.
        List<String> charged = List.of("1 70 -256", "2 140 -256", "3 210 -256", "2 140 -256", "1 70 -256", "0 0 256");
        assertEquals(charged, charged(first));
        Replay.Report replayed = Replay.run(files.data());
        assertTrue(replayed.isOk(), replayed.firstDifference());
        assertEquals(replayed.liveStateDigest(), replayed.stateDigest());
    }

    /** What each outcome of a retry left of a decision, in the order of the journal. */
    private List<String> charged(long decision) throws IOException {
        List<String> charged = new ArrayList<>();
        RecordedDecision recorded = new RecordedDecision();
        try (JournalReader reader = JournalReader.open(files.data())) {
            while (reader.next()) {
                if (reader.record().kind() != CommandKind.OUTCOME) {
                    continue;
                }
                recorded.read(reader.record(), null);
                assertNull(recorded.difference());
                DecisionEvent event = recorded.event();
                if (StandingOutcome.hasParent(event)) {
                    assertEquals(decision, event.command().ofParent().facts().sequence());
                    charged.add(event.learnt().ofParent().charge().retries() + " "
                            + event.learnt().ofParent().charge().costMicros() + " "
                            + event.learnt().ofParent().lesson());
                }
            }
        }
        return charged;
    }

    /** A retry counts as much as quality: one that was retried is no success. */
    private void write(String mode, String durability, int window) throws IOException {
        files = ServerFiles.write(directory, mode, durability);
        String text = Files.readString(files.config());
        Path policy = Path.of(text.lines()
                .filter(line -> line.startsWith("policy: "))
                .findFirst()
                .orElseThrow()
                .substring("policy: ".length()));
        String reward = "reward: {quality_weight: 1, retry_weight: 1, threshold_bps: 6000}";
        Files.writeString(
                directory.resolve("policy.yaml"),
                Files.readString(policy).replace("    code: 1\n", "    code: 1\n    " + reward + "\n"));
        text = text.replace("policy: " + policy, "policy: policy.yaml")
                .replace("outcomes: {window: 65536}", "outcomes: {window: " + window + "}");
        Files.writeString(files.config(), text + "  - {id: 3, name: other, role: trader}\n");
    }

    private Ringfence start() {
        return Ringfence.start(ServerConfig.read(files.config()));
    }

    private static long decide(RingfenceClient client, long parent) {
        client.admission()
                .accountId(1)
                .useCase((short) 1)
                .inputUnits(1)
                .businessValueMicros(1_000_000)
                .minimumQualityBps(0)
                .exposureMicros(1)
                .parentSequence(parent);
        Answer answer = client.ask(PATIENCE);
        assertTrue(answer.isAdmitted(), answer::toString);
        return answer.decision().sequence();
    }

    private static ReasonCode report(RingfenceClient client, long decision, long revision, Disposition disposition) {
        client.outcome()
                .decisionSequence(decision)
                .revision(revision)
                .disposition(disposition)
                .success(Tristate.YES)
                .qualityBps(9_000)
                .realizedCostMicros(70);
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
            for (Path file : found.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(file);
            }
        }
    }
}

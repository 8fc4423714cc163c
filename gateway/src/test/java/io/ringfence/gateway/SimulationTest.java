package io.ringfence.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.gateway.server.Sequencer;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.schemas.AdmissionRequestEncoder;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OutcomeReportEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Tristate;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulationTest {
    private static final Path CONF = Path.of(System.getProperty("ringfence.root"), "conf");
    private static final long BEGIN_NS = TimeUnit.SECONDS.toNanos(1_700_000_000);
    private static final int PRINCIPAL = 1;
    private static final int SUPPORT = 10;

    @TempDir
    private Path folder;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private long requestId;

    @Test
    void shouldWriteTheSameJournalForTheSameCommandsAndTimes() {
        run("one");
        run("other");

        JournalProver.Report one = JournalProver.verify(folder.resolve("one"), records -> {});
        JournalProver.Report other = JournalProver.verify(folder.resolve("other"), records -> {});
        assertTrue(one.isOk() && one.isAnchored(), one::toString);
        assertArrayEquals(one.head().entryHash(), other.head().entryHash());
    }

    @Test
    void shouldEndAsACleanStopDoes() {
        run("one");

        Replay.Report replayed = Replay.run(folder.resolve("one"));

        assertTrue(replayed.isOk(), replayed::toString);
        assertEquals(replayed.stateDigest(), replayed.liveStateDigest());
    }

    @Test
    void shouldStampEventTimeAsTheCallerSetsIt() {
        try (Simulation simulation = new Simulation(config("one"), BEGIN_NS)) {
            simulation.timeNs(BEGIN_NS + 5);
            assertEquals(BEGIN_NS + 5, ask(simulation).command().timestampNs());
            simulation.timeNs(BEGIN_NS); // Time never falls.
            assertEquals(BEGIN_NS + 5, ask(simulation).command().timestampNs());
        }
    }

    @Test
    void shouldTeachByOutcomesAndRefuseWhatAGatewayWouldRefuse() {
        try (Simulation simulation = new Simulation(config("one"), BEGIN_NS)) {
            DecisionEvent decided = ask(simulation);
            assertTrue(
                    decided.verdict().isAdmitted(),
                    () -> decided.verdict().reason().name());
            long decision = decided.sequence();

            assertEquals(
                    ReasonCode.APPLIED, report(simulation, decision).verdict().reason());
            assertNull(report(simulation, decision + 1_000)); // It is not decided yet.
            buffer.setMemory(0, 512, (byte) 0);
            assertThrows(
                    IllegalArgumentException.class, () -> simulation.put(buffer, 64, PRINCIPAL, Sequencer.NO_DECISION));
        }
    }

    @Test
    void shouldBeginNoJournalWhereThereIsOne() {
        run("one");

        assertThrows(IllegalArgumentException.class, () -> new Simulation(config("one"), BEGIN_NS));

        assertTrue(JournalProver.verify(folder.resolve("one"), records -> {}).isOk());
    }

    private void run(String journal) {
        requestId = 0;
        try (Simulation simulation = new Simulation(config(journal), BEGIN_NS)) {
            for (int i = 1; i <= 100; i++) {
                simulation.timeNs(BEGIN_NS + TimeUnit.HOURS.toNanos(i)); // So long that ticks are due.
                DecisionEvent decided = ask(simulation);
                assertTrue(decided.verdict().isAdmitted());
                report(simulation, decided.sequence());
            }
        }
    }

    private ServerConfig config(String journal) {
        ServerConfig config = ServerConfig.read(CONF.resolve("evaluation/engine.yaml"));
        return config.with(
                folder.resolve(journal),
                Optional.empty(),
                config.durability(),
                Optional.empty(),
                CONF.resolve("policies/models.yaml"),
                CONF.resolve("accounts.yaml"));
    }

    private DecisionEvent ask(Simulation simulation) {
        buffer.setMemory(0, 512, (byte) 0);
        AdmissionRequestEncoder admission = new AdmissionRequestEncoder();
        admission
                .wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(++requestId)
                .accountId(1)
                .useCase((short) SUPPORT)
                .businessValueMicros(AdmissionRequestEncoder.businessValueMicrosNullValue())
                .costLimitMicros(-1L)
                .allowedProviderMask(-1L)
                .inputUnits(1_000)
                .outputUnits(AdmissionRequestEncoder.outputUnitsNullValue())
                .maxP95LatencyMs(AdmissionRequestEncoder.maxP95LatencyMsNullValue())
                .riskBps(AdmissionRequestEncoder.riskBpsNullValue())
                .confidenceBps(AdmissionRequestEncoder.confidenceBpsNullValue())
                .minimumQualityBps(AdmissionRequestEncoder.minimumQualityBpsNullValue())
                .exposureMicros(AdmissionRequestEncoder.exposureMicrosNullValue())
                .timeToLiveNs(AdmissionRequestEncoder.timeToLiveNsNullValue())
                .parentSequence(AdmissionRequestEncoder.parentSequenceNullValue())
                .episodeId(AdmissionRequestEncoder.episodeIdNullValue())
                .featuresCount(0);
        return simulation.put(
                buffer,
                MessageHeaderEncoder.ENCODED_LENGTH + admission.encodedLength(),
                PRINCIPAL,
                Sequencer.NO_DECISION);
    }

    private DecisionEvent report(Simulation simulation, long decision) {
        buffer.setMemory(0, 512, (byte) 0);
        OutcomeReportEncoder outcome = new OutcomeReportEncoder();
        outcome.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(++requestId)
                .decisionSequence(decision)
                .disposition(Disposition.APPLIED)
                .success(Tristate.YES)
                .qualityBps(OutcomeReportEncoder.qualityBpsNullValue())
                .realizedCostMicros(OutcomeReportEncoder.realizedCostMicrosNullValue())
                .realizedLatencyMs(OutcomeReportEncoder.realizedLatencyMsNullValue());
        return simulation.put(
                buffer, MessageHeaderEncoder.ENCODED_LENGTH + outcome.encodedLength(), PRINCIPAL, decision);
    }
}

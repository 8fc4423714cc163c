package io.ringfence.tools.evaluation.run;

import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.gateway.Simulation;
import io.ringfence.gateway.server.Sequencer;
import io.ringfence.schemas.AdmissionRequestEncoder;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.FollowUp;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OutcomeReportEncoder;
import io.ringfence.schemas.SettleEncoder;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Substitution;
import io.ringfence.schemas.Tristate;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/** Asks an engine and reports to it, in the messages of the protocol. One thread. */
public final class Messages {
    /** Asks for no candidate in particular. */
    public static final long ANY_CANDIDATE = 0;

    /** In place of a value: that of the use case. */
    public static final long USUAL_VALUE = AdmissionRequestEncoder.businessValueMicrosNullValue();

    private static final int PRINCIPAL = 1;
    private static final long ACCOUNT = 1;
    private static final int LENGTH_MAX = 512;
    private static final int BPS = 10_000;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[LENGTH_MAX]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final AdmissionRequestEncoder admission = new AdmissionRequestEncoder();
    private final SettleEncoder settle = new SettleEncoder();
    private final OutcomeReportEncoder outcome = new OutcomeReportEncoder();
    private final Simulation engine;
    private long requestId;

    /** @param engine whose principal 1 may ask and report on its account 1. */
    public Messages(Simulation engine) {
        this.engine = engine;
    }

    /**
     * Asks for an admission on account 1.
     *
     * @param candidateId which alone may act, at any quality; {@link #ANY_CANDIDATE}: the engine chooses.
     * @return the request as decided; until the next message.
     */
    public DecisionEvent ask(int useCase, int riskBps, long valueMicros, long units, long candidateId) {
        Substitution substitution = candidateId == ANY_CANDIDATE ? Substitution.ALLOWED : Substitution.NEVER;
        request(ACCOUNT, useCase, riskBps, units, candidateId, substitution)
                .businessValueMicros(valueMicros)
                .featuresCount(0);
        return put(admission.encodedLength(), Sequencer.NO_DECISION);
    }

    /**
     * The same on any account. Where no substitute is allowed, that candidate acts at any quality.
     *
     * @param valueMicros {@link #USUAL_VALUE}: what the use case says.
     * @param candidateId that is asked for; {@link #ANY_CANDIDATE}: none in particular.
     */
    public DecisionEvent ask(
            long accountId,
            int useCase,
            int riskBps,
            long valueMicros,
            long units,
            long candidateId,
            Substitution substitution) {
        request(accountId, useCase, riskBps, units, candidateId, substitution)
                .businessValueMicros(valueMicros)
                .featuresCount(0);
        return put(admission.encodedLength(), Sequencer.NO_DECISION);
    }

    private AdmissionRequestEncoder request(
            long accountId, int useCase, int riskBps, long units, long candidateId, Substitution substitution) {
        buffer.setMemory(0, LENGTH_MAX, (byte) 0);
        boolean isDirected = substitution == Substitution.NEVER;
        return admission
                .wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(++requestId)
                .accountId(accountId)
                .useCase((short) useCase)
                .costLimitMicros(-1L)
                .allowedProviderMask(-1L)
                .requestedCandidateId(candidateId)
                .substitution(substitution)
                .inputUnits(units)
                .outputUnits(AdmissionRequestEncoder.outputUnitsNullValue())
                .maxP95LatencyMs(AdmissionRequestEncoder.maxP95LatencyMsNullValue())
                .riskBps(riskBps)
                .confidenceBps(AdmissionRequestEncoder.confidenceBpsNullValue())
                .minimumQualityBps(isDirected ? 0 : AdmissionRequestEncoder.minimumQualityBpsNullValue())
                .exposureMicros(AdmissionRequestEncoder.exposureMicrosNullValue())
                .timeToLiveNs(AdmissionRequestEncoder.timeToLiveNsNullValue())
                .parentSequence(AdmissionRequestEncoder.parentSequenceNullValue())
                .episodeId(AdmissionRequestEncoder.episodeIdNullValue());
    }

    /** Commits what an admitted act did cost, and ends its hold. */
    public DecisionEvent commit(long decision, long amountMicros) {
        return settle(decision, SettleKind.COMMIT_FINAL, amountMicros);
    }

    /** Gives back what was held for an act that was not done. */
    public DecisionEvent release(long decision) {
        return settle(decision, SettleKind.RELEASE, 0);
    }

    private DecisionEvent settle(long decision, SettleKind kind, long amountMicros) {
        buffer.setMemory(0, LENGTH_MAX, (byte) 0);
        settle.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(++requestId)
                .holdId(decision)
                .accountId(SettleEncoder.accountIdNullValue())
                .amountMicros(amountMicros)
                .kind(kind);
        return put(settle.encodedLength(), Sequencer.NO_DECISION);
    }

    /**
     * Reports how an admitted act went. It succeeded from a quality of one half on.
     *
     * @param quality  0 to 1.
     * @param atNs     when it was seen, ns since 1970.
     * @return the outcome as taken, until the next message; null when that decision can no longer be named.
     */
    public DecisionEvent report(long decision, int revision, double quality, long costMicros, long atNs) {
        buffer.setMemory(0, LENGTH_MAX, (byte) 0);
        outcome.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(++requestId)
                .decisionSequence(decision)
                .revision(revision)
                .disposition(Disposition.APPLIED)
                .success(quality >= 0.5 ? Tristate.YES : Tristate.NO)
                .qualityBps((int) Math.round(quality * BPS))
                .realizedCostMicros(costMicros)
                .realizedLatencyMs(OutcomeReportEncoder.realizedLatencyMsNullValue())
                .followUp(FollowUp.NONE)
                .observedAtMicros(TimeUnit.NANOSECONDS.toMicros(atNs));
        return put(outcome.encodedLength(), decision);
    }

    private DecisionEvent put(int encodedLength, long decision) {
        return engine.put(buffer, MessageHeaderEncoder.ENCODED_LENGTH + encodedLength, PRINCIPAL, decision);
    }
}

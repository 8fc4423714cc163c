package io.ringfence.engine.pipeline;

import io.ringfence.engine.bounds.Bounds;
import io.ringfence.engine.bounds.FactBounds;
import io.ringfence.engine.policy.Bps;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.SettingsDecoder;
import io.ringfence.schemas.SettingsEncoder;
import io.ringfence.schemas.Tristate;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What decides besides policy and commands: fixed for the life of a journal, whose first record it is.
 *
 * @param seed                   of all random draws.
 * @param valueThresholdMicros   value from which on a request counts as a high-value one.
 * @param regimeWindow           requests per regime until its statistics are trusted; 2..65,536.
 * @param anomalyZ               anomaly bound in hundredths of a standard deviation; 1..65,534.
 * @param commonZ                bound of the common in hundredths of a standard deviation; up to {@code anomalyZ}.
 * @param anomalyStepBps         how much the recommended floor rises per severity; 0..10,000.
 * @param commonStepBps          how much it falls for a common request; 0..10,000.
 * @param rememberedPerPrincipal request ids remembered per principal; 1 and above.
 * @param tickIntervalNs         event time between ticks; 1 and above.
 * @param isKeyed                records carry a key's id and mac.
 * @param isExternalIdOnce       an order is refused whose external id a standing order of its principal has.
 * @param bounds                 how much the engine may keep in memory.
 * @param circuitMaxAgeNs        age of a decision from which on its outcome counts for no circuit; 0 (no circuit opens) to 30 days.
 * @param journalId              random name of the journal, 32 bytes.
 */
public record EngineSettings(
        long seed,
        long valueThresholdMicros,
        int regimeWindow,
        int anomalyZ,
        int commonZ,
        int anomalyStepBps,
        int commonStepBps,
        int rememberedPerPrincipal,
        long tickIntervalNs,
        boolean isKeyed,
        boolean isExternalIdOnce,
        Bounds bounds,
        long circuitMaxAgeNs,
        byte[] journalId) {
    /** Ends of {@code regimeWindow}. */
    public static final int REGIME_WINDOW_MIN = 2;

    public static final int REGIME_WINDOW_MAX = 65_536;

    /** Greatest {@code anomalyZ} and {@code commonZ}: 655.34 standard deviations. */
    public static final int Z_MAX = 65_534;

    /** Greatest {@code circuitMaxAgeNs}: 30 days. */
    public static final long CIRCUIT_AGE_MAX_NS = 30 * 86_400_000_000_000L;

    private static final long CIRCUIT_AGE_NS = 60_000_000_000L;

    /** Checks the ranges above. */
    public EngineSettings {
        require(
                regimeWindow >= REGIME_WINDOW_MIN && regimeWindow <= REGIME_WINDOW_MAX,
                "regimeWindow must be " + REGIME_WINDOW_MIN + ".." + REGIME_WINDOW_MAX,
                regimeWindow);
        require(anomalyZ >= 1 && anomalyZ <= Z_MAX, "anomalyZ must be 1.." + Z_MAX, anomalyZ);
        require(commonZ >= 0 && commonZ <= anomalyZ, "commonZ must be 0..anomalyZ", commonZ);
        require(anomalyStepBps >= 0 && anomalyStepBps <= Bps.ONE, "anomalyStepBps must be 0..10000", anomalyStepBps);
        require(commonStepBps >= 0 && commonStepBps <= Bps.ONE, "commonStepBps must be 0..10000", commonStepBps);
        require(rememberedPerPrincipal >= 1, "rememberedPerPrincipal must be positive", rememberedPerPrincipal);
        require(tickIntervalNs >= 1, "tickIntervalNs must be positive", tickIntervalNs);
        require(
                circuitMaxAgeNs >= 0 && circuitMaxAgeNs <= CIRCUIT_AGE_MAX_NS,
                "circuitMaxAgeNs must be 0.." + CIRCUIT_AGE_MAX_NS,
                circuitMaxAgeNs);
        require(journalId.length == 32, "journalId must have 32 bytes", journalId.length);
    }

    /** With the bounds of the design, and external ids that are used once at a time. */
    public EngineSettings(
            long seed,
            long valueThresholdMicros,
            int regimeWindow,
            int anomalyZ,
            int commonZ,
            int anomalyStepBps,
            int commonStepBps,
            int rememberedPerPrincipal,
            long tickIntervalNs,
            boolean isKeyed,
            byte[] journalId) {
        this(
                seed,
                valueThresholdMicros,
                regimeWindow,
                anomalyZ,
                commonZ,
                anomalyStepBps,
                commonStepBps,
                rememberedPerPrincipal,
                tickIntervalNs,
                isKeyed,
                true,
                Bounds.defaults(),
                journalId);
    }

    /** With the age of the design for circuits. */
    public EngineSettings(
            long seed,
            long valueThresholdMicros,
            int regimeWindow,
            int anomalyZ,
            int commonZ,
            int anomalyStepBps,
            int commonStepBps,
            int rememberedPerPrincipal,
            long tickIntervalNs,
            boolean isKeyed,
            boolean isExternalIdOnce,
            Bounds bounds,
            byte[] journalId) {
        this(
                seed,
                valueThresholdMicros,
                regimeWindow,
                anomalyZ,
                commonZ,
                anomalyStepBps,
                commonStepBps,
                rememberedPerPrincipal,
                tickIntervalNs,
                isKeyed,
                isExternalIdOnce,
                bounds,
                CIRCUIT_AGE_NS,
                journalId);
    }

    /** The settings of the design, with a seed and a name of the caller's. */
    public static EngineSettings defaults(long seed, byte[] journalId) {
        return new EngineSettings(
                seed, 10_000_000_000L, 256, 400, 100, 250, 100, 65_536, 100_000_000L, false, journalId);
    }

    /** The settings command that carries these values: the message with its header. */
    public byte[] encode() {
        byte[] bytes = new byte[MessageHeaderEncoder.ENCODED_LENGTH + SettingsEncoder.BLOCK_LENGTH];
        new SettingsEncoder()
                .wrapAndApplyHeader(new UnsafeBuffer(bytes), 0, new MessageHeaderEncoder())
                .seed(seed)
                .valueThresholdMicros(valueThresholdMicros)
                .regimeWindow(regimeWindow)
                .anomalyZ(anomalyZ)
                .commonZ(commonZ)
                .anomalyStepBps(anomalyStepBps)
                .commonStepBps(commonStepBps)
                .rememberedPerPrincipal(rememberedPerPrincipal)
                .tickIntervalNs(tickIntervalNs)
                .isKeyed(isKeyed ? Tristate.YES : Tristate.NO)
                .putJournalId(journalId, 0, 32)
                .accountsMax(bounds.accounts())
                .holdsPerAccount(bounds.holdsPerAccount())
                .positionsPerAccount(bounds.positionsPerAccount())
                .principalsMax(bounds.principals())
                .policyBytesMax(bounds.policyBytes())
                .isExternalIdOnce(isExternalIdOnce ? Tristate.YES : Tristate.NO)
                .factsPerAccount(bounds.facts().rowsPerAccount())
                .factsHorizonNs(bounds.facts().horizonNs())
                .candidatePosteriorsMax(bounds.candidatePosteriors())
                .circuitMaxAgeNs(circuitMaxAgeNs);
        return bytes;
    }

    /**
     * Reads a settings command.
     *
     * @throws IllegalArgumentException when the bytes are no such command or break a range; only a damaged or foreign
     *                                  journal brings that about.
     */
    public static EngineSettings decode(DirectBuffer buffer, int offset, int length) {
        MessageHeaderDecoder header = new MessageHeaderDecoder();
        require(length >= MessageHeaderDecoder.ENCODED_LENGTH, "settings command too short", length);
        header.wrap(buffer, offset);
        require(header.templateId() == SettingsDecoder.TEMPLATE_ID, "settings command expected", header.templateId());
        require(
                length >= MessageHeaderDecoder.ENCODED_LENGTH + SettingsDecoder.BLOCK_LENGTH,
                "settings command too short",
                length);
        SettingsDecoder settings = new SettingsDecoder().wrapAndApplyHeader(buffer, offset, header);
        byte[] journalId = new byte[32];
        settings.getJournalId(journalId, 0, 32);
        return new EngineSettings(
                settings.seed(),
                settings.valueThresholdMicros(),
                Math.toIntExact(settings.regimeWindow()),
                settings.anomalyZ(),
                settings.commonZ(),
                settings.anomalyStepBps(),
                settings.commonStepBps(),
                Math.toIntExact(settings.rememberedPerPrincipal()),
                settings.tickIntervalNs(),
                settings.isKeyed() == Tristate.YES,
                settings.isExternalIdOnce() == Tristate.YES,
                new Bounds(
                        Math.toIntExact(settings.accountsMax()),
                        Math.toIntExact(settings.holdsPerAccount()),
                        Math.toIntExact(settings.positionsPerAccount()),
                        Math.toIntExact(settings.principalsMax()),
                        Math.toIntExact(settings.policyBytesMax()),
                        Math.toIntExact(settings.candidatePosteriorsMax()),
                        new FactBounds(Math.toIntExact(settings.factsPerAccount()), settings.factsHorizonNs())),
                settings.circuitMaxAgeNs(),
                journalId);
    }

    private static void require(boolean holds, String rule, long value) {
        if (!holds) {
            throw new IllegalArgumentException(rule + ": value=" + value);
        }
    }
}

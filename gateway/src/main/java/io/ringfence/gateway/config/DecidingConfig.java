package io.ringfence.gateway.config;

import io.ringfence.engine.bounds.Bounds;
import io.ringfence.engine.bounds.FactBounds;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.schemas.Tristate;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/**
 * What decides besides policy and commands: written into a journal's first record, and fixed for its life.
 *
 * <p>{@link Setting} says the range of each.
 *
 * @param seed                   of all random draws; u64 bits.
 * @param valueThresholdMicros   value from which on a request counts as a high-value one.
 * @param regimeWindow           requests per regime until its statistics are trusted.
 * @param anomalyZ               anomaly bound in hundredths of a standard deviation.
 * @param commonZ                bound of the common in the same unit; not above {@code anomalyZ}.
 * @param anomalyStepBps         how much the recommended floor rises per severity.
 * @param commonStepBps          how much it falls for a common request.
 * @param rememberedPerPrincipal request ids remembered per principal.
 * @param tickIntervalNs         event time between ticks.
 * @param isExternalIdOnce       is an order refused whose external id a standing order of its principal has?
 * @param bounds                 how much the engine may keep in memory.
 * @param circuitMaxAgeNs        age of a decision from which on its outcome counts for no circuit.
 */
public record DecidingConfig(
        long seed,
        long valueThresholdMicros,
        int regimeWindow,
        int anomalyZ,
        int commonZ,
        int anomalyStepBps,
        int commonStepBps,
        int rememberedPerPrincipal,
        long tickIntervalNs,
        boolean isExternalIdOnce,
        Bounds bounds,
        long circuitMaxAgeNs) {
    private static final int JOURNAL_ID_LENGTH = 32;

    static DecidingConfig read(YamlMapping keys) {
        int anomalyZ = keys.read(Setting.ANOMALY_Z);
        int commonZ = keys.read(Setting.COMMON_Z);
        if (commonZ > anomalyZ) {
            String key = keys.find("common_z").isPresent() ? "common_z" : "anomaly_z";
            throw keys.value(key).fault("common_z must not be above anomaly_z");
        }
        DecidingConfig config = new DecidingConfig(
                keys.read(Setting.SEED),
                keys.read(Setting.VALUE_THRESHOLD),
                keys.read(Setting.REGIME_WINDOW),
                anomalyZ,
                commonZ,
                keys.read(Setting.ANOMALY_STEP_BPS),
                keys.read(Setting.COMMON_STEP_BPS),
                keys.read(Setting.REMEMBERED_PER_PRINCIPAL),
                keys.read(Setting.TICK_INTERVAL),
                keys.read(Setting.EXTERNAL_ID_ONCE) == Tristate.YES,
                new Bounds(
                        keys.read(Setting.ACCOUNTS_MAX),
                        keys.read(Setting.HOLDS_PER_ACCOUNT),
                        keys.read(Setting.POSITIONS_PER_ACCOUNT),
                        keys.read(Setting.PRINCIPALS_MAX),
                        Math.toIntExact(keys.read(Setting.POLICY_SIZE_MAX)),
                        keys.read(Setting.CANDIDATE_POSTERIORS_MAX),
                        new FactBounds(keys.read(Setting.FACTS_PER_ACCOUNT), keys.read(Setting.FACTS_HORIZON))),
                keys.read(Setting.CIRCUIT_MAX_AGE));
        keys.refuseUnknown();
        return config;
    }

    /** The settings of a new journal, under an id of 32 random bytes. */
    public EngineSettings forNewJournal(RandomGenerator random) {
        byte[] journalId = new byte[JOURNAL_ID_LENGTH];
        random.nextBytes(journalId);
        return engineSettings(journalId);
    }

    /**
     * Refuses to go on with a journal that was begun under other settings.
     *
     * @param dataDir of the journal, for the message.
     * @throws ConfigFault that prints both.
     */
    public void requireSame(EngineSettings journal, Path dataDir) {
        EngineSettings configured = engineSettings(journal.journalId());
        if (!configured.equals(journal)) {
            throw ConfigFault.ofFile(
                    dataDir,
                    "the deciding settings of a journal never change: journal " + text(journal) + ", configured "
                            + text(configured));
        }
    }

    private static String text(EngineSettings settings) {
        return "seed=" + Long.toUnsignedString(settings.seed()) + " value_threshold_micros="
                + settings.valueThresholdMicros() + " regime_window=" + settings.regimeWindow() + " anomaly_z="
                + settings.anomalyZ() + " common_z=" + settings.commonZ() + " anomaly_step_bps="
                + settings.anomalyStepBps() + " common_step_bps=" + settings.commonStepBps()
                + " remembered_per_principal=" + settings.rememberedPerPrincipal() + " tick_interval_ns="
                + settings.tickIntervalNs() + " keyed=" + settings.isKeyed() + " external_id_once="
                + settings.isExternalIdOnce() + " circuit_max_age_ns=" + settings.circuitMaxAgeNs() + " "
                + settings.bounds();
    }

    /** The first record of a journal with this id of 32 bytes. */
    public EngineSettings engineSettings(byte[] journalId) {
        return new EngineSettings(
                seed,
                valueThresholdMicros,
                regimeWindow,
                anomalyZ,
                commonZ,
                anomalyStepBps,
                commonStepBps,
                rememberedPerPrincipal,
                tickIntervalNs,
                false, // This server has no keys, so a keyed journal is refused.
                isExternalIdOnce,
                bounds,
                circuitMaxAgeNs,
                journalId);
    }
}

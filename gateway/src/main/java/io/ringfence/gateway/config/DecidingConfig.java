package io.ringfence.gateway.config;

import io.ringfence.engine.pipeline.EngineSettings;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/**
 * What decides besides policy and commands: written into a journal's first record, and fixed for its life.
 *
 * @param seed                   of all random draws; u64 bits.
 * @param valueThresholdMicros   value from which on a request counts as a high-value one.
 * @param regimeWindow           requests per regime until its statistics are trusted; 2 to 65,536.
 * @param anomalyZ               anomaly bound in hundredths of a standard deviation; 1 to 65,534.
 * @param commonZ                bound of the common in the same unit; 0 to {@code anomalyZ}.
 * @param anomalyStepBps         how much the recommended floor rises per severity; 0 to 10,000.
 * @param commonStepBps          how much it falls for a common request; 0 to 10,000.
 * @param rememberedPerPrincipal request ids remembered per principal; 1 and above.
 * @param rememberedInAll        request ids remembered in all; not below {@code rememberedPerPrincipal}.
 * @param tickIntervalNs         event time between ticks; 1 and above.
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
        int rememberedInAll,
        long tickIntervalNs) {
    private static final long MS_NS = 1_000_000;
    private static final int Z_MAX_HUNDREDTHS = 65_534;
    private static final int REMEMBERED_MAX = 1 << 24;
    private static final int JOURNAL_ID_LENGTH = 32;

    static DecidingConfig read(YamlMapping keys) {
        int anomalyZ = keys.find("anomaly_z").map(value -> hundredths(value, 1)).orElse(400);
        int commonZ = keys.find("common_z").map(value -> hundredths(value, 0)).orElse(100);
        int perPrincipal = keys.find("remembered_per_principal")
                .map(value -> value.wholeInt(1, REMEMBERED_MAX))
                .orElse(65_536);
        int inAll = keys.find("remembered_in_all")
                .map(value -> value.wholeInt(1, REMEMBERED_MAX))
                .orElse(1 << 20);
        if (commonZ > anomalyZ) {
            String key = keys.find("common_z").isPresent() ? "common_z" : "anomaly_z";
            throw keys.value(key).fault("common_z must not be above anomaly_z");
        }
        if (inAll < perPrincipal) {
            String key = keys.find("remembered_in_all").isPresent() ? "remembered_in_all" : "remembered_per_principal";
            throw keys.value(key).fault("remembered_in_all must not be below remembered_per_principal");
        }
        DecidingConfig config = new DecidingConfig(
                keys.find("seed").map(YamlValue::unsigned).orElse(1L),
                keys.find("value_threshold")
                        .map(value -> value.micros(0, Long.MAX_VALUE))
                        .orElse(10_000_000_000L),
                keys.find("regime_window")
                        .map(value -> value.wholeInt(2, 65_536))
                        .orElse(256),
                anomalyZ,
                commonZ,
                keys.find("anomaly_step_bps").map(YamlValue::bps).orElse(250),
                keys.find("common_step_bps").map(YamlValue::bps).orElse(100),
                perPrincipal,
                inAll,
                keys.find("tick_interval")
                        .map(value -> value.durationNs(MS_NS, 60_000 * MS_NS))
                        .orElse(100 * MS_NS));
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
                + " remembered_per_principal=" + settings.rememberedPerPrincipal() + " remembered_in_all="
                + settings.rememberedInAll() + " tick_interval_ns=" + settings.tickIntervalNs()
                + " keyed=" + settings.isKeyed();
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
                rememberedInAll,
                tickIntervalNs,
                false, // This server has no keys, so a keyed journal is refused.
                journalId);
    }

    private static int hundredths(YamlValue value, int least) {
        long hundredths = value.scaledUnsigned(2, 2);
        if (hundredths < least || hundredths > Z_MAX_HUNDREDTHS) {
            throw value.fault("must be from " + least / 100.0 + " to " + Z_MAX_HUNDREDTHS / 100.0, value.shown());
        }
        return (int) hundredths;
    }
}

package io.ringfence.gateway;

import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.gateway.config.ConfigFault;
import io.ringfence.gateway.config.DecidingConfig;
import io.ringfence.gateway.config.ServerConfig;
import java.util.random.RandomGenerator;

/** Carries the deciding settings from the configuration into a new journal, and holds the two to each other afterwards. */
final class DecidingSettings {
    private static final int JOURNAL_ID_LENGTH = 32;

    private DecidingSettings() {}

    /** Settings of a new journal, which gets a name of its own. */
    static EngineSettings begin(DecidingConfig deciding, RandomGenerator names) {
        byte[] journalId = new byte[JOURNAL_ID_LENGTH];
        names.nextBytes(journalId);
        return of(deciding, journalId);
    }

    /**
     * Refuses a configuration that would decide otherwise than the journal has begun to.
     *
     * @throws ConfigFault that names the settings of both.
     */
    static void requireSame(ServerConfig config, EngineSettings journal) {
        EngineSettings configured = of(config.deciding(), journal.journalId());
        if (!configured.equals(journal)) {
            throw ConfigFault.ofFile(
                    config.dataDir(),
                    "the deciding settings of a journal never change: journal " + text(journal) + ", configured "
                            + text(configured));
        }
    }

    private static EngineSettings of(DecidingConfig deciding, byte[] journalId) {
        return new EngineSettings(
                deciding.seed(),
                deciding.valueThresholdMicros(),
                deciding.regimeWindow(),
                deciding.anomalyZ(),
                deciding.commonZ(),
                deciding.anomalyStepBps(),
                deciding.commonStepBps(),
                deciding.rememberedPerPrincipal(),
                deciding.rememberedInAll(),
                deciding.tickIntervalNs(),
                false, // This server has no keys: a keyed journal must not go on without.
                journalId);
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
}

package io.ringfence.gateway.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.pipeline.PipelineMode;
import io.ringfence.gateway.config.PrincipalEntry.Role;
import io.ringfence.gateway.config.ServerConfig.WaitChoice;
import io.ringfence.schemas.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerConfigTest {
    @TempDir
    Path folder;

    @Test
    void shouldShipAFileThatShowsEveryDefault() throws IOException {
        Path shipped = Files.copy(ConfFiles.path("ringfence.yaml"), folder.resolve("shipped.yaml"));
        Path empty = write("{}\n");

        assertEquals(ServerConfig.read(empty), ServerConfig.read(shipped));
    }

    @Test
    void shouldShipAFileThatNamesEveryKey() {
        YamlFile file = YamlFile.read(ConfFiles.path("ringfence.yaml"));
        ServerConfig.read(file);

        YamlMapping root = file.root();
        assertEquals(List.of(), root.leftOut());
        for (String level : List.of("aeron", "sessions", "outcomes", "clock", "disk", "snapshots", "deciding")) {
            assertEquals(List.of(), root.mapping(level).leftOut(), level);
        }
    }

    @Test
    void shouldReadWhatIsGiven() throws IOException {
        Path file = write("""
                data_dir: /var/lib/ringfence
                durability: disk
                mode: shared
                ring_size: 64
                wait_strategy: busy_spin
                aeron: {directory: /dev/shm/rf, request_stream_id: 7}
                sessions: {max: 2, window: 16, silence_timeout: 500ms, patience: 2s}
                disk: {headroom: 1GiB, roll_length: 32MiB}
                deciding: {seed: 18446744073709551615, anomaly_z: 3.25, value_threshold: 0.000001}
                policy: mine.yaml
                principals: [{id: 9, name: risk, role: risk, accounts: [4, 1, 4]}, {id: 3, name: algo, role: trader}]
                """);

        ServerConfig config = ServerConfig.read(file);

        assertEquals(Path.of("/var/lib/ringfence"), config.dataDir());
        assertEquals(Durability.DISK, config.durability());
        assertEquals(Optional.of(PipelineMode.SHARED), config.mode());
        assertEquals(Optional.of(64), config.ringSize());
        assertEquals(WaitChoice.BUSY_SPIN, config.waitStrategy());
        assertEquals(Optional.of(Path.of("/dev/shm/rf")), config.aeronDirectory());
        assertEquals(new ServerConfig.SessionConfig(2, 16, 500_000_000L, 2_000_000_000L), config.sessions());
        assertEquals(1L << 30, config.diskHeadroom());
        assertEquals(Optional.of(32L << 20), config.rollLength());
        assertEquals(-1L, config.deciding().seed());
        assertEquals(325, config.deciding().anomalyZ());
        assertEquals(1, config.deciding().valueThresholdMicros());
        assertEquals(folder.resolve("mine.yaml"), config.policyFile());
        assertEquals(
                List.of(
                        new PrincipalEntry(3, "algo", Role.TRADER, List.of()),
                        new PrincipalEntry(9, "risk", Role.RISK, List.of(1L, 4L))),
                config.principals());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "durabilty: disk|1: durabilty: is no known key: nearest known is durability",
                "sessions: {windw: 4}|1: sessions.windw: is no known key: nearest known is window",
                "head: {fil: x}|1: head.fil: is no known key: nearest known is file",
                "durability: tape|1: durability: must be memory or disk: \"tape\"",
                "ring_size: 100|1: ring_size: must be a power of two from 8 to 65536: \"100\"",
                "ring_size: many|1: ring_size: must be a power of two from 8 to 65536: \"many\"",
                "ring_size: [8]|1: ring_size: must be a power of two from 8 to 65536: a list",
                "sessions: 4|1: sessions: must be a mapping of keys to values: \"4\"",
                "sessions: {window: 2000}|1: sessions.window: must be a whole number from 1 to 1024: \"2000\"",
                "sessions: {patience: 10}|1: sessions.patience: must be a time from 1ms to 1h: \"10\"",
                "clock: {max_step: 2h}|1: clock.max_step: must be a time from 1ms to 1h: \"2h\"",
                "disk: {headroom: 5 parsecs}|1: disk.headroom: must be a size from 0B to 16384GiB: \"5 parsecs\"",
                "deciding: {seed: -1}|1: deciding.seed: must be a whole number from 0 to 18446744073709551615: \"-1\"",
                "deciding: {common_z: 5}|1: deciding.common_z: common_z must not be above anomaly_z",
                "deciding: {anomaly_z: 0}|1: deciding.anomaly_z: must be a number from 0.01 to 655.34 with at most 2 digits behind the point: \"0\"",
                "deciding: {value_threshold: 1.0000001}|1: deciding.value_threshold: must be an amount from 0 to 9223372036854.775807 with at most 6 digits behind the point: \"1.0000001\"",
                "principals: [{id: 1, role: operator}]|1: principals[0].name: must be given: it is missing",
                "principals: [{id: 1, name: a, role: risk, accounts: []}]|1: principals[0].accounts: must list an account, or be left out for all accounts: it is empty",
                "principals: [{id: 1, name: a, role: risk, accounts: [0]}]|1: principals[0].accounts[0]: must be a whole number from 1 to 9223372036854775807: \"0\"",
                "principals: [{id: 1, name: a, role: king}]|1: principals[0].role: must be trader, reporter, risk, operator or reader: \"king\"",
                "mode: auto\\nmode: shared|2: mode: must stand once: it stands above, too",
                "mode: [|2: yaml: must be YAML: expected the node content, but found '<stream end>'"
            })
    void shouldNameLineFieldAndRule(String text, String expected) throws IOException {
        Path file = write(text.replace("\\n", "\n") + "\n");

        ConfigFault fault = assertThrows(ConfigFault.class, () -> ServerConfig.read(file));

        assertEquals(file + ":" + expected, fault.getMessage());
    }

    @Test
    void shouldShipTheDecidingSettingsOfTheEngine() {
        byte[] journalId = new byte[32];

        DecidingConfig shipped =
                ServerConfig.read(ConfFiles.path("ringfence.yaml")).deciding();

        assertArrayEquals(
                EngineSettings.defaults(1, journalId).encode(),
                shipped.engineSettings(journalId).encode());
    }

    @Test
    void shouldRefuseWhatIsNoFile() {
        Path none = folder.resolve("none.yaml");

        ConfigFault fault = assertThrows(ConfigFault.class, () -> ServerConfig.read(none));

        assertEquals(none + ": file: must be a file: there is none", fault.getMessage());
    }

    @Test
    void shouldSayThatAFileIsADirectory() {
        ConfigFault fault = assertThrows(ConfigFault.class, () -> ServerConfig.read(folder));

        assertEquals(folder + ": file: must be a file: it is a directory", fault.getMessage());
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("ringfence.yaml"), text);
    }
}

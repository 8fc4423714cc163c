package io.ringfence.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.Ringfence;
import io.ringfence.journal.fault.JournalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every two settings at both ends of their ranges together.
 *
 * <p>Row by row, each setting stands at its least or its greatest value. Setting number n is at its greatest in row r if bit r of n is set,
 * and in row r of the second half if it is not; one row has all at their least and one all at their greatest. So of any two settings each
 * of the four pairs of ends is in some row.
 */
@Tag("alone")
@Tag("once")
class SettingPairsTest {
    private static final Path CONF = Path.of(System.getProperty("ringfence.root"), "conf");

    /** Goes with {@code deciding.anomaly_z}, which must not be below it. */
    private static final String COMMON_Z = "deciding.common_z";

    /** At one end of these the shipped files do not fit, or a heap of the tests', or the disk: a start is refused whatever the others are. */
    private static final Map<String, String> FITTING = Map.of(
            "deciding.accounts_max", "8",
            "deciding.holds_per_account", "1",
            "deciding.positions_per_account", "1",
            "deciding.facts_per_account", "1",
            "deciding.principals_max", "4",
            "disk.headroom", "0B",
            "disk.roll_length", "1MiB");

    @TempDir
    Path folder;

    private static List<Setting<?>> settings(Set<String> without) {
        return Setting.all().stream()
                .filter(setting -> !setting.ends().isEmpty())
                .filter(setting -> !setting.key().startsWith("principals."))
                .filter(setting -> !setting.key().equals(COMMON_Z) && !without.contains(setting.key()))
                .toList();
    }

    /** By row the key and value of each setting. */
    private static Stream<Map<String, String>> rows(Map<String, String> fixed) {
        List<Setting<?>> settings = settings(fixed.keySet());
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(settings.size());
        return IntStream.range(0, 2 * bits + 2).mapToObj(row -> {
            Map<String, String> values = new LinkedHashMap<>(fixed);
            for (int n = 0; n < settings.size(); n++) {
                boolean isGreatest = row >= 2 * bits ? row > 2 * bits : (n >> row % bits & 1) == (row < bits ? 1 : 0);
                List<String> ends = settings.get(n).ends();
                values.put(settings.get(n).key(), ends.get(isGreatest ? ends.size() - 1 : 0));
            }
            List<String> ends = Setting.named(COMMON_Z).ends();
            boolean isWide = values.get("deciding.anomaly_z").equals(ends.get(1));
            values.put(COMMON_Z, ends.get(isWide ? 1 : 0));
            return values;
        });
    }

    static Stream<Map<String, String>> allRows() {
        return rows(Map.of());
    }

    static Stream<Map<String, String>> fittingRows() {
        return rows(FITTING);
    }

    @Test
    void shouldHaveEachPairOfEndsInSomeRow() {
        List<Map<String, String>> rows = allRows().toList();
        List<Setting<?>> settings = settings(Set.of());
        for (Setting<?> one : settings) {
            for (Setting<?> other : settings) {
                long pairs = rows.stream()
                        .map(row -> row.get(one.key()) + ' ' + row.get(other.key()))
                        .distinct()
                        .count();
                assertEquals(one == other ? 2 : 4, pairs, one.key() + ' ' + other.key());
            }
        }
    }

    @Tag("system")
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    @ParameterizedTest
    @MethodSource("allRows")
    void shouldStartOrRefuseInOneLine(Map<String, String> values) throws IOException {
        try (Ringfence ringfence = Ringfence.start(ServerConfig.read(write(values)))) {
            assertEquals(null, ringfence.failure());
        } catch (ConfigFault | JournalException refused) {
            assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
        }
    }

    @Tag("system")
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    @ParameterizedTest
    @MethodSource("fittingRows")
    void shouldStartServeStopAndStartAgain(Map<String, String> values) throws Exception {
        ServerConfig config = ServerConfig.read(write(values));
        for (int start = 1; start <= 2; start++) {
            try (Ringfence ringfence = Ringfence.start(config)) {
                assertTrue(ringfence
                        .admin()
                        .requestSnapshot(1_000 + start)
                        .get(60, TimeUnit.SECONDS)
                        .isApplied());
                assertEquals(null, ringfence.failure());
                assertNotNull(ringfence.rights());
            }
        }
    }

    private Path write(Map<String, String> values) throws IOException {
        Map<String, List<String>> levels = new LinkedHashMap<>();
        List<String> lines = new ArrayList<>(List.of(
                "data_dir: " + folder.resolve("data"),
                "policy: " + CONF.resolve("policies/venues.yaml"),
                "accounts: " + CONF.resolve("accounts.yaml")));
        values.forEach((key, value) -> {
            int dot = key.indexOf('.');
            if (dot < 0) {
                lines.add(key + ": " + value);
            } else {
                levels.computeIfAbsent(key.substring(0, dot), level -> new ArrayList<>())
                        .add(key.substring(dot + 1) + ": " + value);
            }
        });
        levels.get("aeron").add("directory: " + folder.resolve("aeron"));
        levels.forEach((level, keys) -> lines.add(level + ": {" + String.join(", ", keys) + '}'));
        return Files.write(folder.resolve("ringfence.yaml"), lines);
    }
}

package io.ringfence.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.Ringfence;
import io.ringfence.journal.fault.JournalException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every setting at the ends of its range and beyond them, and in the pages that repeat it. */
@Tag("alone")
@Tag("once")
class SettingTest {
    private static final Path ROOT = Path.of(System.getProperty("ringfence.root"));
    private static final Path CONF = ROOT.resolve("conf");
    private static final Pattern NUMBER = Pattern.compile("(-?[0-9.]+)(.*)");
    private static final Pattern TABLE = Pattern.compile("(?s)<!-- settings: begin -->\\n(.*?)<!-- settings: end -->");
    private static final Pattern KEY_LINE = Pattern.compile("^( *)([a-z_]+):.*");
    private static final String HEAD = "| key | default | range | unit |\n|---|---|---|---|\n";

    /** Two keys that bind each other: the other one that goes with the end. */
    private static final Map<String, String> COMPANIONS = Map.of(
            "deciding.anomaly_z=0.01", "common_z: 0",
            "deciding.common_z=655.34", "anomaly_z: 655.34",
            "deciding.remembered_per_principal=4194304", "principals_max: 4");

    /** More disk than there is: the start must refuse it, in one line. */
    private static final Set<String> BEYOND_THE_MACHINE = Set.of("disk.headroom=16384GiB");

    /** More than the heap has room for, or less than the shipped files need: the start must refuse it, in one line that begins so. */
    private static final Map<String, String> BEYOND_THE_SETTINGS = Map.of(
            "deciding.accounts_max=1", CONF.resolve("accounts.yaml") + ": accounts.desk-2: ",
            "deciding.accounts_max=16777216",
                    "the heap: deciding.facts_per_account: must be lower, or the heap larger: ",
            "deciding.holds_per_account=67108864",
                    "the heap: deciding.holds_per_account: must be lower, or the heap larger: ",
            "deciding.positions_per_account=16777216",
                    "the heap: deciding.positions_per_account: must be lower, or the heap larger: ",
            "deciding.principals_max=1", "the configuration: principals: ",
            "deciding.facts_per_account=16777216",
                    "the heap: deciding.facts_per_account: must be lower, or the heap larger: ",
            "deciding.principals_max=65536",
                    "the heap: deciding.remembered_per_principal: must be lower, or the heap larger: ");

    @TempDir
    Path folder;

    static Stream<Setting<?>> withEnds() {
        return Setting.all().stream().filter(setting -> !setting.ends().isEmpty());
    }

    static Stream<String> ends() {
        return withEnds()
                .filter(setting -> !setting.key().startsWith("principals."))
                .flatMap(setting -> setting.ends().stream().map(end -> setting.key() + '=' + end));
    }

    @ParameterizedTest
    @MethodSource("withEnds")
    void shouldTakeBothEndsAndRefuseWhatIsBeyond(Setting<?> setting) throws IOException {
        for (String end : setting.ends()) {
            assertNotNull(read(setting.key(), end), end);
        }
        for (String beyond : beyond(setting)) {
            Path file = write(setting.key(), beyond);

            ConfigFault fault = assertThrows(ConfigFault.class, () -> ServerConfig.read(file), beyond);

            String field = setting.key().replace("principals.", "principals[0].");
            assertEquals(
                    file + ":" + 2 + ": " + field + ": " + setting.rule() + ": \"" + beyond + '"', fault.getMessage());
            assertTrue(setting.rule().contains(setting.range()), setting.rule());
        }
    }

    @Tag("system")
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    @ParameterizedTest
    @MethodSource("ends")
    void shouldStartAtEachEnd(String keyAndEnd) throws IOException {
        int equals = keyAndEnd.indexOf('=');
        ServerConfig config = read(keyAndEnd.substring(0, equals), keyAndEnd.substring(equals + 1));

        if (BEYOND_THE_MACHINE.contains(keyAndEnd)) {
            JournalException refused = assertThrows(JournalException.class, () -> Ringfence.start(config));
            assertTrue(refused.getMessage().startsWith("too little room for the journal in "), refused::getMessage);
            return;
        }
        if (BEYOND_THE_SETTINGS.containsKey(keyAndEnd)) {
            ConfigFault refused = assertThrows(ConfigFault.class, () -> Ringfence.start(config));
            assertTrue(refused.getMessage().startsWith(BEYOND_THE_SETTINGS.get(keyAndEnd)), refused::getMessage);
            assertEquals(1, refused.getMessage().lines().count());
            return;
        }
        try (Ringfence ringfence = Ringfence.start(config)) {
            assertEquals(null, ringfence.failure());
        }
    }

    @Test
    void shouldStandOnThePageOfTheOperator() throws IOException {
        StringBuilder expected = new StringBuilder(HEAD);
        for (Setting<?> setting : Setting.all()) {
            expected.append(String.format(
                    Locale.ROOT,
                    "| `%s` | %s | %s | %s |%n",
                    setting.key(),
                    setting.defaultText(),
                    setting.range(),
                    setting.unit()));
        }
        Matcher table = TABLE.matcher(Files.readString(ROOT.resolve("docs/OPERATING.md")));
        assertTrue(table.find(), "marks of the table");

        assertEquals(expected.toString(), table.group(1));
    }

    /** The comment above a key of the shipped file gives its range, or all its words. */
    @Test
    void shouldStandInTheShippedFile() throws IOException {
        List<String> missing = new ArrayList<>();
        StringBuilder comment = new StringBuilder();
        String level = "";
        boolean isInComment = false;
        for (String line : Files.readAllLines(CONF.resolve("ringfence.yaml"))) {
            if (line.strip().startsWith("#")) {
                comment.setLength(isInComment ? comment.length() : 0);
                comment.append(line.strip().substring(1)).append(' ');
                isInComment = true;
                continue;
            }
            isInComment = false;
            Matcher key = KEY_LINE.matcher(line);
            if (key.matches()) {
                level = key.group(1).isEmpty() ? key.group(2) : level;
                String name = key.group(1).isEmpty() ? level : level + '.' + key.group(2);
                Setting.all().stream()
                        .filter(setting -> setting.key().equals(name))
                        .filter(setting -> !isStated(setting, comment.toString()))
                        .forEach(setting -> missing.add(name + ": " + setting.range()));
            }
        }

        assertEquals(List.of(), missing);
    }

    private static boolean isStated(Setting<?> setting, String comment) {
        String text = comment.replaceAll("\\s+", " ");
        boolean hasWords = !NUMBER.matcher(
                        setting.ends().isEmpty() ? "" : setting.ends().get(0))
                .matches();
        return text.contains(setting.range())
                || hasWords && setting.ends().stream().allMatch(text::contains);
    }

    /** One step below the least value and one above the greatest; a word that is none. */
    private static List<String> beyond(Setting<?> setting) {
        List<String> ends = setting.ends();
        Matcher least = NUMBER.matcher(ends.get(0));
        Matcher most = NUMBER.matcher(ends.get(ends.size() - 1));
        if (!least.matches() || !most.matches()) {
            return List.of("none_of_these", ends.get(0).toUpperCase(java.util.Locale.ROOT));
        }
        return switch (setting.unit()) {
            case "time" -> List.of(step(ends.get(0), -1, "ns"), step(ends.get(1), 1, "ns"));
            case "size" -> List.of(step(ends.get(0), -1, "B"), step(ends.get(1), 1, "B"));
            default ->
                List.of(
                        new BigDecimal(ends.get(0)).subtract(smallest(setting)).toPlainString(),
                        new BigDecimal(ends.get(1)).add(smallest(setting)).toPlainString());
        };
    }

    private static BigDecimal smallest(Setting<?> setting) {
        Matcher digits = Pattern.compile("at most ([0-9]) digits").matcher(setting.rule());
        return digits.find() ? BigDecimal.ONE.movePointLeft(Integer.parseInt(digits.group(1))) : BigDecimal.ONE;
    }

    private static String step(String end, int by, String smallestUnit) {
        Map<String, Long> units = Map.of(
                "ns",
                1L,
                "us",
                1_000L,
                "ms",
                1_000_000L,
                "s",
                1_000_000_000L,
                "m",
                60_000_000_000L,
                "h",
                3_600_000_000_000L,
                "d",
                86_400_000_000_000L,
                "B",
                1L,
                "MiB",
                1L << 20,
                "GiB",
                1L << 30);
        Matcher amount = NUMBER.matcher(end);
        assertTrue(amount.matches());
        return new BigInteger(amount.group(1))
                        .multiply(BigInteger.valueOf(units.get(amount.group(2))))
                        .add(BigInteger.valueOf(by))
                + smallestUnit;
    }

    private ServerConfig read(String key, String value) throws IOException {
        return ServerConfig.read(write(key, value));
    }

    /** A small server with this value in line 2. */
    private Path write(String key, String value) throws IOException {
        int dot = key.indexOf('.');
        String level = dot < 0 ? "" : key.substring(0, dot);
        String leaf = key.substring(dot + 1);
        String companion = Optional.ofNullable(COMPANIONS.get(key + '=' + value))
                .map(other -> ", " + other)
                .orElse("");
        String line = switch (level) {
            case "" -> leaf + ": " + value;
            case "principals" ->
                "principals: [{id: 7, name: desk, role: operator}]".replaceFirst(leaf + ": \\w+", leaf + ": " + value);
            default -> level + ": {" + leaf + ": " + value + companion + others(level, leaf) + '}';
        };
        StringBuilder text = new StringBuilder("# The value under test is in the next line.\n")
                .append(line)
                .append('\n');
        small().forEach((name, small) -> {
            if (!name.equals(level) && !name.equals(leaf)) {
                text.append(name).append(": ").append(small).append('\n');
            }
        });
        return Files.writeString(folder.resolve("ringfence.yaml"), text);
    }

    /** What keeps a server small, where the value under test leaves it open. */
    private Map<String, String> small() {
        return Map.of(
                "data_dir", folder.resolve("data").toString(),
                "mode", "compact",
                "wait_strategy", "sleeping",
                "aeron", "{directory: " + folder.resolve("aeron") + '}',
                "outcomes", "{window: 1024}",
                "disk", "{headroom: 0B, roll_length: 1MiB}",
                "deciding", "{remembered_per_principal: 1024}",
                "policy", CONF.resolve("policies/venues.yaml").toString(),
                "accounts", CONF.resolve("accounts.yaml").toString());
    }

    private String others(String level, String leaf) {
        return switch (level) {
            case "aeron" -> ", directory: " + folder.resolve("aeron");
            case "disk" -> leaf.equals("headroom") ? ", roll_length: 1MiB" : ", headroom: 0B";
            case "outcomes" -> leaf.equals("window") ? "" : ", window: 1024";
            default -> "";
        };
    }
}

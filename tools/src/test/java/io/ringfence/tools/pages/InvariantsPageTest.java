package io.ringfence.tools.pages;

import static java.util.stream.Collectors.groupingBy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Keeps the page of promises honest: what it names must be there. */
class InvariantsPageTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| RF-(\\d{3}) \\| (.+) \\| (.+) \\| (.+) \\|$");
    private static final Pattern GUARD = Pattern.compile("`(\\w+)#(\\w+)`");
    private static final Pattern NAME = Pattern.compile("`([\\w.]+)`");

    private final List<Row> rows = rows(SourceTree.text("docs/INVARIANTS.md"));

    @Test
    void shouldGiveEachPromiseACodeOfItsOwnInOrder() {
        List<Integer> codes = rows.stream().map(Row::code).toList();

        assertTrue(codes.size() > 30, "promises=" + codes.size());
        assertEquals(codes.stream().distinct().sorted().toList(), codes);
    }

    @Test
    void shouldNameCodeThatIsThere() {
        Map<String, List<Path>> sources = byName("main", "");

        for (Row row : rows) {
            List<String> names = all(NAME, row.keeper());
            assertTrue(!names.isEmpty(), () -> row.title() + " says not what keeps it");
            names.forEach(name -> assertTrue(
                    sources.containsKey(name) || sources.containsKey(name + ".java"),
                    () -> row.title() + ": no such source: " + name));
        }
    }

    @Test
    void shouldNameTestsThatAreThere() {
        Map<String, List<Path>> sources = byName("test", ".java");

        for (Row row : rows) {
            Matcher guard = GUARD.matcher(row.guards());
            assertTrue(guard.find(), () -> row.title() + " is guarded by no test");
            do {
                String test = guard.group(1);
                String method = guard.group(2);
                List<Path> files = sources.getOrDefault(test + ".java", List.of());
                assertEquals(1, files.size(), () -> row.title() + ": one test class of this name: " + test);
                assertTrue(
                        declares(SourceTree.text(files.get(0)), method),
                        () -> row.title() + ": no such test: " + test + "#" + method);
            } while (guard.find());
        }
    }

    /** A test method, or a rule that ArchUnit runs. */
    private static boolean declares(String source, String test) {
        return Pattern.compile("\\b(void " + test + "\\(|ArchRule " + test + "\\b)")
                .matcher(source)
                .find();
    }

    private static Map<String, List<Path>> byName(String sourceSet, String suffix) {
        return SourceTree.sources(sourceSet, suffix).stream()
                .collect(groupingBy(file -> file.getFileName().toString()));
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).toList();
    }

    private static List<Row> rows(String page) {
        List<Row> rows = new ArrayList<>();
        Matcher row = ROW.matcher(page);
        while (row.find()) {
            rows.add(new Row(Integer.parseInt(row.group(1)), row.group(3), row.group(4)));
        }
        return rows;
    }

    private record Row(int code, String keeper, String guards) {
        String title() {
            return String.format(Locale.ROOT, "RF-%03d", code);
        }
    }
}

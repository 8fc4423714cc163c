package io.ringfence.tools.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.tools.ChildProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Keeps ARCHITECTURE's list of the classes that an admitted order meets equal to what the running code meets. */
@Tag("system")
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class WayOfAnOrderTest {
    private static final int CLASSES_MAX = 55;
    private static final int LINES_MAX = 300;
    private static final String PAGE = "docs/ARCHITECTURE.md";
    private static final String HEADING = "\n## The way of an admitted order\n";
    private static final Pattern ITEM = Pattern.compile("(?m)^\\d+\\. `([\\w.]+)` - \\S.*$");
    private static final String CONFIG = """
            data_dir: %2$s/data
            mode: compact
            durability: memory
            wait_strategy: sleeping
            policy: %1$s/policies/crypto.yaml
            accounts: %1$s/accounts.yaml
            aeron: {directory: %2$s/aeron}
            sessions: {silence_timeout: 1h}
            outcomes: {window: 1024}
            disk: {headroom: 1MiB, roll_length: 1MiB}
            deciding: {remembered_per_principal: 1024}
            """;

    @TempDir
    static Path directory;

    /** Binary names of the outermost classes, in the order of their first entry. */
    private static List<String> way;

    @BeforeAll
    static void followOneOrder() throws Exception {
        Path config = Files.writeString(
                directory.resolve("ringfence.yaml"),
                String.format(Locale.ROOT, CONFIG, SourceTree.ROOT.resolve("conf"), directory));
        try (TracedProcess child =
                TracedProcess.start(directory, ChildProcess.flags(), OneOrderMain.class, config.toString())) {
            child.awaitLine(OneOrderMain.REHEARSED);
            way = child
                    .enteredClasses(
                            "ringfence-gateway",
                            "io.ringfence.gateway.server.RequestAdapter",
                            "onMessage",
                            "io.ringfence.*",
                            "io.ringfence.schemas.*")
                    .stream()
                    .filter(name -> !name.contains("$$")) // Made by the JVM of a method reference: no code of ours.
                    .map(name -> name.replaceFirst("\\$.*", ""))
                    .distinct()
                    .toList();
            assertEquals(0, child.exitCode(), child::err);
        }
    }

    @Test
    void shouldListTheClassesInTheOrderInWhichTheyAreMet() {
        List<String> met = way.stream().map(WayOfAnOrderTest::pageName).toList();
        List<String> listed = listed();

        List<String> mismatches = mismatches(met, listed);

        assertTrue(
                mismatches.isEmpty(),
                () -> PAGE + ":\n" + String.join("\n", mismatches) + "\nThe way in order:\n" + String.join("\n", met));
        assertEquals(met, listed);
    }

    @Test
    void shouldMeetNoLongClass() {
        List<String> tooLong = way.stream()
                .filter(name -> lineCount(name) > LINES_MAX)
                .map(name -> pageName(name) + ": lines=" + lineCount(name))
                .toList();

        assertEquals(List.of(), tooLong, "at most " + LINES_MAX + " lines");
    }

    @Test
    void shouldMeetFewClasses() {
        assertTrue(way.size() <= CLASSES_MAX, () -> "classes=" + way.size() + ", at most " + CLASSES_MAX);
    }

    /** One line for each class that the page lacks, has out of order, or has although it is not met. */
    private static List<String> mismatches(List<String> met, List<String> listed) {
        List<String> mismatches = new ArrayList<>();
        met.stream()
                .filter(name -> !listed.contains(name))
                .forEach(name -> mismatches.add(name + " is met but not listed: add it behind " + before(name, met)));
        List<String> expected =
                new ArrayList<>(met.stream().filter(listed::contains).toList());
        List<String> actual =
                new ArrayList<>(listed.stream().distinct().filter(met::contains).toList());
        for (int i = 0; i < expected.size(); ) {
            if (expected.get(i).equals(actual.get(i))) {
                i++;
            } else {
                String misplaced = isMovedBack(expected, actual, i) ? expected.get(i) : actual.get(i);
                mismatches.add(misplaced + " is listed elsewhere: move it behind " + before(misplaced, met));
                expected.remove(misplaced);
                actual.remove(misplaced);
            }
        }
        listed.stream()
                .filter(name -> !met.contains(name))
                .forEach(name -> mismatches.add(name + " is listed but not met: delete it"));
        return mismatches;
    }

    /** Does the page list the class at an index too late, so that the one behind it stands in its place? */
    private static boolean isMovedBack(List<String> expected, List<String> actual, int index) {
        return index + 1 < expected.size() && expected.get(index + 1).equals(actual.get(index));
    }

    private static String before(String name, List<String> met) {
        int index = met.indexOf(name);
        return index == 0 ? "the heading" : met.get(index - 1);
    }

    private static List<String> listed() {
        String page = SourceTree.text(PAGE);
        int begin = page.indexOf(HEADING);
        assertTrue(begin >= 0, PAGE + " lacks the heading:" + HEADING);
        int end = page.indexOf("\n## ", begin + HEADING.length());
        return ITEM.matcher(page.substring(begin, end))
                .results()
                .map(item -> item.group(1))
                .toList();
    }

    private static long lineCount(String name) {
        String file = name.replace('.', '/') + ".java";
        List<Path> sources = SourceTree.sources("main", file);
        assertEquals(1, sources.size(), () -> "sources of " + name);
        return SourceTree.text(sources.get(0)).lines().count();
    }

    /** The simple name, behind the last part of its package where another class of the way has the same simple name. */
    private static String pageName(String name) {
        String simpleName = simpleName(name);
        boolean isUnique = way.stream()
                        .filter(other -> simpleName(other).equals(simpleName))
                        .count()
                == 1;
        String owner = name.substring(0, name.lastIndexOf('.'));
        return isUnique ? simpleName : simpleName(owner) + "." + simpleName;
    }

    private static String simpleName(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}

package io.ringfence.tools.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.tools.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Keeps pages and code together where a page repeats or points at something. */
@Tag("once")
class PagesTest {
    private static final Path CLIENT_EXAMPLE =
            Path.of("gateway/client/src/test/java/io/ringfence/gateway/client/ClientExample.java");
    private static final Path DESK = Path.of("examples/client/src/main/java/example/Desk.java");
    private static final Pattern JAVA_FENCE = Pattern.compile("(?s)```java\\n(.*?)```");
    private static final Pattern EXAMPLE = Pattern.compile("(?s)// README: begin\\n(.*?)\\n *// README: end");
    private static final Pattern FIRST_ANSWER =
            Pattern.compile("(?s)```sh\\nbin/ringfence (ask [^\\n]*)\\n.*?```text\\n(.*?)```");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
    private static final Pattern MANAGED = Pattern.compile("(?s)<dependencyManagement>(.*)</dependencyManagement>");
    private static final Pattern ARTIFACT =
            Pattern.compile("<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>");

    @Test
    void shouldShowClientExamplesThatCompile() {
        List<String> compiled =
                List.of(example(SourceTree.text(CLIENT_EXAMPLE.toString())), example(SourceTree.text(DESK.toString())));

        List<String> shown = JAVA_FENCE
                .matcher(SourceTree.text("README.md"))
                .results()
                .map(fence -> fence.group(1).strip())
                .toList();

        assertEquals(compiled, shown);
    }

    /** README leaves lines of the answer out, and changes none. */
    @Test
    void shouldShowTheAnswerThatItsFirstQuestionGets() {
        Matcher shown = FIRST_ANSWER.matcher(SourceTree.text("README.md"));
        assertTrue(shown.find());

        Shell asked = atHome(shown.group(1));

        List<String> given = asked.out().lines().toList();
        assertEquals(
                List.of(),
                shown.group(2).lines().filter(line -> !given.contains(line)).toList(),
                asked::out);
    }

    private static Shell atHome(String line) {
        System.setProperty("ringfence.home", SourceTree.ROOT.toString());
        try {
            return new Shell(line.split(" "));
        } finally {
            System.clearProperty("ringfence.home");
        }
    }

    @Test
    void shouldLinkToFilesThatAreThere() {
        List<String> broken = new ArrayList<>();
        for (Path page : SourceTree.pages()) {
            LINK.matcher(SourceTree.text(page))
                    .results()
                    .map(link -> link.group(1))
                    .filter(target -> !Files.exists(page.resolveSibling(target)))
                    .forEach(target -> broken.add(SourceTree.ROOT.relativize(page) + " -> " + target));
        }

        assertEquals(List.of(), broken);
    }

    @Test
    void shouldSayOfEachDependencyWhyItIsThere() {
        Matcher managed = MANAGED.matcher(SourceTree.text("pom.xml"));
        assertTrue(managed.find());
        String page = SourceTree.text("docs/decisions/0001-dependencies.md");

        List<String> unexplained = ARTIFACT.matcher(managed.group(1).replaceAll("(?s)<exclusions>.*?</exclusions>", ""))
                .results()
                .filter(dependency -> !dependency.group(1).equals("io.ringfence"))
                .map(dependency -> dependency.group(2))
                .filter(artifact -> !page.contains("`" + artifact + "`"))
                .toList();

        assertEquals(List.of(), unexplained);
    }

    /** The lines between the marks, moved to the left margin. */
    private static String example(String source) {
        Matcher example = EXAMPLE.matcher(source);
        assertTrue(example.find(), "no marks of the example");
        return example.group(1).stripIndent().strip();
    }
}

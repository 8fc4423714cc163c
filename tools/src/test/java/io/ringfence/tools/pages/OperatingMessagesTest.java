package io.ringfence.tools.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.schemas.ReasonCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every message that OPERATING quotes is one that the code can write. */
class OperatingMessagesTest {
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\\n]|\\\\.)*)\"");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern SAID = Pattern.compile("\\bsays? `([^`]+)`");

    /** In a quoted message these stand for what differs from time to time. */
    private static final String PLACES =
            "\\.\\.\\.|\\b[A-Z]\\b|\\b(?:FILE|HOST|PATH|LATER)\\b|/|\\.cq4|\\b[0-9]+(?:\\.cq4)?\\b|: ";

    @Test
    void shouldQuoteOnlyMessagesThatTheCodeCanWrite() {
        String literals = literals();
        List<String> quoted = quoted(SourceTree.text("docs/OPERATING.md"));
        List<String> unknown = new ArrayList<>();
        for (String message : quoted) {
            Arrays.stream(message.split(PLACES))
                    .map(part -> part.replaceAll("^[ .,:;]+|[ .,:;]+$", ""))
                    .filter(part -> part.length() > 3 && !isWritten(part, literals))
                    .forEach(part -> unknown.add(message + ": " + part));
        }

        assertTrue(quoted.size() > 30, quoted::toString);
        assertEquals(List.of(), unknown);
    }

    /** The first column of the tables of what is said, and what a sentence says that something says. */
    private static List<String> quoted(String page) {
        List<String> messages = new ArrayList<>();
        boolean isTold = false;
        for (String line : page.split("\n")) {
            isTold = isTold && line.startsWith("|") || line.matches("\\| (?:it|standard error) says \\|.*");
            if (isTold) {
                Matcher message = QUOTED.matcher(line.substring(0, line.indexOf(" | ") + 1));
                message.results().forEach(found -> messages.add(found.group(1)));
            }
        }
        SAID.matcher(page.replace('\n', ' ')).results().forEach(found -> messages.add(found.group(1)));
        return messages;
    }

    /** In one literal, or in two that meet at a blank: a name and what is said of it. Or it is a reason, which is shown by its name. */
    private static boolean isWritten(String part, String literals) {
        if (literals.contains(part)
                || Arrays.stream(ReasonCode.values())
                        .anyMatch(reason -> reason.name().equals(part))) {
            return true;
        }
        for (int blank = part.indexOf(' '); blank > 0; blank = part.indexOf(' ', blank + 1)) {
            if (literals.contains(part.substring(0, blank + 1)) && literals.contains(part.substring(blank + 1))) {
                return true;
            }
        }
        return false;
    }

    /** All texts of the main classes, one a line; those that are put together by a plus are one. */
    private static String literals() {
        StringBuilder literals = new StringBuilder();
        for (Path file : SourceTree.sources("main", ".java")) {
            String source = SourceTree.text(file).replaceAll("\"\\s*\\+\\s*\"", "");
            LITERAL.matcher(source)
                    .results()
                    .forEach(found -> literals.append(found.group(1)).append('\n'));
        }
        return literals.toString();
    }
}

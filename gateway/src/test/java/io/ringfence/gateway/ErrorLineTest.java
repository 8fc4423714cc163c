package io.ringfence.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorLineTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ErrorLine lines = new ErrorLine(new PrintStream(printed, true, StandardCharsets.UTF_8), "test");

    @Test
    void shouldPrintEachDifferentErrorOnceAndInOneLine() {
        lines.onError(new IllegalStateException("one\nmore of it"));
        lines.onError(new IllegalStateException("one\nmore of it"));
        lines.onError(new IllegalStateException("two"));

        assertEquals(
                List.of(
                        "ringfence: test: java.lang.IllegalStateException: one",
                        "ringfence: test: java.lang.IllegalStateException: two"),
                printed());
    }

    /** An error that was forgotten is printed again: so it is seen how many are remembered. */
    @Test
    void shouldRememberTheLastOnesAlone() {
        for (int i = 0; i <= ErrorLine.REMEMBERED_MAX; i++) {
            lines.onError(new IllegalStateException("error " + i));
        }
        int before = printed().size();

        lines.onError(new IllegalStateException("error 1"));
        assertEquals(before, printed().size());
        lines.onError(new IllegalStateException("error 0"));

        assertEquals(before + 1, printed().size());
    }

    private List<String> printed() {
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }
}

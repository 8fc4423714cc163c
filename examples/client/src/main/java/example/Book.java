package example;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a desk asked and what was answered, a line each, in a file that outlives the desk.
 *
 * <p>A line is with the kernel before the next step is taken, so a killed desk forgets nothing. Against a loss of power it would have to be
 * forced to the disk, too.
 */
final class Book {
    private static final String ASKED = "asked";
    private static final String ANSWERED = "answered";

    private final Path file;

    /** An order to the letter, so that it can be asked again. */
    record Order(long requestId, long shares, String externalId) {}

    private Book(Path file) {
        this.file = file;
    }

    /** Opens a book, which need not be there yet. */
    static Book open(Path file) throws IOException {
        Files.writeString(file, "", CREATE, APPEND);
        return new Book(file);
    }

    /** Orders that were asked and have no answer, by request id. */
    SortedMap<Long, Order> unanswered() {
        try {
            SortedMap<Long, Order> unanswered = new TreeMap<>();
            for (String line : Files.readAllLines(file)) {
                String[] words = line.split(" ", 4);
                long requestId = Long.parseLong(words[1]);
                if (words[0].equals(ASKED)) {
                    unanswered.put(requestId, new Order(requestId, Long.parseLong(words[2]), words[3]));
                } else {
                    unanswered.remove(requestId);
                }
            }
            return unanswered;
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }

    /** Before it is sent. */
    void asked(Order order) {
        append(ASKED + " " + order.requestId() + " " + order.shares() + " " + order.externalId());
    }

    void answered(long requestId, String result) {
        append(ANSWERED + " " + requestId + " " + result);
    }

    private void append(String line) {
        try {
            Files.writeString(file, line + "\n", APPEND);
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }
}

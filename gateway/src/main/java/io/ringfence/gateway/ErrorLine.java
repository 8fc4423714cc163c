package io.ringfence.gateway;

import java.io.PrintStream;
import java.util.LinkedHashSet;
import java.util.Set;
import org.agrona.ErrorHandler;

/**
 * Prints each different error once, in one line. Any thread; for errors off the path of commands.
 *
 * <p>The last {@link #REMEMBERED_MAX} different ones are remembered, so that errors with numbers in them do not fill the heap. One that
 * was forgotten is printed again.
 */
final class ErrorLine implements ErrorHandler {
    /** Different errors that are remembered. */
    static final int REMEMBERED_MAX = 256;

    /** Characters of an error that are told apart. */
    private static final int LENGTH_MAX = 1_024;

    private final Set<String> said = new LinkedHashSet<>(); // Oldest first.
    private final PrintStream out;
    private final String where;

    ErrorLine(PrintStream out, String where) {
        this.out = out;
        this.where = where;
    }

    @Override
    public void onError(Throwable error) {
        Throwable root = error.getCause() == null ? error : error.getCause();
        String text = "ringfence: " + where + ": " + root;
        String line = text.substring(0, Math.min(LENGTH_MAX, text.length()));
        if (isNew(line)) {
            out.println(line.lines().findFirst().orElse(line));
        }
    }

    private boolean isNew(String line) {
        synchronized (said) {
            if (!said.add(line)) {
                return false;
            }
            if (said.size() > REMEMBERED_MAX) {
                said.remove(said.iterator().next());
            }
            return true;
        }
    }

    /** Prints a line each time it is called. For states that begin and end: the caller knows when one begins again. */
    void print(String text) {
        out.println("ringfence: " + where + ": " + text.lines().findFirst().orElse(text));
    }
}

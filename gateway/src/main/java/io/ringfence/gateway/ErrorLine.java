package io.ringfence.gateway;

import java.io.PrintStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.agrona.ErrorHandler;

/** Prints each different error once, in one line. Any thread; for errors off the path of commands. */
final class ErrorLine implements ErrorHandler {
    private final Set<String> said = ConcurrentHashMap.newKeySet();
    private final PrintStream out;
    private final String where;

    ErrorLine(PrintStream out, String where) {
        this.out = out;
        this.where = where;
    }

    @Override
    public void onError(Throwable error) {
        Throwable root = error.getCause() == null ? error : error.getCause();
        String line = "ringfence: " + where + ": " + root;
        if (said.add(line)) {
            out.println(line.lines().findFirst().orElse(line));
        }
    }

    /** Prints a line each time it is called. For states that begin and end: the caller knows when one begins again. */
    void print(String text) {
        out.println("ringfence: " + where + ": " + text.lines().findFirst().orElse(text));
    }
}

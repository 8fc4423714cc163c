package io.ringfence.tools;

/** The request cannot be fulfilled as it was given. The message is one line: what, where, and what was expected. */
public final class BadInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param line what, where, what was expected. */
    public BadInputException(String line) {
        super(line);
    }
}

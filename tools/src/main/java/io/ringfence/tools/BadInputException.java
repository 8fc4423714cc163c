package io.ringfence.tools;

/** The person asked for something that cannot be done: one line that says what, where and what was expected. */
public final class BadInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param line what, where, what was expected. */
    public BadInputException(String line) {
        super(line);
    }
}

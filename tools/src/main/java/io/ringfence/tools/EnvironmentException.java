package io.ringfence.tools;

/** The machine lacks something: room on the disk, a port, a lock. The message is one line that names what and where. */
public final class EnvironmentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param line what, where, what was expected. */
    public EnvironmentException(String line) {
        super(line);
    }

    /** @param cause what the machine said. */
    public EnvironmentException(String line, Throwable cause) {
        super(line, cause);
    }
}

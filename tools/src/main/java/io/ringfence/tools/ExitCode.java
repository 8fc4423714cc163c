package io.ringfence.tools;

/** Exit codes of the process, and the exceptions that {@link Faults} turns into them. The codes are stable. */
public final class ExitCode {
    /** The command is done, and every check passed. */
    public static final int DONE = 0;

    /** The command is done, and a check failed. */
    public static final int CHECK_FAILED = 1;

    /** Bad usage or bad input. */
    public static final int BAD_INPUT = 2;

    /** The environment failed: disk, port, lock. */
    public static final int ENVIRONMENT_FAILED = 3;

    /** The command was asked to end before it was done. What it printed is of a part. */
    public static final int INTERRUPTED = 4;

    private ExitCode() {}

    /** The command line, or a file that it names, is wrong. The message is one line: what, where, what was expected. */
    public static final class BadInputException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** @param line what, where, what was expected. */
        public BadInputException(String line) {
            super(line);
        }
    }

    /** The environment failed: disk, port, lock. The message is one line that names what and where. */
    public static final class EnvironmentException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** @param line what, where, what was expected. */
        public EnvironmentException(String line) {
            super(line);
        }

        /** @param cause the exception that led to this one. */
        public EnvironmentException(String line, Throwable cause) {
            super(line, cause);
        }
    }

    /** The command was asked to end and has nothing to show. The message is one line that says what was left undone. */
    public static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** @param line what was left undone. */
        public StoppedException(String line) {
            super(line);
        }
    }
}

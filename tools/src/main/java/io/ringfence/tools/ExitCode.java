package io.ringfence.tools;

/** Exit codes of the process. Stable. */
public final class ExitCode {
    /** Done, and what was claimed is true. */
    public static final int DONE = 0;

    /** Done, and a check failed. */
    public static final int CHECK_FAILED = 1;

    /** Bad usage or bad input. */
    public static final int BAD_INPUT = 2;

    /** The environment failed: disk, port, lock. */
    public static final int ENVIRONMENT_FAILED = 3;

    private ExitCode() {}
}

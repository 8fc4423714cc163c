package io.ringfence.engine.pipeline;

/** Threads on which the stages run. The same stamped commands give the same journal in every mode. */
public enum PipelineMode {
    /** The claiming thread runs them inside {@link Pipeline#publish}: for tests and replicated services. */
    INVOKER,
    /** The claiming thread runs them inside {@link Pipeline#publish}: least latency on two or three cores. */
    COMPACT,
    /** One engine thread runs all stages: for 4 to 7 cores. */
    SHARED,
    /** Each stage has a thread: for 8 cores and more. */
    DEDICATED;

    /** The mode for a machine of that many cores. */
    public static PipelineMode forCores(int cores) {
        if (cores >= 8) {
            return DEDICATED;
        }
        return cores >= 4 ? SHARED : COMPACT;
    }
}

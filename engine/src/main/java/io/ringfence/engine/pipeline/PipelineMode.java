package io.ringfence.engine.pipeline;

/** On which threads the stages run. The same stamped commands give the same journal in every mode. */
public enum PipelineMode {
    /** The claiming thread's own, inside {@link Pipeline#publish}: for tests and replicated services. */
    INVOKER,
    /** The claiming thread's own, inside {@link Pipeline#publish}: least latency on two or three cores. */
    COMPACT,
    /** One engine thread for all stages: for 4 to 7 cores. */
    SHARED,
    /** One thread a stage: for 8 cores and more. */
    DEDICATED;

    /** The mode that suits a machine of that many cores. */
    public static PipelineMode forCores(int cores) {
        if (cores >= 8) {
            return DEDICATED;
        }
        return cores >= 4 ? SHARED : COMPACT;
    }
}

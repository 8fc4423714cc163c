package io.ringfence.engine.policy;

/** Proportions in basis points, 1/10,000. */
public final class Bps {
    /** The whole: 10,000 basis points. */
    public static final int ONE = 10_000;

    private Bps() {}
}

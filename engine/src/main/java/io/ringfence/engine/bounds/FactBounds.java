package io.ringfence.engine.bounds;

/**
 * How much of ended holds and of executions one account has remembered.
 *
 * @param rowsPerAccount executions of its orders and ended holds that one account may have remembered; 1 to 2^24.
 * @param horizonNs      event time for which an ended hold is remembered; 1 to {@link #HORIZON_MAX_NS}.
 */
public record FactBounds(int rowsPerAccount, long horizonNs) {
    /** Most rows of one account. */
    public static final int ROWS_MAX = 1 << 24;

    /** Longest horizon: ten years. */
    public static final long HORIZON_MAX_NS = 3_650 * 86_400_000_000_000L;

    private static final int DEFAULT_ROWS = 4_096;
    private static final long DAY_NS = 86_400_000_000_000L;

    /** Checks the ranges above. */
    public FactBounds {
        if (rowsPerAccount < 1 || rowsPerAccount > ROWS_MAX) {
            throw new IllegalArgumentException(
                    "rowsPerAccount must be 1.." + ROWS_MAX + ": rowsPerAccount=" + rowsPerAccount);
        }
        if (horizonNs < 1 || horizonNs > HORIZON_MAX_NS) {
            throw new IllegalArgumentException("horizonNs must be 1.." + HORIZON_MAX_NS + ": horizonNs=" + horizonNs);
        }
    }

    /** The bounds of the design. */
    public static FactBounds defaults() {
        return new FactBounds(DEFAULT_ROWS, DAY_NS);
    }
}

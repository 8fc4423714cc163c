package io.ringfence.perf.floor;

/**
 * What a server did for the client's messages.
 *
 * @param commands recorded.
 * @param bytes    of their records, seals included.
 * @param hashes   SHA-256 computations: two digests of each order, one chain hash of each record.
 */
record Work(long commands, long bytes, long hashes) {
    static final double TOLERANCE = 0.02;

    double bytesPerCommand() {
        return (double) bytes / commands;
    }

    double hashesPerCommand() {
        return (double) hashes / commands;
    }

    /** Do both differ by 2 % at most for each command? */
    boolean isLike(Work other) {
        return isNear(bytesPerCommand(), other.bytesPerCommand())
                && isNear(hashesPerCommand(), other.hashesPerCommand());
    }

    private static boolean isNear(double one, double other) {
        return Math.abs(one - other) <= TOLERANCE * other;
    }
}

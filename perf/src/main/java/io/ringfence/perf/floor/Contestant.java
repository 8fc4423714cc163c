package io.ringfence.perf.floor;

/** One server with one client connected to it, in this process. For one run. */
interface Contestant extends AutoCloseable {
    /** The client's end. */
    Link link();

    /** Name of the thread that receives, works and answers. */
    String serverThread();

    /** Stops the server cleanly and counts what it did since its start. */
    Work stop();

    /** Releases everything, also after a failure. */
    @Override
    void close();

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

        /** Are bytes and hashes per command within 2 % of the other's? */
        boolean isLike(Work other) {
            return isNear(bytesPerCommand(), other.bytesPerCommand())
                    && isNear(hashesPerCommand(), other.hashesPerCommand());
        }

        private static boolean isNear(double one, double other) {
            return Math.abs(one - other) <= TOLERANCE * other;
        }
    }
}

package io.ringfence.gateway;

import io.ringfence.engine.pipeline.EngineSettings;

/**
 * Whether the heap has room for a second engine.
 *
 * <p>What an engine needs is its fixed tables, the request ids of each principal, of which the settings say how many there may be, and
 * twice the length of its state, for tables grow by doubling.
 *
 * @param fixedBytes of one engine whose state is empty.
 */
record FollowerRoom(long fixedBytes) {
    private static final long MIB = 1L << 20;
    private static final long TABLES = 40 * MIB; // Lessons, executions, ended orders, accounts and holds to begin with.
    private static final long BESIDE = 64 * MIB; // Sessions, queues, readers.
    private static final int REQUEST_ID_BYTES = 40;

    /** @param principals that may send requests. */
    static FollowerRoom of(EngineSettings settings, int principals) {
        return new FollowerRoom(TABLES + (long) principals * settings.rememberedPerPrincipal() * REQUEST_ID_BYTES);
    }

    /**
     * One line that says why there is no room, and what would make some; null if there is room.
     *
     * @param stateLength of the live engine, in bytes.
     * @param heapBytes   that the process may use, as {@code -Xmx} says.
     */
    String refusal(long stateLength, long heapBytes) {
        long engineBytes = fixedBytes + 2 * stateLength;
        long requiredBytes = (2 * engineBytes + BESIDE) * 4 / 3; // A quarter stays free for the collector.
        if (requiredBytes <= heapBytes) {
            return null;
        }
        return "no snapshots of states above 64 KiB while serving: a second engine beside this one needs a heap of "
                + mebibytes(requiredBytes)
                + " MiB, it has " + mebibytes(heapBytes) + "; RINGFENCE_JAVA_OPTS=-Xmx" + mebibytes(requiredBytes)
                + "m would do; a clean stop writes one all the same";
    }

    private static long mebibytes(long bytes) {
        return (bytes + MIB - 1) / MIB;
    }
}

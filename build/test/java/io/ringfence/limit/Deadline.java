package io.ringfence.limit;

import java.util.concurrent.TimeUnit;

/**
 * End of a wait of a test. A loop that waits for another process or thread calls {@link #require} in each turn, because a thread that spins
 * notices no interrupt.
 */
public final class Deadline {
    private final long seconds;
    private final long endNs;

    private Deadline(long seconds) {
        this.seconds = seconds;
        this.endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    }

    /** So many seconds from now. */
    public static Deadline inSeconds(long seconds) {
        return new Deadline(seconds);
    }

    /**
     * Fails the test once the time is up.
     *
     * @param what did not come: "the follower writes a snapshot".
     */
    public void require(String what) {
        if (System.nanoTime() - endNs > 0) {
            throw new AssertionError("not within " + seconds + " s: " + what);
        }
    }
}

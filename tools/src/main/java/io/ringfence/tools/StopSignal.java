package io.ringfence.tools;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Delays the end of a process after SIGTERM or SIGINT until its command has ended.
 *
 * <p>Process-wide, as signals are. Safe from any thread.
 */
public final class StopSignal {
    private static final long PATIENCE_S = 90;
    private static final CountDownLatch ASKED = new CountDownLatch(1);
    private static final CountDownLatch ENDED = new CountDownLatch(1);

    private static volatile boolean isOwned;

    private StopSignal() {}

    /** The process belongs to this command line and ends by {@link #exit}. */
    static void own() {
        isOwned = true;
    }

    /** Does the process belong to this command line? */
    static boolean isOwned() {
        return isOwned;
    }

    /** From now on SIGTERM and SIGINT only ask. Does nothing unless {@link #own} was called. */
    public static void listen() {
        if (!isOwned) {
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(StopSignal::hold, "ringfence-stop"));
    }

    private static void hold() {
        ASKED.countDown();
        isReachedWithin(ENDED, TimeUnit.SECONDS.toMillis(PATIENCE_S));
    }

    /** Has the process been asked to end? Waits for that at most this long. */
    public static boolean isAskedWithin(long timeoutMs) {
        return isReachedWithin(ASKED, timeoutMs);
    }

    /** Ends the process. */
    static void exit(int exitCode) {
        if (isAskedWithin(0)) {
            Runtime.getRuntime().halt(exitCode); // The JVM is ending already, with the signal's number as exit code.
        }
        ENDED.countDown();
        System.exit(exitCode);
    }

    /** An interrupted wait counts as the end of waiting. */
    private static boolean isReachedWithin(CountDownLatch latch, long timeoutMs) {
        try {
            return latch.await(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}

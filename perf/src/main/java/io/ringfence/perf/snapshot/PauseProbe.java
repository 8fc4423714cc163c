package io.ringfence.perf.snapshot;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Measures how late a thread wakes that does nothing but sleep for 500 us at a time: what machine, scheduler and collector do to any thread.
 *
 * <p>One thread begins and ends it.
 */
final class PauseProbe implements AutoCloseable {
    private static final long SLEEP_NS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long HIGHEST_NS = TimeUnit.SECONDS.toNanos(60);

    private final Histogram delays = new Histogram(HIGHEST_NS, 3);
    private final Thread thread = new Thread(this::run, "pause-probe");
    private volatile boolean isEnded;

    PauseProbe() {
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!isEnded) {
            long beginNs = System.nanoTime();
            LockSupport.parkNanos(SLEEP_NS);
            long delayNs = System.nanoTime() - beginNs - SLEEP_NS;
            delays.recordValue(Math.min(HIGHEST_NS, Math.max(0, delayNs)));
        }
    }

    /** Delays in ns; after {@link #close}. */
    Histogram delays() {
        return delays;
    }

    /** Ends the thread and waits for it. */
    @Override
    public void close() {
        isEnded = true;
        boolean isInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException asked) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.ringfence.gateway;

import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps a thread below a quarter of one core: after 100 us of work it rests three times as long as it has worked.
 *
 * <p>One thread calls {@link #begin} and {@link #run}; any thread calls {@link #end}.
 */
final class Pace implements Runnable {
    private static final long WORK_NS = 100_000;
    private static final long LONGEST_NS = 500_000; // More was not work: the thread had no processor.
    private static final int RESTS = 3;

    private volatile boolean isEnded;
    private long begunNs;

    /** Work begins now. */
    void begin() {
        begunNs = System.nanoTime();
    }

    /**
     * Rests if it is time; to be called every few microseconds of work.
     *
     * @throws CancellationException after {@link #end}.
     */
    @Override
    public void run() {
        long nowNs = System.nanoTime();
        long workedNs = nowNs - begunNs;
        if (workedNs >= WORK_NS) {
            long untilNs = nowNs + RESTS * Math.min(workedNs, LONGEST_NS);
            while (untilNs - System.nanoTime() > 0 && !isEnded) {
                LockSupport.parkNanos(untilNs - System.nanoTime());
            }
            begin();
        }
        if (isEnded) {
            throw new CancellationException("the work was ended");
        }
    }

    /** Has the work end at its next rest. */
    void end() {
        isEnded = true;
    }
}

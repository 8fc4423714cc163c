package io.ringfence.journal;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Waits in tests, with a deadline. A timeout of JUnit alone only interrupts, which a loop may not see. */
public final class Await {
    private static final long DEADLINE_S = 100;
    private static final long PAUSE_NS = 50_000;

    /** What a test waits for. */
    public interface Condition {
        boolean isTrue() throws Exception;
    }

    private Await() {}

    /** Asks 20,000 times a second at most until the condition is true; fails after 100 s. */
    public static void until(String what, Condition condition) throws Exception {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        while (!condition.isTrue()) {
            if (System.nanoTime() - endNs > 0) {
                throw new AssertionError("not within " + DEADLINE_S + " s: " + what);
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    /** Waits for a task of another thread and throws what it threw; fails after 100 s. */
    public static void end(Future<?> task) throws Exception {
        try {
            task.get(DEADLINE_S, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new AssertionError("the other thread failed", failed.getCause());
        } catch (TimeoutException late) {
            throw new AssertionError("not within " + DEADLINE_S + " s: the end of the other thread", late);
        }
    }
}

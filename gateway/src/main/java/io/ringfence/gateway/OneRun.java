package io.ringfence.gateway;

/**
 * Runs a task once and lets go of it.
 *
 * <p>A thread keeps its task for good, and libraries keep threads: the ring's check for a single producer, for one, which runs
 * where assertions are on. What ran there is not to stay with them.
 */
final class OneRun implements Runnable {
    private Runnable task;

    OneRun(Runnable task) {
        this.task = task;
    }

    @Override
    public void run() {
        Runnable once = task;
        task = null;
        once.run();
    }
}

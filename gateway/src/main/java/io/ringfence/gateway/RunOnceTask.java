package io.ringfence.gateway;

/**
 * Runs a task once and then drops its reference to it, so that the engine can be collected after its thread has ended.
 *
 * <p>A {@link Thread} keeps its task, and libraries keep threads: the Disruptor's check for a single producer, where assertions
 * are on, keeps that of the gateway for the life of the process.
 */
final class RunOnceTask implements Runnable {
    private Runnable task;

    RunOnceTask(Runnable task) {
        this.task = task;
    }

    @Override
    public void run() {
        Runnable once = task;
        task = null;
        once.run();
    }
}

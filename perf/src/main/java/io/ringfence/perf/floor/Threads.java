package io.ringfence.perf.floor;

/** Waits for threads that are about to end. */
final class Threads {
    private Threads() {}

    static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a thread ended: " + thread.getName(), e);
        }
    }
}

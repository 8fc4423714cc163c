package io.ringfence.engine.pipeline;

/** Remembers the first failure of any stage; once latched nothing more is decided or answered. Safe from any thread. */
public final class FailureLatch {
    private volatile Failure failure;

    /**
     * The first failure.
     *
     * @param stage    that failed, by name.
     * @param sequence of the command in its hands.
     * @param cause    what it threw.
     * @param command  bytes of that command, for the fault file.
     */
    public record Failure(String stage, long sequence, Throwable cause, byte[] command) {}

    /** Has any stage failed? */
    public boolean isLatched() {
        return failure != null;
    }

    /** The first failure; null while there is none. */
    public Failure failure() {
        return failure;
    }

    synchronized void latch(String stage, DecisionEvent event, Throwable cause) {
        if (failure == null) {
            byte[] command = new byte[event.command().length()];
            event.command().buffer().getBytes(0, command);
            failure = new Failure(stage, event.sequence(), cause, command);
        }
    }
}

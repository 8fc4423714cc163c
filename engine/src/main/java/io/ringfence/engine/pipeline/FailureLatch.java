package io.ringfence.engine.pipeline;

import io.ringfence.engine.command.Command;

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

    /** Does nothing, or throws {@link EngineStoppedException} once latched. */
    void requireOpen() {
        Failure first = failure;
        if (first != null) {
            throw new EngineStoppedException(first);
        }
    }

    synchronized void latch(int stage, Command command, Throwable cause) {
        if (failure == null) {
            byte[] bytes = new byte[command.length()];
            command.message().getBytes(0, bytes);
            failure = new Failure(Engine.STAGE_NAMES.get(stage), command.sequence(), cause, bytes);
        }
    }
}

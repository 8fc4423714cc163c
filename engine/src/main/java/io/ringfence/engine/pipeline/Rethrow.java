package io.ringfence.engine.pipeline;

import com.lmax.disruptor.ExceptionHandler;

/** Ends a stage's thread on a failure: a handler that returned would let the half-done event through. */
final class Rethrow implements ExceptionHandler<DecisionEvent> {
    @Override
    public void handleEventException(Throwable failure, long cursor, DecisionEvent event) {
        throw failure instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(failure);
    }

    @Override
    public void handleOnStartException(Throwable failure) {
        throw new IllegalStateException("stage thread cannot start", failure);
    }

    @Override
    public void handleOnShutdownException(Throwable failure) {
        throw new IllegalStateException("stage thread cannot end", failure);
    }
}

package io.ringfence.engine.pipeline;

import io.ringfence.engine.pipeline.Engine.FailureLatch;

/** A stage has failed, and the engine with it: nothing more is decided. */
public final class EngineStoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EngineStoppedException(FailureLatch.Failure failure) {
        super(
                "engine stopped: stage " + failure.stage() + " failed at sequence " + failure.sequence(),
                failure.cause());
    }
}

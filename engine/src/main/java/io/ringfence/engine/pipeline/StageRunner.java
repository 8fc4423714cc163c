package io.ringfence.engine.pipeline;

/** Calls one stage under the failure latch: tests the latch first, latches what the stage throws, and rethrows it. */
final class StageRunner {
    private final String name;
    private final Stage stage;
    private final FailureLatch latch;

    StageRunner(String name, Stage stage, FailureLatch latch) {
        this.name = name;
        this.stage = stage;
        this.latch = latch;
    }

    String name() {
        return name;
    }

    Stage stage() {
        return stage;
    }

    void onEvent(DecisionEvent event) {
        if (latch.isLatched()) {
            throw new EngineStoppedException(latch.failure());
        }
        try {
            stage.onEvent(event);
        } catch (Throwable t) {
            latch.latch(name, event, t);
            throw t;
        }
    }
}

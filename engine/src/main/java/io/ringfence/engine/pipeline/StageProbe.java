package io.ringfence.engine.pipeline;

/** Called before each stage acts on an event: lets a test delay a stage or make it fail. */
@FunctionalInterface
interface StageProbe {
    /** Does nothing. */
    StageProbe NONE = (stage, event) -> {};

    /**
     * Called by the thread that is about to run the stage.
     *
     * @param stage index in ring order.
     */
    void before(int stage, DecisionEvent event);
}

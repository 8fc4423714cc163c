package io.ringfence.engine.pipeline;

/** Lets a test stand between a stage and its events, to delay or to fail. */
interface StageFilter {
    /** Stands between nothing. */
    StageFilter NONE = (index, stage) -> stage;

    /** The stage to run in the place of the given one. */
    Stage wrap(int index, Stage stage);
}

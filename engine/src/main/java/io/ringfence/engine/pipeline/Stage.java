package io.ringfence.engine.pipeline;

import io.ringfence.engine.snapshot.Snapshotted;

/**
 * One step on the ring: does one thing to the event, owns its state alone, never blocks, allocates nothing once warm.
 *
 * <p>A stage reads only sections before its own. It is called only for the commands whose type names it; then it writes its whole
 * section on every path and marks it.
 */
interface Stage extends Snapshotted {
    /** Acts on the command in hand. Called by the stage's one thread, in ring order. */
    void onEvent(DecisionEvent event);
}

package io.ringfence.engine.pipeline;

import io.ringfence.engine.snapshot.Snapshotted;

/**
 * One step on the ring: does one thing to the event, owns its state alone, never blocks, allocates nothing once warm.
 *
 * <p>A stage reads only sections before its own and writes its whole section on every path.
 */
interface Stage extends Snapshotted {
    /** Takes part in the command in hand, or marks that it does not. Called by the stage's one thread, in ring order. */
    void onEvent(DecisionEvent event);
}

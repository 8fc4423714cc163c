package io.ringfence.engine.pipeline;

import io.ringfence.engine.snapshot.Snapshotted;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;

/** A stage whose state is that of the owner it asks. */
abstract class AskingStage implements Stage {
    private final Snapshotted owner;

    AskingStage(Snapshotted owner) {
        this.owner = owner;
    }

    @Override
    public final long stateLength() {
        return owner.stateLength();
    }

    @Override
    public final void writeState(StateWriter writer) {
        owner.writeState(writer);
    }

    @Override
    public final void readState(StateReader reader) {
        owner.readState(reader);
    }
}

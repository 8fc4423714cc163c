package io.ringfence.engine.pipeline;

import io.ringfence.engine.proof.DecisionSeal;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;

/** Seals the kernel's input and its decision with one digest each. */
final class ProofStage implements Stage {
    private final DecisionSeal seal = new DecisionSeal();
    private final StageTally tally = new StageTally();

    @Override
    public void onEvent(DecisionEvent event) {
        tally.follow(event.policy());
        if (event.type().isRequest()) {
            seal.input(event.input(), event.inputDigest(), 0);
            seal.decision(event.decision(), event.decisionDigest(), 0);
            tally.count();
            event.wrote(Engine.PROOF);
        }
    }

    @Override
    public void writeState(StateWriter writer) {
        tally.writeState(writer);
    }

    @Override
    public void readState(StateReader reader) {
        tally.readState(reader);
    }
}

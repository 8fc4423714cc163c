package io.ringfence.engine.pipeline;

import io.ringfence.engine.proof.DecisionSeal;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;

/** Seals what the kernel saw and what it said. */
final class ProofStage implements Stage {
    private final DecisionSeal seal = new DecisionSeal();
    private final PolicyMark mark = new PolicyMark();

    @Override
    public void onEvent(DecisionEvent event) {
        mark.observe(event.intake().policy());
        ProofSection proof = event.proof();
        if (!event.decision().isPresent()) {
            proof.notTaken(event.sequence());
            return;
        }
        seal.input(event.effective().input(), proof.inputDigest(), 0);
        seal.decision(event.decision().decision(), proof.decisionDigest(), 0);
        mark.count();
        proof.sealed(event.sequence());
    }

    @Override
    public void writeState(StateWriter writer) {
        mark.writeState(writer);
    }

    @Override
    public void readState(StateReader reader) {
        mark.readState(reader);
    }
}

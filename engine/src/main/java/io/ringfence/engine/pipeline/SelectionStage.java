package io.ringfence.engine.pipeline;

import io.ringfence.engine.selection.CandidatePosteriors;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;

/** Settles who acts: the kernel's choice or the client's; keeps what outcomes taught about each candidate. */
final class SelectionStage implements Stage {
    private final CandidatePosteriors posteriors = new CandidatePosteriors();

    @Override
    public void onEvent(DecisionEvent event) {
        if (event.type().isRequest()) {
            event.selection()
                    .choose(
                            event.policy(),
                            event.input(),
                            event.decision(),
                            event.request().mayBeSubstituted());
        } else {
            posteriors.learn(event.command().facts().actedCandidateId(), event.lesson());
        }
        event.wrote(Engine.SELECTION);
    }

    @Override
    public void writeState(StateWriter writer) {
        posteriors.writeState(writer);
    }

    @Override
    public void readState(StateReader reader) {
        posteriors.readState(reader);
    }
}

package io.ringfence.engine.pipeline;

import io.ringfence.engine.selection.CandidatePosteriors;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;

/** Settles who acts: whom the kernel chose, or whom the client insists on; keeps what outcomes taught of each candidate. */
final class SelectionStage implements Stage {
    private final CandidateChoice choice = new CandidateChoice();
    private final CandidatePosteriors posteriors = new CandidatePosteriors();

    @Override
    public void onEvent(DecisionEvent event) {
        long actedCandidateId = Integer.toUnsignedLong(event.stamp().facts().actedCandidateId());
        posteriors.learn(actedCandidateId, event.effective().lesson());
        if (!event.decision().isPresent()) {
            event.selection().notTaken(event.sequence());
            return;
        }
        choice.select(event);
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

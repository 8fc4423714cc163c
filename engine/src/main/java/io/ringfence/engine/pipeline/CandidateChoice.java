package io.ringfence.engine.pipeline;

import io.ringfence.engine.selection.Selection;

/** Writes an event's selection section: a pure function of policy, command, effective input and kernel decision. */
final class CandidateChoice {
    private final RequestView request = new RequestView();

    /** Settles who acts; only on an event that the kernel decided. */
    void select(DecisionEvent event) {
        Selection selection = event.selection().selection();
        boolean mayBeSubstituted = request.wrap(event.command()).mayBeSubstituted();
        selection.choose(
                event.intake().policy(),
                event.effective().input(),
                event.decision().decision(),
                mayBeSubstituted);
        event.selection().selected(event.sequence(), selection.costMicros(), selection.tier(), selection.providerId());
    }
}

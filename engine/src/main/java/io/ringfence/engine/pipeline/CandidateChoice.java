package io.ringfence.engine.pipeline;

import io.ringfence.engine.kernel.Kernel;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.selection.Selection;
import io.ringfence.engine.selection.Selector;
import io.ringfence.schemas.Action;

/** Writes an event's selection section: a pure function of policy, command, effective input and kernel decision. */
final class CandidateChoice {
    private final Kernel kernel = new Kernel();
    private final RequestView request = new RequestView();
    private final Selector selector = new Selector();

    /** Settles who acts; only on an event that the kernel decided. */
    void select(DecisionEvent event) {
        Policy policy = event.intake().policy();
        Catalog catalog = policy.catalog();
        KernelInput input = event.effective().input();
        KernelDecision decision = event.decision().decision();
        Selection selection = event.selection().selection();
        boolean mayBeSubstituted = request.wrap(event.command()).mayBeSubstituted();
        selector.select(catalog, input, decision, mayBeSubstituted, selection);
        if (selection.action() == Action.REJECT) {
            event.selection().selected(event.sequence(), 0, OutcomeFacts.NONE, OutcomeFacts.NONE);
            return;
        }
        int acted = selection.actedIndex();
        event.selection()
                .selected(
                        event.sequence(),
                        kernel.costMicros(catalog, acted, input),
                        policy.adaptive().tierOf(catalog.candidate(acted).qualityBps()),
                        catalog.candidate(acted).providerId());
    }
}

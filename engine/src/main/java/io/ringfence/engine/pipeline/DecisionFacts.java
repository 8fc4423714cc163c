package io.ringfence.engine.pipeline;

import io.ringfence.engine.proof.DecisionSeal;

/** Reads from a decided event what a later outcome needs of it. A flyweight: one a thread; allocates nothing. */
public final class DecisionFacts {
    private final RequestView request = new RequestView();
    private final DecisionSeal seal = new DecisionSeal();

    /**
     * Reads the facts of a decision.
     *
     * @param event as the journal stage left it.
     * @param facts receives them; absent afterwards unless the event is an admission request or an order.
     */
    public void read(DecisionEvent event, OutcomeFacts facts) {
        facts.clear();
        if (!Defaults.isRequest(event)) {
            return;
        }
        request.wrap(event.command());
        SelectionSection selection = event.selection();
        boolean isDecided = selection.isPresent();
        facts.set(
                event.sequence(),
                request.accountId(),
                isDecided ? (int) selection.selection().actedCandidateId() : 0,
                request.useCase(),
                event.regime().isPresent() ? event.regime().regime() : OutcomeFacts.NONE,
                isDecided ? selection.tier() : OutcomeFacts.NONE,
                isDecided ? selection.providerId() : OutcomeFacts.NONE,
                event.isAdmitted());
        if (event.proof().isPresent()) {
            seal.identity(
                    event.intake().policy().digest(),
                    event.proof().inputDigest(),
                    event.proof().decisionDigest(),
                    event.sequence(),
                    facts.identityDigest(),
                    0);
        }
    }
}

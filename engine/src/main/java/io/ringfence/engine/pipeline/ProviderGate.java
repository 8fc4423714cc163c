package io.ringfence.engine.pipeline;

import io.ringfence.engine.bandit.Circuits;
import io.ringfence.engine.kernel.Kernel;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.selection.Selection;

/**
 * Takes the providers whose circuit is open out of a request's effective input, and lets a request probe one that may be probed.
 *
 * <p>Only a request on which a candidate of that provider would act becomes its probe: the kernel is asked beforehand. Whether that candidate
 * then acts is decided by later stages: an exploration may draw another, and the budget may refuse. The thread of the bandit
 * stage; allocates nothing once warm.
 */
final class ProviderGate {
    private final Circuits circuits;
    private final Kernel kernel = new Kernel();
    private final KernelDecision decision = new KernelDecision();
    private final Selection selection = new Selection();

    ProviderGate(Circuits circuits) {
        this.circuits = circuits;
    }

    /** Narrows the providers of the input, which is otherwise complete. */
    void narrow(DecisionEvent event) {
        KernelInput input = event.input();
        long asked = input.allowedProviderMask();
        long withheld = circuits.open();
        long ready = circuits.ready(event.command().timestampNs()) & asked;
        if (ready != 0) {
            input.allowedProviderMask(asked & ~(withheld & ~ready));
            int provider = provider(event.policy(), input, event.request().mayBeSubstituted());
            if (provider != Selection.NONE && (ready & 1L << provider) != 0) {
                circuits.probe(provider, event.sequence(), event.command().timestampNs());
                withheld &= ~(1L << provider);
            }
        }
        input.allowedProviderMask(asked & ~withheld);
    }

    /** Provider of the candidate that would act; {@link Selection#NONE} if none would. */
    private int provider(Policy policy, KernelInput input, boolean mayBeSubstituted) {
        kernel.evaluate(policy.catalog(), input, decision);
        selection.choose(policy, input, decision, mayBeSubstituted);
        return selection.providerId();
    }
}

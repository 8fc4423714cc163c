package io.ringfence.engine.selection;

import io.ringfence.engine.kernel.Kernel;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Strategy;

/**
 * Settles who acts: the kernel's choice, or, where the client allows no substitute, the requested candidate or nobody.
 *
 * <table>
 * <caption>What comes of it</caption>
 * <tr><th>kernel</th><th>substitution</th><th>requested</th><th>action</th><th>strategy</th></tr>
 * <tr><td>rejects</td><td>any</td><td>any</td><td>reject, the kernel's reason</td><td>follow</td></tr>
 * <tr><td>selects</td><td>allowed</td><td>any</td><td>the kernel's</td><td>follow</td></tr>
 * <tr><td>selects</td><td>never</td><td>is the kernel's choice</td><td>execute</td><td>follow</td></tr>
 * <tr><td>selects</td><td>never</td><td>passes every gate</td><td>execute</td><td>directed</td></tr>
 * <tr><td>selects</td><td>never</td><td>fails a gate, unknown, or 0</td><td>reject, not eligible</td><td>directed</td></tr>
 * </table>
 *
 * <p>Following is certain: propensity 10,000. What the client directs has none. One thread each; allocates nothing.
 */
public final class Selector {
    private final Kernel kernel = new Kernel();

    /**
     * Settles one request; writes the whole selection.
     *
     * @param decision         of the kernel on this catalog and input.
     * @param mayBeSubstituted whether another candidate than the requested one may act.
     */
    public void select(
            Catalog catalog, KernelInput input, KernelDecision decision, boolean mayBeSubstituted, Selection out) {
        if (!decision.isSelected()) {
            out.reject(decision.reason());
            out.chosenBy(Strategy.FOLLOW, Selection.CERTAIN_BPS);
        } else if (mayBeSubstituted || decision.action() == Action.EXECUTE) {
            out.act(decision.action(), decision.reason(), decision.selectedId(), decision.selectedIndex());
            out.chosenBy(Strategy.FOLLOW, Selection.CERTAIN_BPS);
        } else {
            direct(catalog, input, decision, out);
        }
    }

    private void direct(Catalog catalog, KernelInput input, KernelDecision decision, Selection out) {
        long requestedId = input.requestedCandidateId();
        if (kernel.utilityOf(catalog, requestedId, input) > 0) {
            out.act(Action.EXECUTE, ReasonCode.REQUESTED_DIRECTED, requestedId, catalog.indexOf(requestedId));
        } else {
            out.reject(ReasonCode.REQUESTED_NOT_ELIGIBLE);
        }
        out.chosenBy(Strategy.DIRECTED, Selection.NO_PROPENSITY);
    }
}

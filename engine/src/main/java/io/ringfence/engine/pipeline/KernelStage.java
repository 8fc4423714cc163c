package io.ringfence.engine.pipeline;

import io.ringfence.engine.kernel.Kernel;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;

/** Has the kernel decide the effective input under the policy in force. */
final class KernelStage implements Stage {
    private final Kernel kernel = new Kernel();
    private final PolicyMark mark = new PolicyMark();

    @Override
    public void onEvent(DecisionEvent event) {
        Policy policy = event.intake().policy();
        mark.observe(policy);
        if (!event.effective().isPresent()) {
            event.decision().notTaken(event.sequence());
            return;
        }
        kernel.evaluate(
                policy.catalog(), event.effective().input(), event.decision().decision());
        mark.count();
        event.decision().decided(event.sequence());
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

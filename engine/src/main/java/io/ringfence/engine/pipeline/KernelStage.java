package io.ringfence.engine.pipeline;

import io.ringfence.engine.kernel.Kernel;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;

/** Has the kernel decide the effective input under the policy in force. */
final class KernelStage implements Stage {
    private final Kernel kernel = new Kernel();
    private final StageTally tally = new StageTally();

    @Override
    public void onEvent(DecisionEvent event) {
        Policy policy = event.policy();
        tally.follow(policy);
        if (event.type().isRequest()) {
            kernel.evaluate(policy.catalog(), event.input(), event.decision());
            tally.count();
            event.wrote(Engine.KERNEL);
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

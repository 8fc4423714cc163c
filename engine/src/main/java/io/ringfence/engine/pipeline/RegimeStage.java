package io.ringfence.engine.pipeline;

import io.ringfence.engine.policy.UseCase;
import io.ringfence.engine.regime.RegimeEstimator;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;

/** Tells which kind of request it is, and whether it is usual, and lets it count. */
final class RegimeStage implements Stage {
    private final RegimeEstimator estimator;
    private final RequestView request = new RequestView();

    RegimeStage(EngineSettings settings) {
        estimator = new RegimeEstimator(
                settings.valueThresholdMicros(),
                settings.regimeWindow(),
                settings.anomalyZ(),
                settings.commonZ(),
                settings.anomalyStepBps(),
                settings.commonStepBps());
    }

    @Override
    public void onEvent(DecisionEvent event) {
        RegimeSection regime = event.regime();
        boolean takesPart = event.intake().isPassed() && Defaults.isRequest(event);
        if (!takesPart) {
            regime.notTaken(event.sequence());
            return;
        }
        request.wrap(event.command());
        UseCase.Defaults defaults =
                event.intake().policy().adaptive().useCase(request.useCase()).defaults();
        estimator.observe(
                request.inputUnits(), Defaults.valueMicros(request, defaults), Defaults.riskBps(request, defaults));
        regime.found(event.sequence(), estimator.regime(), estimator.severity(), estimator.floorStepBps());
    }

    @Override
    public void writeState(StateWriter writer) {
        estimator.writeState(writer);
    }

    @Override
    public void readState(StateReader reader) {
        estimator.readState(reader);
    }
}

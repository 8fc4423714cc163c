package io.ringfence.engine.pipeline;

import io.ringfence.engine.command.Request;
import io.ringfence.engine.regime.RegimeEstimator;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;

/** Tells which kind of request it is and whether it is usual, then counts it. */
final class RegimeStage implements Stage {
    private final RegimeEstimator estimator;

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
        Request request = event.request();
        estimator.observe(request.inputUnits(), request.valueMicros(), request.riskBps());
        event.regime(estimator.regime(), estimator.severity(), estimator.floorStepBps());
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

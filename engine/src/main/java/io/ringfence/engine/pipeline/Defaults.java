package io.ringfence.engine.pipeline;

import io.ringfence.engine.policy.UseCase;
import io.ringfence.schemas.CommandKind;

/** Fills what a request leaves open from its use case. */
final class Defaults {
    private Defaults() {}

    /** Does the command go through all stages? */
    static boolean isRequest(DecisionEvent event) {
        return event.command().kind() == CommandKind.ORDER || event.command().kind() == CommandKind.ADMISSION;
    }

    static long valueMicros(RequestView request, UseCase.Defaults defaults) {
        if (request.hasBusinessValue()) {
            return request.rawBusinessValueMicros();
        }
        return request.isOrder() ? defaults.orderValueMicros(request.notionalMicros()) : defaults.businessValueMicros();
    }

    static int riskBps(RequestView request, UseCase.Defaults defaults) {
        return request.hasRisk() ? request.rawRiskBps() : defaults.riskBps();
    }

    static int confidenceBps(RequestView request, UseCase.Defaults defaults) {
        return request.hasConfidence() ? request.rawConfidenceBps() : defaults.confidenceBps();
    }

    static long outputUnits(RequestView request, UseCase.Defaults defaults) {
        return request.hasOutputUnits() ? request.outputUnits() : defaults.outputUnits();
    }

    static long maxP95LatencyMs(RequestView request, UseCase.Defaults defaults) {
        return request.hasLatencyCap() ? request.rawMaxP95LatencyMs() : defaults.maxP95LatencyMs();
    }
}

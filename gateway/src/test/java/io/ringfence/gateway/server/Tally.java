package io.ringfence.gateway.server;

import io.ringfence.gateway.client.Answer;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;
import java.util.EnumMap;
import java.util.Map;

/** Counts answers. */
final class Tally implements Answer.Handler {
    final Map<ReasonCode, Integer> refused = new EnumMap<>(ReasonCode.class);
    int decisions;
    int applied;

    @Override
    public void onDecision(AdmissionDecisionDecoder decision) {
        decisions++;
        applied += decision.reason() == ReasonCode.APPLIED ? 1 : 0;
    }

    @Override
    public void onRefused(RefusedDecoder message) {
        refused.merge(message.reason(), 1, Integer::sum);
    }
}

package io.ringfence.gateway.client;

import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.RefusedDecoder;

/** Receives answers from {@link RingfenceClient#poll(AnswerHandler, int)}. A view is valid during the call only. */
public interface AnswerHandler {
    /** The answer to a request that took a sequence. Only the actions EXECUTE and SUBSTITUTE allow the client to act. */
    void onDecision(AdmissionDecisionDecoder decision);

    /** The answer to a request that was refused before it took a sequence. */
    void onRefused(RefusedDecoder refused);
}

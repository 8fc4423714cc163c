package io.ringfence.gateway.client;

import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.RefusedDecoder;

/** Takes what a client's {@link RingfenceClient#poll(AnswerHandler, int)} finds; the views hold only during the call. */
public interface AnswerHandler {
    /** The answer to what took a sequence. Only the actions EXECUTE and SUBSTITUTE allow anything. */
    void onDecision(AdmissionDecisionDecoder decision);

    /** The answer to what took none. */
    void onRefused(RefusedDecoder refused);
}

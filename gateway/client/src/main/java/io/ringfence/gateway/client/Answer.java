package io.ringfence.gateway.client;

import io.ringfence.schemas.Action;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;
import io.ringfence.schemas.Tristate;

/**
 * The answer to one request: a decision, a refusal, or neither if none came in time. Immutable: it owns the bytes under its
 * views.
 *
 * @param clientRequestId of the request.
 * @param decision        decision on the request; null unless it took a sequence and its answer came in time.
 * @param refusal         refusal of the request; null unless it was refused.
 */
public record Answer(long clientRequestId, AdmissionDecisionDecoder decision, RefusedDecoder refusal) {
    /** No answer in time. The request may have been taken: ask the same id again to find out. */
    static Answer unknown(long clientRequestId) {
        return new Answer(clientRequestId, null, null);
    }

    /** Did an answer come in time? */
    public boolean isKnown() {
        return decision != null || refusal != null;
    }

    /** May the client act? Only if a decision is EXECUTE or SUBSTITUTE and its hold stands; anything else means no. */
    public boolean isAdmitted() {
        return decision != null
                && (decision.actionRaw() == Action.EXECUTE.value() || decision.actionRaw() == Action.SUBSTITUTE.value())
                && decision.holdStandsRaw() == Tristate.YES.value();
    }

    /**
     * Had the gateway taken this request, and answered it, before it was sent again? The answer is that first one. False: it took it now, or
     * refused it, so what was sent before, if anything, was lost.
     */
    public boolean isRepeated() {
        return decision != null && decision.isDuplicateRaw() == Tristate.YES.value();
    }

    /** Did a command that asks for no admission take effect? */
    public boolean isApplied() {
        return decision != null && decision.reason() == ReasonCode.APPLIED;
    }

    /** Reason of the answer; {@link ReasonCode#NONE} when there was no answer in time. */
    public ReasonCode reason() {
        if (decision != null) {
            return decision.reason();
        }
        return refusal == null ? ReasonCode.NONE : refusal.reason();
    }

    /** Receives answers from {@link RingfenceClient#poll(Handler, int)}. A view is valid during the call only. */
    public interface Handler {
        /** The answer to a request that took a sequence. Only the actions EXECUTE and SUBSTITUTE allow the client to act. */
        void onDecision(AdmissionDecisionDecoder decision);

        /** The answer to a request that was refused before it took a sequence. */
        void onRefused(RefusedDecoder refused);
    }
}

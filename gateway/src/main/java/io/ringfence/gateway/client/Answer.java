package io.ringfence.gateway.client;

import io.ringfence.schemas.Action;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;
import io.ringfence.schemas.Tristate;

/**
 * The answer to one request: a decision, a refusal, or neither when there was none in time. Immutable: its views are over bytes
 * of its own.
 *
 * @param clientRequestId of the request.
 * @param decision        the answer; null unless the request took a sequence and its answer came.
 * @param refusal         why it was not taken; null unless it was refused.
 */
public record Answer(long clientRequestId, AdmissionDecisionDecoder decision, RefusedDecoder refusal) {
    /** No answer in time. The request may have been taken: ask the same id again to find out. */
    static Answer unknown(long clientRequestId) {
        return new Answer(clientRequestId, null, null);
    }

    /** Was there an answer at all? */
    public boolean isKnown() {
        return decision != null || refusal != null;
    }

    /** May the client act? Only if a decision is EXECUTE or SUBSTITUTE and its hold stands; anything else means no. */
    public boolean isAdmitted() {
        return decision != null
                && (decision.actionRaw() == Action.EXECUTE.value() || decision.actionRaw() == Action.SUBSTITUTE.value())
                && decision.holdStandsRaw() == Tristate.YES.value();
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
}

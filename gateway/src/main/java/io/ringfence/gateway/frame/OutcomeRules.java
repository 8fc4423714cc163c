package io.ringfence.gateway.frame;

import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.FollowUp;
import io.ringfence.schemas.OutcomeReportDecoder;
import io.ringfence.schemas.Tristate;
import org.agrona.DirectBuffer;

/** Ranges of the fields of an outcome. */
final class OutcomeRules {
    private final OutcomeReportDecoder outcome = new OutcomeReportDecoder();

    void check(DirectBuffer buffer, int offset, Frame frame) {
        outcome.wrap(buffer, offset, OutcomeReportDecoder.BLOCK_LENGTH, OutcomeReportDecoder.SCHEMA_VERSION);
        frame.request(outcome.clientRequestId());
        frame.require(
                outcome.clientRequestId() > 0, OutcomeReportDecoder.clientRequestIdId(), outcome.clientRequestId());
        frame.require(
                outcome.decisionSequence() > 0, OutcomeReportDecoder.decisionSequenceId(), outcome.decisionSequence());
        frame.require(
                outcome.dispositionRaw() <= Disposition.IN_FLIGHT.value(),
                OutcomeReportDecoder.dispositionId(),
                outcome.dispositionRaw());
        frame.require(
                outcome.successRaw() <= Tristate.UNKNOWN.value(),
                OutcomeReportDecoder.successId(),
                outcome.successRaw());
        int qualityBps = outcome.qualityBps();
        frame.require(
                qualityBps <= RequestRules.MAX_BPS || qualityBps == OutcomeReportDecoder.qualityBpsNullValue(),
                OutcomeReportDecoder.qualityBpsId(),
                qualityBps);
        frame.require(
                outcome.followUpRaw() <= FollowUp.ESCALATION.value(),
                OutcomeReportDecoder.followUpId(),
                outcome.followUpRaw());
    }
}

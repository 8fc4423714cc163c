package io.ringfence.gateway.frame;

import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.FollowUp;
import io.ringfence.schemas.OrderCancelDecoder;
import io.ringfence.schemas.OrderReplaceDecoder;
import io.ringfence.schemas.OutcomeReportDecoder;
import io.ringfence.schemas.SettleDecoder;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.Tristate;
import org.agrona.DirectBuffer;

/** Ranges of the fields of the messages that act on a hold, and of outcomes. */
final class ReportRules {
    private final OrderCancelDecoder cancel = new OrderCancelDecoder();
    private final OrderReplaceDecoder replace = new OrderReplaceDecoder();
    private final ExecutionDecoder execution = new ExecutionDecoder();
    private final SettleDecoder settle = new SettleDecoder();
    private final OutcomeReportDecoder outcome = new OutcomeReportDecoder();

    void checkCancel(DirectBuffer buffer, int offset, Frame frame) {
        cancel.wrap(buffer, offset, OrderCancelDecoder.BLOCK_LENGTH, OrderCancelDecoder.SCHEMA_VERSION);
        frame.require(cancel.holdId() > 0, OrderCancelDecoder.holdIdId(), cancel.holdId());
    }

    void checkReplace(DirectBuffer buffer, int offset, Frame frame) {
        replace.wrap(buffer, offset, OrderReplaceDecoder.BLOCK_LENGTH, OrderReplaceDecoder.SCHEMA_VERSION);
        frame.require(replace.holdId() > 0, OrderReplaceDecoder.holdIdId(), replace.holdId());
        frame.require(replace.orderQuantity() > 0, OrderReplaceDecoder.orderQuantityId(), replace.orderQuantity());
        frame.require(
                replace.limitPriceMicros() > 0, OrderReplaceDecoder.limitPriceMicrosId(), replace.limitPriceMicros());
    }

    void checkExecution(DirectBuffer buffer, int offset, Frame frame) {
        execution.wrap(buffer, offset, ExecutionDecoder.BLOCK_LENGTH, ExecutionDecoder.SCHEMA_VERSION);
        frame.require(execution.holdId() > 0, ExecutionDecoder.holdIdId(), execution.holdId());
        frame.require(
                execution.executionId() != ExecutionDecoder.executionIdNullValue(),
                ExecutionDecoder.executionIdId(),
                execution.executionId());
        int kind = execution.kindRaw();
        frame.require(
                kind >= ExecutionKind.FILL.value() && kind <= ExecutionKind.CORRECTION.value(),
                ExecutionDecoder.kindId(),
                kind);
        frame.require(execution.quantity() >= 0, ExecutionDecoder.quantityId(), execution.quantity());
        frame.require(
                execution.feeMicros() != ExecutionDecoder.feeMicrosNullValue(),
                ExecutionDecoder.feeMicrosId(),
                execution.feeMicros());
        frame.require(execution.leavesQuantity() >= 0, ExecutionDecoder.leavesQuantityId(), execution.leavesQuantity());
        boolean isAboutAnother = kind == ExecutionKind.BUST.value() || kind == ExecutionKind.CORRECTION.value();
        boolean isNamed = execution.referenceExecutionId() != ExecutionDecoder.referenceExecutionIdNullValue();
        frame.require(
                isAboutAnother == isNamed, ExecutionDecoder.referenceExecutionIdId(), execution.referenceExecutionId());
        requireRecorded(execution, frame);
    }

    /** What the venue says of the order; its price may be any. */
    private static void requireRecorded(ExecutionDecoder execution, Frame frame) {
        requireNullOrPositive(execution.termsSequence(), ExecutionDecoder.termsSequenceId(), frame);
        requireNullOrPositive(execution.accountId(), ExecutionDecoder.accountIdId(), frame);
        requireNullOrNotNegative(execution.orderQuantity(), ExecutionDecoder.orderQuantityId(), frame);
        requireNullOrNotNegative(execution.cumulativeQuantity(), ExecutionDecoder.cumulativeQuantityId(), frame);
        int side = execution.sideRaw();
        frame.require(
                side == Side.BUY.value() || side == Side.SELL.value() || side == Side.NULL_VAL.value(),
                ExecutionDecoder.sideId(),
                side);
    }

    private static void requireNullOrPositive(long value, int fieldId, Frame frame) {
        frame.require(value > 0 || value == ExecutionDecoder.termsSequenceNullValue(), fieldId, value);
    }

    private static void requireNullOrNotNegative(long value, int fieldId, Frame frame) {
        frame.require(value >= 0 || value == ExecutionDecoder.orderQuantityNullValue(), fieldId, value);
    }

    void checkSettle(DirectBuffer buffer, int offset, Frame frame) {
        settle.wrap(buffer, offset, SettleDecoder.BLOCK_LENGTH, SettleDecoder.SCHEMA_VERSION);
        frame.require(settle.holdId() > 0, SettleDecoder.holdIdId(), settle.holdId());
        requireNullOrPositive(settle.accountId(), SettleDecoder.accountIdId(), frame);
        int kind = settle.kindRaw();
        frame.require(
                kind >= SettleKind.COMMIT_PART.value() && kind <= SettleKind.RELEASE.value(),
                SettleDecoder.kindId(),
                kind);
        long amountMicros = settle.amountMicros();
        frame.require(
                kind == SettleKind.RELEASE.value() ? amountMicros == 0 : amountMicros >= 0,
                SettleDecoder.amountMicrosId(),
                amountMicros);
    }

    void checkOutcome(DirectBuffer buffer, int offset, Frame frame) {
        outcome.wrap(buffer, offset, OutcomeReportDecoder.BLOCK_LENGTH, OutcomeReportDecoder.SCHEMA_VERSION);
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

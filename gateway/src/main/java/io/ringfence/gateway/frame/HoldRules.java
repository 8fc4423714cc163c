package io.ringfence.gateway.frame;

import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.OrderCancelDecoder;
import io.ringfence.schemas.OrderReplaceDecoder;
import io.ringfence.schemas.SettleDecoder;
import io.ringfence.schemas.SettleKind;
import org.agrona.DirectBuffer;

/** Ranges of the fields of the messages that act on a hold. */
final class HoldRules {
    private final OrderCancelDecoder cancel = new OrderCancelDecoder();
    private final OrderReplaceDecoder replace = new OrderReplaceDecoder();
    private final ExecutionDecoder execution = new ExecutionDecoder();
    private final SettleDecoder settle = new SettleDecoder();

    void checkCancel(DirectBuffer buffer, int offset, Frame frame) {
        cancel.wrap(buffer, offset, OrderCancelDecoder.BLOCK_LENGTH, OrderCancelDecoder.SCHEMA_VERSION);
        requireRequest(cancel.clientRequestId(), OrderCancelDecoder.clientRequestIdId(), frame);
        frame.require(cancel.holdId() > 0, OrderCancelDecoder.holdIdId(), cancel.holdId());
    }

    void checkReplace(DirectBuffer buffer, int offset, Frame frame) {
        replace.wrap(buffer, offset, OrderReplaceDecoder.BLOCK_LENGTH, OrderReplaceDecoder.SCHEMA_VERSION);
        requireRequest(replace.clientRequestId(), OrderReplaceDecoder.clientRequestIdId(), frame);
        frame.require(replace.holdId() > 0, OrderReplaceDecoder.holdIdId(), replace.holdId());
        frame.require(replace.quantity() > 0, OrderReplaceDecoder.quantityId(), replace.quantity());
        frame.require(
                replace.limitPriceMicros() > 0, OrderReplaceDecoder.limitPriceMicrosId(), replace.limitPriceMicros());
    }

    void checkExecution(DirectBuffer buffer, int offset, Frame frame) {
        execution.wrap(buffer, offset, ExecutionDecoder.BLOCK_LENGTH, ExecutionDecoder.SCHEMA_VERSION);
        requireRequest(execution.clientRequestId(), ExecutionDecoder.clientRequestIdId(), frame);
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
        frame.require(execution.priceMicros() >= 0, ExecutionDecoder.priceMicrosId(), execution.priceMicros());
        frame.require(
                execution.feeMicros() != ExecutionDecoder.feeMicrosNullValue(),
                ExecutionDecoder.feeMicrosId(),
                execution.feeMicros());
        frame.require(execution.leavesQuantity() >= 0, ExecutionDecoder.leavesQuantityId(), execution.leavesQuantity());
        boolean isAboutAnother = kind == ExecutionKind.BUST.value() || kind == ExecutionKind.CORRECTION.value();
        boolean isNamed = execution.referenceExecutionId() != ExecutionDecoder.referenceExecutionIdNullValue();
        frame.require(
                isAboutAnother == isNamed, ExecutionDecoder.referenceExecutionIdId(), execution.referenceExecutionId());
    }

    void checkSettle(DirectBuffer buffer, int offset, Frame frame) {
        settle.wrap(buffer, offset, SettleDecoder.BLOCK_LENGTH, SettleDecoder.SCHEMA_VERSION);
        requireRequest(settle.clientRequestId(), SettleDecoder.clientRequestIdId(), frame);
        frame.require(settle.holdId() > 0, SettleDecoder.holdIdId(), settle.holdId());
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

    private static void requireRequest(long clientRequestId, int fieldId, Frame frame) {
        frame.request(clientRequestId);
        frame.require(clientRequestId > 0, fieldId, clientRequestId);
    }
}

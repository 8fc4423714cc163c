package io.ringfence.engine.budget;

import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.ExecutionEncoder;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderRequestDecoder;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.Side;
import org.agrona.concurrent.UnsafeBuffer;

/** Puts figures into the messages that a budget reads, and hands them over. Allocates nothing once made. */
final class Messages {
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MessageHeaderDecoder read = new MessageHeaderDecoder();
    private final OrderRequestEncoder order = new OrderRequestEncoder();
    private final OrderRequestDecoder request = new OrderRequestDecoder();
    private final ExecutionEncoder execution = new ExecutionEncoder();
    private final ExecutionDecoder report = new ExecutionDecoder();

    BudgetResult order(
            Budget budget,
            long holdId,
            long accountId,
            long instrumentId,
            Side side,
            long quantity,
            long limitPriceMicros,
            long exposureMicros,
            long costMicros) {
        return budget.order(
                holdId, request(accountId, instrumentId, side, quantity, limitPriceMicros), exposureMicros, costMicros);
    }

    OrderRequestDecoder request(long accountId, long instrumentId, Side side, long quantity, long limitPriceMicros) {
        order.wrapAndApplyHeader(buffer, 0, header)
                .accountId(accountId)
                .instrumentId(instrumentId)
                .side(side)
                .quantity(quantity)
                .limitPriceMicros(limitPriceMicros);
        return request.wrapAndApplyHeader(buffer, 0, read);
    }

    BudgetResult execution(
            Budget budget,
            long holdId,
            long executionId,
            ExecutionKind kind,
            long quantity,
            long priceMicros,
            long feeMicros,
            long leavesQuantity,
            long referenceExecutionId) {
        return budget.execution(report(
                holdId, executionId, kind, quantity, priceMicros, feeMicros, leavesQuantity, referenceExecutionId));
    }

    ExecutionDecoder report(
            long holdId,
            long executionId,
            ExecutionKind kind,
            long quantity,
            long priceMicros,
            long feeMicros,
            long leavesQuantity,
            long referenceExecutionId) {
        execution
                .wrapAndApplyHeader(buffer, 0, header)
                .holdId(holdId)
                .executionId(executionId)
                .kind(kind)
                .quantity(quantity)
                .priceMicros(priceMicros)
                .feeMicros(feeMicros)
                .leavesQuantity(leavesQuantity)
                .referenceExecutionId(referenceExecutionId);
        return report.wrapAndApplyHeader(buffer, 0, read);
    }
}

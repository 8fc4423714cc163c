package io.ringfence.engine.budget;

import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.ExecutionEncoder;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.Side;
import org.agrona.concurrent.UnsafeBuffer;

/** Puts figures into the messages that a budget reads, and hands them over. Allocates nothing once made. */
final class Messages {
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MessageHeaderDecoder read = new MessageHeaderDecoder();
    private final ExecutionEncoder execution = new ExecutionEncoder();
    private final ExecutionDecoder report = new ExecutionDecoder();
    private final BudgetResult out = new BudgetResult();

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
                holdId,
                accountId,
                instrumentId,
                side.value(),
                quantity,
                limitPriceMicros,
                notionalMicros(quantity, limitPriceMicros),
                exposureMicros,
                costMicros,
                out);
    }

    /** As the gateway computes it: 0 for terms that are refused, saturated when it overflows. */
    private static long notionalMicros(long quantity, long limitPriceMicros) {
        if (quantity < 0 || limitPriceMicros < 0) {
            return 0;
        }
        long micros = Micros.ceilMicros(quantity, limitPriceMicros);
        return micros == Micros.OVERFLOW ? Long.MAX_VALUE : micros;
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
        return budget.execution(
                report(
                        holdId,
                        executionId,
                        kind,
                        quantity,
                        priceMicros,
                        feeMicros,
                        leavesQuantity,
                        referenceExecutionId),
                out);
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

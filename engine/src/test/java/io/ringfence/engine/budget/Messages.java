package io.ringfence.engine.budget;

import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.command.Request;
import io.ringfence.engine.control.ControlContext;
import io.ringfence.schemas.AdmissionRequestEncoder;
import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.ExecutionEncoder;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Side;
import org.agrona.concurrent.UnsafeBuffer;

/** Puts figures into the messages that a budget reads, and hands them over. Allocates nothing once made. */
final class Messages {
    /** Of the terms, and of the quantities, that a report may leave out. */
    static final long NO_TERMS = ExecutionEncoder.termsSequenceNullValue();

    static final long NO_QUANTITY = ExecutionEncoder.orderQuantityNullValue();

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MessageHeaderDecoder read = new MessageHeaderDecoder();
    private final OrderRequestEncoder order = new OrderRequestEncoder();
    private final AdmissionRequestEncoder admission = new AdmissionRequestEncoder();
    private final Request request = new Request();
    private final ControlContext asked = new ControlContext();
    private final ExecutionEncoder execution = new ExecutionEncoder();
    private final ExecutionDecoder report = new ExecutionDecoder();
    private final BudgetResult out = new BudgetResult();
    private long lastReplace = 1L << 40;
    private long termsSequence = NO_TERMS;
    private long orderQuantity = NO_QUANTITY;
    private long cumulativeQuantity = NO_QUANTITY;
    private long displayQuantity = OrderRequestEncoder.displayQuantityNullValue();

    /** What later orders show of themselves. */
    void display(long quantity) {
        displayQuantity = quantity;
    }

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
                askOrder(holdId, accountId, instrumentId, side.value(), quantity, limitPriceMicros, exposureMicros),
                costMicros,
                out);
    }

    /** The context of an order, as the budget stage hands it over. */
    ControlContext askOrder(
            long holdId,
            long accountId,
            long instrumentId,
            int side,
            long quantity,
            long limitPriceMicros,
            long exposureMicros) {
        order.wrapAndApplyHeader(buffer, 0, header)
                .accountId(accountId)
                .instrumentId(instrumentId)
                .quantity(quantity)
                .limitPriceMicros(limitPriceMicros)
                .displayQuantity(displayQuantity)
                .exposureMicros(exposureMicros);
        buffer.putByte(order.offset() + OrderRequestEncoder.sideEncodingOffset(), (byte) side);
        request.read(CommandType.ORDER, buffer);
        return asked.begin(CommandType.ORDER, holdId, 0, 0, 0, request);
    }

    BudgetResult hold(
            Budget budget,
            long holdId,
            long accountId,
            long exposureMicros,
            long costMicros,
            long nowNs,
            long timeToLiveNs) {
        admission
                .wrapAndApplyHeader(buffer, 0, header)
                .accountId(accountId)
                .exposureMicros(exposureMicros)
                .timeToLiveNs(timeToLiveNs);
        request.read(CommandType.ADMISSION, buffer);
        return budget.hold(asked.begin(CommandType.ADMISSION, holdId, nowNs, 0, 0, request), costMicros, out);
    }

    /** What later reports say of their terms. */
    void says(long terms, long order, long cumulative) {
        termsSequence = terms;
        orderQuantity = order;
        cumulativeQuantity = cumulative;
    }

    BudgetResult replace(Budget budget, long holdId, long quantity, long limitPriceMicros) {
        return replace(budget, ++lastReplace, holdId, quantity, limitPriceMicros);
    }

    BudgetResult replace(Budget budget, long sequence, long holdId, long quantity, long limitPriceMicros) {
        return budget.replace(
                asked.begin(CommandType.REPLACE, sequence, 0, 0, 0, request), holdId, quantity, limitPriceMicros, out);
    }

    BudgetResult cancel(Budget budget, long holdId) {
        return budget.cancel(begin(CommandType.CANCEL), holdId, out);
    }

    BudgetResult settle(Budget budget, long holdId, SettleKind kind, long amountMicros) {
        return budget.settle(begin(CommandType.SETTLE), holdId, kind, amountMicros, out);
    }

    ControlContext begin(CommandType type) {
        return asked.begin(type, 0, 0, 0, 0, request);
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
                begin(CommandType.EXECUTION),
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
                .referenceExecutionId(referenceExecutionId)
                .termsSequence(termsSequence)
                .orderQuantity(orderQuantity)
                .cumulativeQuantity(cumulativeQuantity);
        return report.wrapAndApplyHeader(buffer, 0, read);
    }
}

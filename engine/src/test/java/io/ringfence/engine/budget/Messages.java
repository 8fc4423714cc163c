package io.ringfence.engine.budget;

import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.command.Request;
import io.ringfence.engine.control.ControlContext;
import io.ringfence.schemas.AdmissionRequestEncoder;
import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.ExecutionEncoder;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.FactCommandDecoder;
import io.ringfence.schemas.FactCommandEncoder;
import io.ringfence.schemas.FactVerb;
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
    private final FactCommandEncoder fact = new FactCommandEncoder();
    private final FactCommandDecoder factCommand = new FactCommandDecoder();
    private final BudgetResult out = new BudgetResult();
    private long lastReplace = 1L << 40;
    private long termsSequence = NO_TERMS;
    private long orderQuantity = NO_QUANTITY;
    private long cumulativeQuantity = NO_QUANTITY;
    private Named named = Named.NOTHING;
    private long sequence = 1_000_000;
    private long nowNs;
    private long displayQuantity = OrderRequestEncoder.displayQuantityNullValue();

    /** What a report says of a hold that is not known. A side below 0 is not said. */
    record Named(long accountId, long instrumentId, int side) {
        static final Named NOTHING = new Named(
                ExecutionEncoder.accountIdNullValue(), ExecutionEncoder.instrumentIdNullValue(), Side.NULL_VAL.value());
    }

    /** What later reports and settles say of their holds. */
    Messages naming(Named next) {
        named = next;
        return this;
    }

    /** Sequence and event time of later commands on holds. */
    Messages at(long nextSequence, long nextNowNs) {
        sequence = nextSequence;
        nowNs = nextNowNs;
        return this;
    }

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
        return budget.settle(begin(CommandType.SETTLE), holdId, named.accountId(), kind, amountMicros, out);
    }

    ControlContext begin(CommandType type) {
        return asked.begin(type, sequence, nowNs, 0, 0, request);
    }

    /** Books by the word of a person, of one fact. */
    BudgetResult book(Budget budget, long accountId, long fact, long chargeMicros, long quantity, long instrumentId) {
        return fact(budget, FactVerb.BOOK, accountId, fact, fact, 1, chargeMicros, quantity, instrumentId);
    }

    BudgetResult drop(Budget budget, long accountId, long fact) {
        long nowhere = FactCommandEncoder.instrumentIdNullValue();
        return fact(budget, FactVerb.DROP, accountId, fact, fact, 1, 0, 0, nowhere);
    }

    BudgetResult fact(
            Budget budget,
            FactVerb verb,
            long accountId,
            long first,
            long last,
            long count,
            long chargeMicros,
            long quantity,
            long instrumentId) {
        fact.wrapAndApplyHeader(buffer, 0, header)
                .accountId(accountId)
                .firstSequence(first)
                .lastSequence(last)
                .count(count)
                .chargeMicros(chargeMicros)
                .quantity(quantity)
                .instrumentId(instrumentId)
                .verb(verb);
        return budget.fact(begin(CommandType.FACT), factCommand.wrapAndApplyHeader(buffer, 0, read), true, out);
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
                .cumulativeQuantity(cumulativeQuantity)
                .accountId(named.accountId())
                .instrumentId(named.instrumentId());
        buffer.putByte(execution.offset() + ExecutionEncoder.sideEncodingOffset(), (byte) named.side());
        return report.wrapAndApplyHeader(buffer, 0, read);
    }
}

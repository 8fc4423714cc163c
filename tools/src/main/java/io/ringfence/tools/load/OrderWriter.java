package io.ringfence.tools.load;

import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.TimeInForce;
import io.ringfence.schemas.Tristate;
import io.ringfence.tools.input.FlowOrder;
import io.ringfence.tools.input.OrderRouting;
import java.util.concurrent.TimeUnit;

/** Writes a desk's messages into the client, in the words of the protocol. Allocates nothing. */
final class OrderWriter {
    private static final int RISK_NOT_GIVEN = OrderRequestEncoder.riskBpsNullValue();

    private final byte[] externalId = new byte[FlowOrder.EXTERNAL_ID_LENGTH];
    private final RingfenceClient client;
    private final OrderRouting routing;

    OrderWriter(RingfenceClient client, OrderRouting routing) {
        this.client = client;
        this.routing = routing;
    }

    /** Writes the message into the client; the caller then offers it. */
    void write(OrderMessage message, long wallClockNs) {
        switch (message.kind()) {
            case ADMIT -> admit(message, wallClockNs);
            case REPLACE ->
                client.replace()
                        .holdId(message.holdId())
                        .orderQuantity(message.quantity())
                        .limitPriceMicros(message.priceMicros())
                        .clientTimestampNs(wallClockNs);
            case EXECUTION ->
                client.execution()
                        .holdId(message.holdId())
                        .executionId(message.executionId())
                        .kind(message.executionKind())
                        .quantity(message.quantity())
                        .priceMicros(message.priceMicros())
                        .leavesQuantity(message.leavesQuantity())
                        .clientTimestampNs(wallClockNs);
            case OUTCOME ->
                client.outcome()
                        .decisionSequence(message.holdId())
                        .disposition(Disposition.APPLIED)
                        .success(message.isSuccess() ? Tristate.YES : Tristate.NO)
                        .observedAtMicros(TimeUnit.NANOSECONDS.toMicros(wallClockNs))
                        .clientTimestampNs(wallClockNs);
        }
    }

    private void admit(OrderMessage message, long wallClockNs) {
        FlowOrder order = message.order();
        order.putExternalId(externalId);
        client.order()
                .accountId(order.accountId())
                .useCase((short) routing.useCase(message.quantity(), message.priceMicros()))
                .requestedCandidateId(routing.candidateId())
                .riskBps(order.riskBps() == FlowOrder.RISK_UNKNOWN ? RISK_NOT_GIVEN : order.riskBps())
                .side(order.side())
                .orderType(OrderType.LIMIT)
                .timeInForce(TimeInForce.GOOD_TILL_CANCEL)
                .quantity(message.quantity())
                .limitPriceMicros(message.priceMicros())
                .putExternalId(externalId, 0)
                .clientTimestampNs(wallClockNs);
    }
}

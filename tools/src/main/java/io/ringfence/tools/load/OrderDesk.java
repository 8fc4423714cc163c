package io.ringfence.tools.load;

import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;
import io.ringfence.tools.ExitCode.EnvironmentException;
import io.ringfence.tools.input.AccountRule;
import io.ringfence.tools.input.FlowOrder;
import io.ringfence.tools.input.OrderActions;
import io.ringfence.tools.input.OrderFlow;
import io.ringfence.tools.input.OrderRouting;
import io.ringfence.tools.input.Spares;
import java.util.ArrayDeque;

/**
 * Sends the messages of an order flow to the gateway, in order, and hands the answers back.
 *
 * <p>A message that the gateway had no room for goes to the head of the queue and is sent again; its latency counts from its
 * first offer. Any other refusal of an order ends it. For the load thread; messages are reused.
 */
final class OrderDesk implements OrderActions, Answer.Handler {
    private static final int MESSAGES = 4_096;
    private static final int OUTCOME_SHARE = 4;
    private static final long MS_NS = 1_000_000;

    private final OrderMessage[] unanswered = new OrderMessage[MESSAGES];
    private final ArrayDeque<OrderMessage> outgoing = new ArrayDeque<>(MESSAGES);
    private final Spares<OrderMessage> spares = new Spares<>(OrderMessage::new);
    private final RingfenceClient client;
    private final OrderWriter writer;
    private final OrderFlow flow;
    private final LoadTally tally;
    private final Latencies latencies;

    private long asked;
    private boolean isCounted;
    private long nextSinceNs = OrderMessage.WHEN_OFFERED;

    OrderDesk(
            RingfenceClient client,
            OrderRouting routing,
            AccountRule accounts,
            int ordersInRound,
            LoadTally tally,
            Latencies latencies) {
        this.client = client;
        this.writer = new OrderWriter(client, routing);
        this.flow = new OrderFlow(this, accounts, ordersInRound);
        this.tally = tally;
        this.latencies = latencies;
    }

    /** The flow that takes the events of the book. */
    OrderFlow flow() {
        return flow;
    }

    /** Begins to count answers. */
    void count() {
        tally.clear();
        isCounted = true;
    }

    /** Number of orders whose admission was requested. */
    long asked() {
        return asked;
    }

    /** Sets the time from which the latency of the next order counts. */
    void nextSince(long sinceNs) {
        nextSinceNs = sinceNs;
    }

    /** Is a message waiting to be sent? */
    boolean hasOutgoing() {
        return !outgoing.isEmpty();
    }

    /** Is nothing left to send and no answer pending? */
    boolean isDrained() {
        return outgoing.isEmpty() && client.unansweredCount() == 0 && flow.awaiting() == 0;
    }

    /**
     * Sends the waiting messages until too many are unanswered or the gateway has no room.
     *
     * @return how many were sent.
     * @throws EnvironmentException when the session is over.
     */
    int send(int unansweredMax) {
        int sent = 0;
        while (!outgoing.isEmpty() && client.unansweredCount() < unansweredMax && isSent(outgoing.peekFirst())) {
            outgoing.removeFirst();
            sent++;
        }
        return sent;
    }

    private boolean isSent(OrderMessage message) {
        long clientRequestId = client.nextRequestId();
        writer.write(message, System.currentTimeMillis() * MS_NS);
        message.offeredAt(System.nanoTime());
        long result = client.offer();
        if (result == RingfenceClient.NOT_CONNECTED || result == RingfenceClient.CLOSED) {
            throw new EnvironmentException("the gateway ended the session: " + client.unansweredCount()
                    + " messages are unanswered: it is not known whether they took effect");
        }
        if (result < 0) {
            return false;
        }
        unanswered[index(clientRequestId)] = message;
        return true;
    }

    private static int index(long clientRequestId) {
        return (int) clientRequestId & (MESSAGES - 1);
    }

    @Override
    public void admit(FlowOrder order, long quantity, long priceMicros) {
        asked++;
        outgoing.addLast(spares.take().admit(order, quantity, priceMicros, nextSinceNs));
    }

    @Override
    public void replace(FlowOrder order, long orderQuantity, long priceMicros) {
        outgoing.addLast(spares.take().replace(order, orderQuantity, priceMicros));
    }

    @Override
    public void execution(
            FlowOrder order,
            long executionId,
            ExecutionKind kind,
            long quantity,
            long priceMicros,
            long leavesQuantity) {
        outgoing.addLast(spares.take().execution(order, executionId, kind, quantity, priceMicros, leavesQuantity));
    }

    /** Reports one outcome in four, drawn by the order and the round: a desk grades some of what it does. */
    @Override
    public void outcome(FlowOrder order, boolean isSuccess) {
        if (Long.remainderUnsigned(AccountRule.splitmix64(order.orderId() ^ ~(long) order.round()), OUTCOME_SHARE)
                == 0) {
            outgoing.addLast(spares.take().outcome(order, isSuccess));
        }
    }

    @Override
    public void onDecision(AdmissionDecisionDecoder decision) {
        OrderMessage message = answered(decision.clientRequestId());
        tally.head(decision);
        switch (message.kind()) {
            case ADMIT -> {
                measure(message);
                tally.decided(decision);
                flow.onAnswer(message.order(), isAdmitted(decision), decision.sequence());
            }
            case REPLACE -> {
                tally.replaceAnswered(isAdmitted(decision));
                flow.onAnswer(message.order(), isAdmitted(decision), decision.sequence());
            }
            case EXECUTION -> tally.executionAnswered(decision.reason() == ReasonCode.APPLIED);
            case OUTCOME -> tally.outcomeAnswered(decision.reason() == ReasonCode.APPLIED);
        }
        done(message);
    }

    private void measure(OrderMessage message) {
        if (isCounted) {
            latencies.record(System.nanoTime() - message.sinceNs());
        }
    }

    private static boolean isAdmitted(AdmissionDecisionDecoder decision) {
        Action action = decision.action();
        return action == Action.EXECUTE || action == Action.SUBSTITUTE;
    }

    @Override
    public void onRefused(RefusedDecoder refused) {
        if (refused.clientRequestId() == RefusedDecoder.clientRequestIdNullValue()) {
            return; // About the session, which the next offer finds over.
        }
        OrderMessage message = answered(refused.clientRequestId());
        ReasonCode reason = refused.reason();
        if (reason == ReasonCode.RING_FULL || reason == ReasonCode.WINDOW_FULL) {
            tally.pressed();
            outgoing.addFirst(message);
            return;
        }
        switch (message.kind()) {
            case ADMIT -> {
                measure(message);
                tally.refused(reason);
                flow.onAnswer(message.order(), false, 0);
            }
            case REPLACE -> {
                tally.replaceAnswered(false);
                flow.onAnswer(message.order(), false, 0);
            }
            case EXECUTION -> tally.executionAnswered(false);
            case OUTCOME -> tally.outcomeAnswered(false);
        }
        done(message);
    }

    private OrderMessage answered(long clientRequestId) {
        OrderMessage message = unanswered[index(clientRequestId)];
        if (message == null) {
            throw new IllegalStateException("an answer to nothing that was asked: clientRequestId=" + clientRequestId);
        }
        unanswered[index(clientRequestId)] = null;
        return message;
    }

    private void done(OrderMessage message) {
        message.clear();
        spares.give(message);
    }
}

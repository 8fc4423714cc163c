package io.ringfence.perf.floor;

import io.ringfence.gateway.config.AccountsFile;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.Side;
import io.ringfence.tools.input.AccountRule;
import io.ringfence.tools.input.FlowOrder;
import io.ringfence.tools.input.OrderActions;
import io.ringfence.tools.input.OrderFlow;
import io.ringfence.tools.input.OrderRouting;
import io.ringfence.tools.input.SyntheticOrders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Records the order flow of {@code demo} as a {@link Script}, with the answers of a running engine.
 *
 * <p>The flow gets each answer as late as a client with that many messages in flight may get it.
 */
final class FlowRecorder implements OrderActions, Link.Answers {
    private static final long SEED = 1;
    private static final int OUTCOME_SHARE = 4;
    private static final int POLL_LIMIT = 64;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

    private final Script script = new Script();
    private final List<FlowOrder> awaiting = new ArrayList<>();
    private final SyntheticOrders orders = new SyntheticOrders(SEED);
    private final OrderFlow flow;
    private final OrderRouting routing;
    private final Link link;
    private final int inflight;
    private final long firstRequestId;
    private final long[] sequences;
    private final boolean[] isGranted;
    private final long[] holds;

    /**
     * @param link     to an engine that was just started.
     * @param messages to record.
     * @param inflight most messages unanswered.
     */
    FlowRecorder(Path home, Link link, int messages, int inflight) {
        routing = new OrderRouting(CompiledPolicy.read(RingfenceContestant.policy(home)));
        AccountRule accounts = new AccountRule(
                AccountsFile.read(RingfenceContestant.accounts(home)).orderAccountIds());
        flow = new OrderFlow(this, accounts);
        this.link = link;
        this.inflight = inflight;
        firstRequestId = link.nextRequestId();
        sequences = new long[messages];
        isGranted = new boolean[messages];
        holds = new long[messages];
    }

    /** Request id of the script's first message. */
    long firstRequestId() {
        return firstRequestId;
    }

    /** Records all messages. */
    Script record() {
        int told = 0;
        for (int sent = 0; sent < sequences.length; sent++) {
            for (; told <= sent - inflight; told++) {
                tell(told);
            }
            while (sent == script.count()) {
                orders.advance();
                flow.onEvent(orders.event());
            }
            send(sent);
        }
        for (; told < sequences.length; told++) {
            await(told);
        }
        script.cut(sequences.length);
        return script;
    }

    private void send(int index) {
        script.write(index, link, holds[script.slot(index)]);
        while (!link.offer(0)) {
            link.poll(this, POLL_LIMIT);
        }
    }

    private void tell(int index) {
        await(index);
        FlowOrder order = awaiting.get(index);
        if (script.isOrder(index)) {
            holds[script.slot(index)] = sequences[index];
        }
        if (order != null) {
            flow.onAnswer(order, isGranted[index], script.slot(index));
            awaiting.set(index, null);
        }
    }

    private void await(int index) {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (sequences[index] == 0) {
            if (link.poll(this, POLL_LIMIT) == 0 && System.nanoTime() - deadlineNs > 0) {
                throw new IllegalStateException("no answer while the flow was recorded: index=" + index);
            }
        }
    }

    @Override
    public void onAnswer(long requestId, long sequence, boolean granted) {
        int index = (int) (requestId - firstRequestId);
        sequences[index] = sequence;
        isGranted[index] = granted;
    }

    /** The flow keeps the slot where a client keeps the hold. */
    @Override
    public void admit(FlowOrder order, long quantity, long priceMicros) {
        int risk = order.riskBps() == FlowOrder.RISK_UNKNOWN ? OrderRequestEncoder.riskBpsNullValue() : order.riskBps();
        script.order(
                script.slotCount(),
                order.accountId(),
                routing.useCase(quantity, priceMicros),
                routing.candidateId(),
                risk,
                order.side() == Side.BUY,
                quantity,
                priceMicros);
        awaiting.add(order);
    }

    @Override
    public void replace(FlowOrder order, long orderQuantity, long priceMicros) {
        script.replace((int) order.holdId(), orderQuantity, priceMicros);
        awaiting.add(order);
    }

    @Override
    public void execution(
            FlowOrder order, long executionId, ExecutionKind kind, long quantity, long priceMicros, long leaves) {
        script.execution((int) order.holdId(), (int) executionId, kind, quantity, priceMicros, leaves);
        awaiting.add(null);
    }

    /** One outcome in four, drawn as {@code demo} draws them. */
    @Override
    public void outcome(FlowOrder order, boolean isSuccess) {
        if (Long.remainderUnsigned(AccountRule.splitmix64(order.orderId() ^ ~(long) order.round()), OUTCOME_SHARE)
                == 0) {
            script.outcome((int) order.holdId(), isSuccess);
            awaiting.add(null);
        }
    }
}

package io.ringfence.perf.floor;

import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.ExecutionEncoder;
import io.ringfence.schemas.OrderReplaceEncoder;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.OutcomeReportEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;

/** The product's own client as a {@link Link}. */
final class RingfenceLink implements Link, Answer.Handler {
    private final RingfenceClient client;
    private Answers answers;

    RingfenceLink(RingfenceClient client) {
        this.client = client;
    }

    @Override
    public OrderRequestEncoder order() {
        return client.order();
    }

    @Override
    public OrderReplaceEncoder replace() {
        return client.replace();
    }

    @Override
    public ExecutionEncoder execution() {
        return client.execution();
    }

    @Override
    public OutcomeReportEncoder outcome() {
        return client.outcome();
    }

    @Override
    public long nextRequestId() {
        return client.nextRequestId();
    }

    @Override
    public boolean offer(int recordLength) {
        long result = client.offer();
        if (result == RingfenceClient.NOT_CONNECTED || result == RingfenceClient.CLOSED) {
            throw new IllegalStateException(
                    "the gateway ended the session: messages unanswered=" + client.unansweredCount());
        }
        return result > 0;
    }

    @Override
    public int poll(Answers answers, int limit) {
        this.answers = answers;
        return client.poll(this, limit);
    }

    @Override
    public void onDecision(AdmissionDecisionDecoder decision) {
        Action action = decision.action();
        boolean isGranted =
                action == Action.EXECUTE || action == Action.SUBSTITUTE || decision.reason() == ReasonCode.APPLIED;
        answers.onAnswer(decision.clientRequestId(), decision.sequence(), isGranted);
    }

    @Override
    public void onRefused(RefusedDecoder refused) {
        throw new IllegalStateException("no message of this run may be refused without a record: reason="
                + refused.reason() + ", field=" + refused.fieldId() + ", value=" + refused.value());
    }

    @Override
    public void close() {
        client.close();
    }
}

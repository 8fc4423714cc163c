package io.ringfence.perf.soak;

import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.TimeInForce;
import io.ringfence.schemas.Tristate;

/**
 * One request, which can be asked again to the letter.
 *
 * @param id       its request id.
 * @param holdId   that it acts on, or the decision that it reports on; 0 for one that asks for a hold.
 * @param quantity in whole units.
 */
record Ask(Kind kind, long id, long holdId, long quantity) {
    /** What is asked. */
    enum Kind {
        ORDER,
        CALL,
        FILL_PART,
        FILL_REST,
        CANCELLED,
        SETTLE,
        OUTCOME
    }

    static final long PRICE_MICROS = 25_000_000;
    static final long FEE_MICROS = 1_000;
    static final long EXPOSURE_MICROS = 40_000_000;
    static final long COST_MICROS = 30_000_000;

    private static final long UNIT = 100_000_000;
    private static final short USE_CASE = 10;
    private static final int CANDIDATE = 1;

    /** Does it ask for a hold? */
    boolean isRequest() {
        return kind == Kind.ORDER || kind == Kind.CALL;
    }

    /** What it commits when it is applied, in micros. */
    long chargeMicros() {
        return switch (kind) {
            case FILL_PART, FILL_REST -> quantity * PRICE_MICROS + FEE_MICROS;
            case SETTLE -> COST_MICROS;
            case ORDER, CALL, CANCELLED, OUTCOME -> 0;
        };
    }

    /** Does it end its hold when it is applied? */
    boolean isEnd() {
        return kind == Kind.FILL_REST || kind == Kind.CANCELLED || kind == Kind.SETTLE;
    }

    /**
     * Begins its message.
     *
     * @param remaining quantity of its order that is open behind it, in whole units.
     */
    void write(RingfenceClient client, long accountId, long remaining) {
        switch (kind) {
            case ORDER ->
                client.order()
                        .clientRequestId(id)
                        .accountId(accountId)
                        .useCase(USE_CASE)
                        .requestedCandidateId(CANDIDATE)
                        .side(Side.BUY)
                        .orderType(OrderType.LIMIT)
                        .timeInForce(TimeInForce.DAY)
                        .quantity(quantity * UNIT)
                        .limitPriceMicros(PRICE_MICROS)
                        .externalId("S-" + id);
            case CALL ->
                client.admission()
                        .clientRequestId(id)
                        .accountId(accountId)
                        .useCase(USE_CASE)
                        .requestedCandidateId(CANDIDATE)
                        .exposureMicros(EXPOSURE_MICROS);
            case FILL_PART, FILL_REST -> execution(client, ExecutionKind.FILL, remaining);
            case CANCELLED -> execution(client, ExecutionKind.CANCELLED, 0);
            case SETTLE ->
                client.settle()
                        .clientRequestId(id)
                        .holdId(holdId)
                        .kind(SettleKind.COMMIT_FINAL)
                        .amountMicros(COST_MICROS);
            case OUTCOME ->
                client.outcome()
                        .clientRequestId(id)
                        .decisionSequence(holdId)
                        .disposition(Disposition.APPLIED)
                        .success(Tristate.YES)
                        .realizedLatencyMs(3);
        }
    }

    private void execution(RingfenceClient client, ExecutionKind executionKind, long remaining) {
        boolean isFill = executionKind == ExecutionKind.FILL;
        client.execution()
                .clientRequestId(id)
                .holdId(holdId)
                .executionId(id)
                .kind(executionKind)
                .quantity(isFill ? quantity * UNIT : 0)
                .priceMicros(isFill ? PRICE_MICROS : 0)
                .feeMicros(isFill ? FEE_MICROS : 0)
                .leavesQuantity(remaining * UNIT);
    }
}

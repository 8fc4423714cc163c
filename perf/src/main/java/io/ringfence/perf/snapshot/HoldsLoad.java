package io.ringfence.perf.snapshot;

import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.RefusedDecoder;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.TimeInForce;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Sends orders that stay open, or orders and the reports that end them in turn, so that the number of open holds stays as it is.
 *
 * <p>For one thread, which spins; allocates nothing while it runs.
 */
final class HoldsLoad implements Answer.Handler {
    private static final int INFLIGHT = 256;
    private static final int WINDOW = 1_024;
    private static final int RING = 4 * WINDOW;
    private static final long QUANTITY = 800_000_000L;
    private static final long PRICE_MICROS = 235_000_000L;
    private static final short USE_CASE = 10;
    static final int ACCOUNTS = 4;
    private static final long HIGHEST_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final Histogram latency = new Histogram(HIGHEST_NS, 3);
    private final RingfenceClient client;
    private final long[] intendedNs = new long[RING];
    private final boolean[] isOrder = new boolean[RING];
    private final long[] open = new long[RING]; // Sequences of orders that are to end.
    private long openBegin;
    private long openEnd;
    private long sent;
    private long answered;
    private boolean isKept;

    HoldsLoad(RingfenceClient client) {
        this.client = client;
    }

    /** Sends orders that stay open, as fast as they are answered. */
    void fill(long orders) {
        isKept = true;
        long last = answered + orders;
        long beginNs = System.nanoTime();
        while (answered < last) {
            client.poll(this, INFLIGHT);
            while (sent < last && sent - answered < INFLIGHT && offer(true, System.nanoTime())) {
                // As many as fit.
            }
            requirePatience(beginNs);
        }
        isKept = false;
    }

    /** Orders and their ends in turn, as fast as they are answered; returns how many a second. */
    double closedLoop(double seconds) {
        long beginNs = System.nanoTime();
        long endNs = beginNs + (long) (seconds * SECOND_NS);
        long before = answered;
        while (System.nanoTime() - endNs < 0) {
            client.poll(this, INFLIGHT);
            while (sent - answered < INFLIGHT && offer(isOrderNext(), System.nanoTime())) {
                // As many as fit.
            }
        }
        double perSecond = (answered - before) / ((System.nanoTime() - beginNs) / (double) SECOND_NS);
        settle();
        return perSecond;
    }

    /**
     * Orders and their ends in turn at a rate, whatever the answers do.
     *
     * @return from each intended send to its answer, in ns; the same object for each call.
     */
    Histogram openLoop(double seconds, double perSecond) {
        latency.reset();
        double periodNs = SECOND_NS / perSecond;
        long messages = (long) (seconds * perSecond);
        long beginNs = System.nanoTime();
        long done = 0;
        while (done < messages) {
            client.poll(this, INFLIGHT);
            long dueNs = beginNs + (long) (done * periodNs);
            if (System.nanoTime() - dueNs >= 0 && sent - answered < WINDOW && offer(isOrderNext(), dueNs)) {
                done++;
            }
        }
        settle();
        return latency;
    }

    /** Waits for all answers. */
    private void settle() {
        long beginNs = System.nanoTime();
        while (answered < sent) {
            client.poll(this, INFLIGHT);
            requirePatience(beginNs);
        }
    }

    private void requirePatience(long sinceNs) {
        if (System.nanoTime() - sinceNs > 10 * PATIENCE_NS) {
            throw new IllegalStateException("no answers: messages unanswered=" + (sent - answered));
        }
    }

    private boolean isOrderNext() {
        return (sent & 1) == 0 || openBegin == openEnd;
    }

    private boolean offer(boolean sendsOrder, long dueNs) {
        int entry = (int) client.nextRequestId() & (RING - 1);
        if (sendsOrder) {
            client.order()
                    .accountId(1 + sent / 2 % ACCOUNTS)
                    .useCase(USE_CASE)
                    .requestedCandidateId(1)
                    .side(Side.BUY)
                    .orderType(OrderType.LIMIT)
                    .timeInForce(TimeInForce.GOOD_TILL_CANCEL)
                    .quantity(QUANTITY)
                    .limitPriceMicros(PRICE_MICROS)
                    .traderId(1);
        } else {
            client.execution()
                    .holdId(open[(int) openBegin & (RING - 1)])
                    .executionId(client.nextRequestId())
                    .kind(ExecutionKind.CANCELLED);
        }
        long result = client.offer();
        if (result == RingfenceClient.NOT_CONNECTED || result == RingfenceClient.CLOSED) {
            throw new IllegalStateException("the gateway ended the session");
        }
        if (result <= 0) {
            return false;
        }
        openBegin += sendsOrder ? 0 : 1;
        intendedNs[entry] = dueNs;
        isOrder[entry] = sendsOrder;
        sent++;
        return true;
    }

    @Override
    public void onDecision(AdmissionDecisionDecoder decision) {
        int entry = (int) decision.clientRequestId() & (RING - 1);
        latency.recordValue(Math.min(HIGHEST_NS, System.nanoTime() - intendedNs[entry]));
        answered++;
        if (!isOrder[entry]) {
            return;
        }
        if (decision.action() == Action.REJECT) {
            throw new IllegalStateException("every order must be admitted: reason=" + decision.reason());
        }
        if (!isKept) {
            open[(int) openEnd++ & (RING - 1)] = decision.sequence();
        }
    }

    @Override
    public void onRefused(RefusedDecoder refused) {
        throw new IllegalStateException("no message may be refused: reason=" + refused.reason());
    }
}

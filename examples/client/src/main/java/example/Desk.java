package example;

import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.TimeInForce;
import io.ringfence.schemas.Tristate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A desk that asks for orders, several at a time, and goes on when the server is killed and started again: each order is answered once.
 *
 * <p>It keeps what it asked until the answer is in. After a reconnect it asks all of that again under the same request ids; the server knows
 * those that it took before and repeats their answers.
 */
public final class Desk implements Answer.Handler {
    private static final int IN_FLIGHT = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PACE_NS = 5_000_000; // From order to order.

    private final RingfenceClient client;
    private final long orders;
    private final TreeMap<Long, Order> unanswered = new TreeMap<>(); // By request id.
    private final Deque<Order> toSend = new ArrayDeque<>();
    private long begun;
    private long begunAtNs;
    private long heardAtNs = System.nanoTime();

    /** What is needed to ask again, to the letter. */
    private record Order(long requestId, long quantity, String externalId) {}

    private Desk(RingfenceClient client, long orders) {
        this.client = client;
        this.orders = orders;
    }

    /** Arguments: the journal's directory, how many orders. Prints a line for each answer; exit 0 when all are answered. */
    public static void main(String[] args) throws IOException {
        ClientSettings settings = ClientSettings.ofJournal(Path.of(args[0]), 1).withTimeout(PATIENCE); // principal 1
        try (RingfenceClient client = RingfenceClient.connect(settings)) {
            new Desk(client, Long.parseLong(args[1])).run();
        }
    }

    private void run() throws IOException {
        while (begun < orders || !unanswered.isEmpty()) {
            if (!client.isConnected()) {
                reconnect();
            }
            send();
            if (client.poll(this, IN_FLIGHT) > 0) {
                heardAtNs = System.nanoTime();
            } else if (System.nanoTime() - heardAtNs > PATIENCE.toNanos()) {
                throw new IOException("no answer in " + PATIENCE + ": unanswered=" + unanswered.keySet());
            } else {
                LockSupport.parkNanos(20_000);
            }
        }
    }

    /** Finds the server where it is now, and has everything asked again that has no answer. */
    private void reconnect() throws IOException {
        System.err.println("the session is over: reconnecting");
        client.reconnect(); // Waits for a server that is being started, for as long as the settings say.
        toSend.clear();
        toSend.addAll(unanswered.values());
        heardAtNs = System.nanoTime();
        System.err.println("reconnected: asking again " + toSend.size());
    }

    private void send() {
        boolean isDue = System.nanoTime() - begunAtNs >= PACE_NS && unanswered.size() < IN_FLIGHT;
        if (isDue && begun < orders && toSend.isEmpty()) {
            begun++;
            begunAtNs = System.nanoTime();
            Order order = new Order(client.nextRequestId(), begun * 100_000_000L, "D-" + client.nextRequestId());
            unanswered.put(order.requestId(), order);
            toSend.add(order);
        }
        while (!toSend.isEmpty()) {
            Order order = toSend.peek();
            client.order()
                    .clientRequestId(order.requestId())
                    .accountId(1) // desk-1
                    .useCase((short) 0) // equities
                    .requestedCandidateId(1) // XNAS
                    .side(Side.BUY)
                    .orderType(OrderType.LIMIT)
                    .timeInForce(TimeInForce.DAY)
                    .quantity(order.quantity()) // 1e-8 of a share
                    .limitPriceMicros(25_100_000) // 25.10, in millionths
                    .externalId(order.externalId());
            if (client.offer() < 0) {
                return; // Back pressure, or the session is over: the next turn goes on here.
            }
            toSend.remove();
        }
    }

    @Override
    public void onDecision(AdmissionDecisionDecoder decision) {
        if (unanswered.remove(decision.clientRequestId()) == null) {
            throw new IllegalStateException("an answer to what was not asked: " + decision);
        }
        boolean isAdmitted = (decision.action() == Action.EXECUTE || decision.action() == Action.SUBSTITUTE)
                && decision.holdStands() == Tristate.YES;
        String result = isAdmitted
                ? "send to " + decision.actedCandidateId() + ", held " + decision.heldMicros()
                : "stay: " + decision.reason();
        String how = decision.isDuplicate() == Tristate.YES ? " (had been answered before)" : "";
        System.out.println(decision.clientRequestId() + " " + decision.sequence() + " " + result + how);
    }

    @Override
    public void onRefused(RefusedDecoder refused) {
        Order order = unanswered.get(refused.clientRequestId());
        if (order == null || refused.reason() == ReasonCode.ENGINE_FAILED) {
            return; // Not about an order: the session ends.
        }
        if (refused.reason() == ReasonCode.RING_FULL || refused.reason() == ReasonCode.WINDOW_FULL) {
            toSend.add(order); // Nothing was taken: the same id again.
            return;
        }
        unanswered.remove(order.requestId());
        System.out.println(order.requestId() + " - stay: " + refused.reason());
    }
}

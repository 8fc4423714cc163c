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
import java.util.SortedMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A desk that asks for orders, several at a time. It goes on when the server is killed and started again, and when it is killed itself:
 * each order is answered once.
 *
 * <p>It writes into a {@link Book} what it asks, before it asks, and what was answered. After a reconnect, and after a start, it asks again
 * under the same request ids what has no answer; the server knows those that it took before and repeats their answers.
 */
public final class Desk implements Answer.Handler {
    private static final int IN_FLIGHT = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PACE_NS = 5_000_000; // From order to order.

    private final RingfenceClient client;
    private final Book book;
    private final SortedMap<Long, Book.Order> unanswered; // By request id.
    private final Deque<Book.Order> toSend = new ArrayDeque<>();
    private long ordersLeft;
    private long begunAtNs = System.nanoTime();
    private long heardAtNs = System.nanoTime();

    private Desk(RingfenceClient client, Book book, long orders) {
        this.client = client;
        this.book = book;
        this.ordersLeft = orders;
        unanswered = book.unanswered();
        toSend.addAll(unanswered.values());
    }

    /**
     * Arguments: the directory of the server's journal, the file of this desk's book, how many orders. Prints a line for each answer; exit 0
     * when all are answered.
     */
    public static void main(String[] args) throws IOException {
        ClientSettings settings = ClientSettings.ofJournal(Path.of(args[0]), 1).withTimeout(PATIENCE); // principal 1
        Book book = Book.open(Path.of(args[1]));
        try (RingfenceClient client = RingfenceClient.connect(settings)) {
            new Desk(client, book, Long.parseLong(args[2])).run();
        }
    }

    private void run() throws IOException {
        if (!toSend.isEmpty()) {
            System.err.println("asking again " + toSend.size() + " of an earlier life");
        }
        while (ordersLeft > 0 || !unanswered.isEmpty()) {
            if (!client.isConnected()) {
                System.err.println("the session is over: reconnecting");
                reconnect();
                System.err.println("reconnected: asking again " + toSend.size());
            }
            begin();
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

    // README: begin
    /** Finds the server where it is now, and has all asked again that has no answer, under the same request ids. */
    private void reconnect() throws IOException {
        client.reconnect(this, PATIENCE); // First hands over what had arrived; then waits for a server that is being started.
        toSend.clear();
        toSend.addAll(unanswered.values());
        heardAtNs = System.nanoTime();
    }
    // README: end

    /** Writes the next order down, if one is due. Not before all earlier ones were sent, because a request id is used up when it is sent. */
    private void begin() {
        boolean isDue = System.nanoTime() - begunAtNs >= PACE_NS && unanswered.size() < IN_FLIGHT;
        if (!isDue || ordersLeft == 0 || !toSend.isEmpty()) {
            return;
        }
        begunAtNs = System.nanoTime();
        ordersLeft--;
        long requestId = client.nextRequestId();
        Book.Order order = new Book.Order(requestId, 100 + requestId % 7, "D-" + requestId);
        book.asked(order);
        unanswered.put(requestId, order);
        toSend.add(order);
    }

    private void send() {
        while (!toSend.isEmpty()) {
            Book.Order order = toSend.peek();
            client.order(order.externalId())
                    .clientRequestId(order.requestId())
                    .accountId(1) // desk-1
                    .useCase((short) 0) // equities
                    .requestedCandidateId(1) // XNAS
                    .side(Side.BUY)
                    .orderType(OrderType.LIMIT)
                    .timeInForce(TimeInForce.DAY)
                    .quantity(order.shares() * 100_000_000L) // in 1e-8 of a share
                    .limitPriceMicros(25_100_000); // 25.10, in millionths
            if (client.offer() < 0) {
                return; // Back pressure, or the session is over: the next turn goes on here.
            }
            toSend.remove();
        }
    }

    @Override
    public void onDecision(AdmissionDecisionDecoder decision) {
        boolean isAdmitted = (decision.action() == Action.EXECUTE || decision.action() == Action.SUBSTITUTE)
                && decision.holdStands() == Tristate.YES;
        String result = isAdmitted
                ? "send to " + decision.actedCandidateId() + ", held " + decision.heldMicros()
                : "stay: " + decision.reason();
        String how = decision.isDuplicate() == Tristate.YES ? " (had been taken before)" : "";
        answered(decision.clientRequestId(), decision.sequence() + " " + result + how);
    }

    @Override
    public void onRefused(RefusedDecoder refused) {
        Book.Order order = unanswered.get(refused.clientRequestId());
        if (order == null || refused.reason() == ReasonCode.ENGINE_FAILED) {
            return; // Not about an order: the session ends.
        }
        if (refused.reason() == ReasonCode.RING_FULL || refused.reason() == ReasonCode.WINDOW_FULL) {
            toSend.add(order); // Nothing was taken: the same id again.
            return;
        }
        answered(order.requestId(), "- stay: " + refused.reason());
    }

    private void answered(long requestId, String result) {
        if (unanswered.remove(requestId) == null) {
            throw new IllegalStateException("an answer to what was not asked: requestId=" + requestId);
        }
        book.answered(requestId, result);
        System.out.println(requestId + " " + result);
    }
}

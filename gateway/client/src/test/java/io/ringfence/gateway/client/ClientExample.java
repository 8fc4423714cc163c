package io.ringfence.gateway.client;

import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.TimeInForce;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** The client of the README as a program: asks for one order, and prints where to send it or why not. */
public final class ClientExample {
    private static final long PATIENCE_NS = Duration.ofSeconds(30).toNanos();
    private static final long BEGUN_NS = System.nanoTime();

    private ClientExample() {}

    /** Argument: the directory of the server's journal. */
    public static void main(String[] args) throws IOException {
        example(Path.of(args[0]));
    }

    private static void example(Path journal) throws IOException {
        // README: begin
        ClientSettings settings = ClientSettings.ofJournal(journal, 1); // of the server's journal; principal 1
        try (RingfenceClient client = RingfenceClient.connect(settings)) {
            client.order("D-1") // the desk's own order id
                    .accountId(1) // desk-1
                    .useCase((short) 0) // equities
                    .requestedCandidateId(1) // XNAS
                    .side(Side.BUY)
                    .orderType(OrderType.LIMIT)
                    .timeInForce(TimeInForce.DAY)
                    .quantity(100 * 100_000_000L) // 100 shares, in 1e-8 of a share
                    .limitPriceMicros(25_100_000); // 25.10, in millionths
            Answer answer = client.ask(Duration.ofSeconds(2));
            // A server that was killed and started again is found anew, and asked the same order under the same id.
            while (!answer.isKnown() && isWorthWaiting()) {
                answer = client.ask(Duration.ofSeconds(2));
            }
            if (answer.isAdmitted()) {
                send(answer.decision().actedCandidateId()); // The venue to use: maybe not the one asked for.
            } else {
                stay(answer.reason());
            }
        }
        // README: end
    }

    private static boolean isWorthWaiting() {
        return System.nanoTime() - BEGUN_NS < PATIENCE_NS;
    }

    private static void send(long venue) {
        System.out.println("send to " + venue);
    }

    private static void stay(ReasonCode reason) {
        System.out.println("stay: " + reason);
    }
}

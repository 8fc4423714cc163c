package io.ringfence.gateway.client;

import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.RefusedDecoder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/** A client as a process of its own: asks so many requests, several at a time, then one that it waits for. */
public final class ClientMain {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    private ClientMain() {}

    /** Arguments: aeron directory, request stream, principal, account, requests. Prints one line; exit 0 when all was answered. */
    public static void main(String[] args) throws IOException {
        ClientSettings settings = ClientSettings.of(
                        Path.of(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]))
                .withTimeout(Duration.ofSeconds(20));
        try (RingfenceClient client = RingfenceClient.connect(settings)) {
            Tally tally = new Tally();
            run(client, Long.parseLong(args[3]), Integer.parseInt(args[4]), tally);
            client.admission()
                    .accountId(Long.parseLong(args[3]))
                    .useCase((short) 1)
                    .inputUnits(1);
            Answer last = client.ask(Duration.ofSeconds(20));
            System.out.println(
                    "decisions=" + tally.decisions + " refused=" + tally.refused + " last=" + last.isAdmitted());
        }
    }

    private static void run(RingfenceClient client, long accountId, int requests, Tally tally) {
        IdleStrategy idle = new BackoffIdleStrategy(100, 10, 1_000, 100_000);
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        int offered = 0;
        while (tally.decisions + tally.refused < requests) {
            int workCount = 0;
            if (offered < requests) {
                client.admission().accountId(accountId).useCase((short) 1).inputUnits(1_000);
                if (client.offer() > 0) {
                    offered++;
                    workCount++;
                }
            }
            idle.idle(workCount + client.poll(tally, 16));
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IllegalStateException(
                        "not all answered: offered=" + offered + ", decisions=" + tally.decisions);
            }
        }
    }

    private static final class Tally implements Answer.Handler {
        private int decisions;
        private int refused;

        @Override
        public void onDecision(AdmissionDecisionDecoder decision) {
            decisions++;
        }

        @Override
        public void onRefused(RefusedDecoder message) {
            refused++;
        }
    }
}

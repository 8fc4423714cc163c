package io.ringfence.tools.pages;

import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.TimeInForce;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A gateway and one client, in a process of its own: rehearses, waits for a byte on standard input, sends one order, ends. */
public final class OneOrderMain {
    /** The line on standard output once all classes of the way have been initialised. */
    static final String REHEARSED = "rehearsed";

    private static final int REHEARSALS = 3;
    private static final int DESK_1 = 1;
    private static final short CRYPTO = 10;
    private static final int BITSTAMP = 1;
    private static final long ONE_COIN = 100_000_000;
    private static final long PRICE_MICROS = 30_000_000_000L;

    /** Long, so that the order is all that the gateway receives after the rehearsal. */
    private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(1_000);

    private static final Duration PATIENCE = Duration.ofSeconds(100);

    private OneOrderMain() {}

    /** Argument: the configuration file. Exit 0 when each order was admitted, else 1. */
    public static void main(String[] args) throws IOException {
        ServerConfig config = ServerConfig.read(Path.of(args[0]));
        try (Ringfence ringfence = Ringfence.start(config);
                RingfenceClient client = RingfenceClient.connect(new ClientSettings(
                        Path.of(ringfence.aeronDirectory()),
                        config.requestStreamId(),
                        config.principals().get(0).id(),
                        HEARTBEAT_INTERVAL,
                        PATIENCE))) {
            for (int i = 0; i < REHEARSALS; i++) {
                sendOrder(client);
            }
            System.out.println(REHEARSED);
            System.in.read();
            sendOrder(client);
        }
    }

    private static void sendOrder(RingfenceClient client) {
        client.order()
                .accountId(DESK_1)
                .useCase(CRYPTO)
                .requestedCandidateId(BITSTAMP)
                .side(Side.BUY)
                .orderType(OrderType.LIMIT)
                .timeInForce(TimeInForce.DAY)
                .quantity(ONE_COIN)
                .limitPriceMicros(PRICE_MICROS);
        Answer answer = client.ask(PATIENCE);
        if (!answer.isAdmitted()) {
            throw new IllegalStateException("the order was not admitted: " + answer.reason());
        }
    }
}

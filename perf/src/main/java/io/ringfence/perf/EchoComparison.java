package io.ringfence.perf;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.client.AnswerHandler;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.RefusedDecoder;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.Substitution;
import io.ringfence.schemas.TimeInForce;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.HdrHistogram.Histogram;
import org.agrona.IoUtil;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Round trip of one message in flight: a bare Aeron IPC echo, then a decision by Ringfence in {@code COMPACT} with
 * {@code MEMORY}, several times in turn within one process. Two spinning threads each: client and server.
 *
 * <p>Usage: {@code EchoComparison [rounds [messages]]}; 3 rounds of 300,000 unless told. Prints nanoseconds and the ratios.
 */
public final class EchoComparison {
    private static final String CHANNEL = "aeron:ipc?term-length=1m";
    private static final int REQUEST_STREAM = 11;
    private static final int REPLY_STREAM = 12;
    private static final int MESSAGE_LENGTH = 256;

    /** The compiler has long done with an echo when it still works on a decision. */
    private static final int WARM_UP = 500_000;

    private static final int FRAGMENT_LIMIT = 8;
    private static final long HIGHEST_NS = 10_000_000_000L;

    private EchoComparison() {}

    /** Runs the comparison. */
    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        int messages = args.length > 1 ? Integer.parseInt(args[1]) : 300_000;
        System.out.println("round  what       p50      p99    p99.9      max  ns");
        for (int round = 1; round <= rounds; round++) {
            Histogram echo = echo(messages);
            print(round, "echo", echo);
            Histogram decision = decide(messages);
            print(round, "decision", decision);
            System.out.printf(
                    "%5d  ratio     %4.1f     %4.1f%n", round, ratio(decision, echo, 50), ratio(decision, echo, 99));
        }
    }

    private static double ratio(Histogram a, Histogram b, double percentile) {
        return (double) a.getValueAtPercentile(percentile) / b.getValueAtPercentile(percentile);
    }

    private static void print(int round, String what, Histogram histogram) {
        System.out.printf(
                "%5d  %-8s %5d %8d %8d %8d%n",
                round,
                what,
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(99),
                histogram.getValueAtPercentile(99.9),
                histogram.getMaxValue());
    }

    private static Histogram echo(int messages) throws InterruptedException {
        AtomicBoolean isRunning = new AtomicBoolean(true);
        MediaDriver.Context context = new MediaDriver.Context()
                .aeronDirectoryName(
                        "/dev/shm/ringfence-echo-" + ProcessHandle.current().pid())
                .threadingMode(ThreadingMode.INVOKER)
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true);
        try (MediaDriver driver = MediaDriver.launch(context);
                Aeron aeron = Aeron.connect(new Aeron.Context()
                        .aeronDirectoryName(driver.aeronDirectoryName())
                        .useConductorAgentInvoker(true)
                        .driverAgentInvoker(driver.sharedAgentInvoker()))) {
            driver.sharedAgentInvoker().start();
            Subscription requests = aeron.addSubscription(CHANNEL, REQUEST_STREAM);
            Subscription replies = aeron.addSubscription(CHANNEL, REPLY_STREAM);
            ExclusivePublication request = aeron.addExclusivePublication(CHANNEL, REQUEST_STREAM);
            ExclusivePublication reply = aeron.addExclusivePublication(CHANNEL, REPLY_STREAM);
            while (!request.isConnected() || !reply.isConnected()) {
                aeron.conductorAgentInvoker().invoke();
                driver.sharedAgentInvoker().invoke();
            }
            AgentInvoker client = aeron.conductorAgentInvoker();
            AgentInvoker media = driver.sharedAgentInvoker();
            Thread server = new Thread(() -> serve(requests, reply, client, media, isRunning), "echo");
            server.start();
            try {
                return ping(request, replies, messages);
            } finally {
                isRunning.set(false);
                server.join();
            }
        }
    }

    private static void serve(
            Subscription requests,
            ExclusivePublication reply,
            AgentInvoker client,
            AgentInvoker media,
            AtomicBoolean isRunning) {
        FragmentHandler echo = (buffer, offset, length, header) -> {
            while (reply.offer(buffer, offset, length) < 0) {
                Thread.onSpinWait();
            }
        };
        int turns = 0;
        while (isRunning.get()) {
            requests.poll(echo, FRAGMENT_LIMIT);
            if (++turns % 100 == 0) {
                client.invoke();
                media.invoke();
            }
        }
    }

    private static Histogram ping(ExclusivePublication request, Subscription replies, int messages) {
        Histogram histogram = new Histogram(HIGHEST_NS, 3);
        UnsafeBuffer message = new UnsafeBuffer(new byte[MESSAGE_LENGTH]);
        boolean[] hasReply = {false};
        FragmentHandler handler = (buffer, offset, length, header) -> hasReply[0] = true;
        for (int i = -WARM_UP; i < messages; i++) {
            hasReply[0] = false;
            long startNs = System.nanoTime();
            while (request.offer(message) < 0) {
                Thread.onSpinWait();
            }
            while (!hasReply[0]) {
                replies.poll(handler, FRAGMENT_LIMIT);
            }
            record(histogram, i, startNs);
        }
        return histogram;
    }

    private static Histogram decide(int messages) throws IOException {
        Path home = Path.of(System.getProperty("ringfence.home", "")).toAbsolutePath();
        Path directory = Files.createTempDirectory("ringfence-echo");
        Path config = directory.resolve("ringfence.yaml");
        Files.writeString(
                config,
                "data_dir: " + directory.resolve("journal") + "\nmode: compact\nwait_strategy: busy_spin\npolicy: "
                        + home.resolve("conf/policies/crypto.yaml") + "\naccounts: "
                        + home.resolve("conf/accounts-admit-all.yaml")
                        + "\nprincipals:\n  - {id: 1, name: perf, role: client}\n");
        try (Ringfence ringfence = Ringfence.start(ServerConfig.read(config));
                RingfenceClient client =
                        RingfenceClient.connect(ClientSettings.of(Path.of(ringfence.aeronDirectory()), 1001, 1))) {
            return new Asker(client).run(messages);
        } finally {
            IoUtil.delete(directory.toFile(), true);
        }
    }

    private static void record(Histogram histogram, int i, long startNs) {
        if (i >= 0) {
            histogram.recordValue(System.nanoTime() - startNs);
        }
    }

    /** Asks for one order at a time, and fills it, so that budgets stand still. */
    private static final class Asker implements AnswerHandler {
        private static final long QUANTITY = 800_000_000L;
        private static final long PRICE_MICROS = 235_000_000L;

        private final RingfenceClient client;
        private boolean hasAnswer;
        private long holdId;

        Asker(RingfenceClient client) {
            this.client = client;
        }

        Histogram run(int messages) {
            Histogram histogram = new Histogram(HIGHEST_NS, 3);
            for (int i = -WARM_UP; i < messages; i++) {
                order();
                long startNs = System.nanoTime();
                exchange();
                record(histogram, i, startNs);
                if (holdId != AdmissionDecisionDecoder.holdIdNullValue()) {
                    fill();
                    exchange();
                }
            }
            return histogram;
        }

        private void exchange() {
            hasAnswer = false;
            while (client.offer() < 0) {
                client.poll(this, FRAGMENT_LIMIT);
            }
            while (!hasAnswer) {
                client.poll(this, FRAGMENT_LIMIT);
            }
        }

        private void order() {
            OrderRequestEncoder order = client.order();
            order.accountId(1)
                    .useCase((short) 10)
                    .requestedCandidateId(1)
                    .substitution(Substitution.ALLOWED)
                    .side(Side.BUY)
                    .orderType(OrderType.LIMIT)
                    .timeInForce(TimeInForce.DAY)
                    .quantity(QUANTITY)
                    .limitPriceMicros(PRICE_MICROS)
                    .traderId(1)
                    .externalId("ECHO");
        }

        private void fill() {
            client.execution()
                    .holdId(holdId)
                    .executionId(1)
                    .kind(ExecutionKind.FILL)
                    .quantity(QUANTITY)
                    .priceMicros(PRICE_MICROS)
                    .feeMicros(0)
                    .leavesQuantity(0);
        }

        @Override
        public void onDecision(AdmissionDecisionDecoder decision) {
            holdId = decision.holdId();
            hasAnswer = true;
        }

        @Override
        public void onRefused(RefusedDecoder refused) {
            throw new IllegalStateException("nothing here is to be refused: reason=" + refused.reason());
        }
    }
}

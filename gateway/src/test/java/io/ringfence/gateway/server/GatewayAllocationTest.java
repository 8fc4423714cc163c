package io.ringfence.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.ringfence.engine.pipeline.PipelineMode;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.server.TestGateway.Options;
import io.ringfence.limit.Deadline;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.RefusedDecoder;
import io.ringfence.schemas.SettleKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Client, gateway and all stages take their turns on the test's own thread, whose allocation is counted; the media driver has
 * its own.
 */
@Tag("alone")
@Tag("system")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class GatewayAllocationTest {
    private static final int WARM_UP = 30_000;
    private static final int ROUNDS_PER_WINDOW = 5_000;

    /** Longer than the test: heartbeats are too rare to be compiled, and a window may take long on a busy machine. */
    private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(300);

    /** Until the JIT compiler has got to it, parts of the JDK itself allocate; a window without any shows that we do not. */
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    private Path directory;

    @Test
    void shouldAllocateNothingPerDecisionOnceWarm() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (TestGateway gateway = TestGateway.prepare(
                        directory,
                        Options.defaults()
                                .withMode(PipelineMode.INVOKER)
                                .withTimeout(HEARTBEAT_INTERVAL.multipliedBy(2)));
                RingfenceClient client = connect(gateway)) {
            LastAnswer last = new LastAnswer();
            run(gateway, client, last, WARM_UP);
            int rounds = WARM_UP;
            long allocated = Long.MAX_VALUE;
            long startNs = System.nanoTime();

            while (allocated > 0 && System.nanoTime() - startNs < PATIENCE_NS) {
                long before = threads.getCurrentThreadAllocatedBytes();
                run(gateway, client, last, ROUNDS_PER_WINDOW);
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
                rounds += ROUNDS_PER_WINDOW;
            }

            assertEquals(2 * rounds, last.decisions);
            assertEquals(0, allocated, "bytes allocated in the last window of requests");
        }
    }

    private static RingfenceClient connect(TestGateway gateway) throws Exception {
        CompletableFuture<RingfenceClient> connecting = CompletableFuture.supplyAsync(() -> {
            try {
                return RingfenceClient.connect(new ClientSettings(
                        Path.of(gateway.aeronDirectory()),
                        TestGateway.REQUEST_STREAM_ID,
                        TestGateway.CLIENT,
                        HEARTBEAT_INTERVAL,
                        Duration.ofSeconds(20)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        Deadline deadline = Deadline.inSeconds(30);
        while (!connecting.isDone()) {
            deadline.require("the client connects");
            gateway.agent.doWork();
        }
        return connecting.get(1, TimeUnit.SECONDS);
    }

    /** Each round asks for an admission and settles it. */
    private static void run(TestGateway gateway, RingfenceClient client, LastAnswer last, int rounds) {
        for (int i = 0; i < rounds; i++) {
            client.admission().accountId(TestGateway.ACCOUNT).useCase((short) 1).inputUnits(1_000);
            exchange(gateway, client, last);
            client.settle().holdId(Math.max(1, last.holdId)).kind(SettleKind.RELEASE);
            exchange(gateway, client, last);
        }
    }

    private static void exchange(TestGateway gateway, RingfenceClient client, LastAnswer last) {
        int before = last.decisions;
        while (client.offer() <= 0) {
            last.requireInTime(client);
            gateway.agent.doWork(); // Brings the request stream's limit up to date.
        }
        while (last.decisions == before) {
            last.requireInTime(client);
            gateway.agent.doWork();
            client.poll(last, 1);
        }
    }

    private static final class LastAnswer implements Answer.Handler {
        private final Deadline deadline = Deadline.inSeconds(110);
        private int decisions;
        private long holdId;

        /** The client's own conductor may end too, when the machine stops it for some seconds: then no poll ever gives an answer. */
        void requireInTime(RingfenceClient client) {
            deadline.require("the last answer");
            assertTrue(
                    client.isConnected(),
                    "the session must not have ended, as it does after a second of back pressure and when the process was stopped");
        }

        @Override
        public void onDecision(AdmissionDecisionDecoder decision) {
            decisions++;
            holdId = decision.holdId();
        }

        @Override
        public void onRefused(RefusedDecoder refused) {
            throw new AssertionError("refused: " + refused.reason());
        }
    }
}

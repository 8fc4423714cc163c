package io.ringfence.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.Aeron;
import io.aeron.Subscription;
import io.ringfence.engine.pipeline.PipelineMode;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.IpcStreams;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.server.TestGateway.Options;
import io.ringfence.limit.Deadline;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.RefusedDecoder;
import io.ringfence.schemas.Substitution;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Another client of the media driver that listens to the request stream and reads nothing. */
@Tag("system")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ForeignSubscriptionTest {
    private static final int REQUESTS = 10_000;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(
            value = PipelineMode.class,
            names = {"COMPACT", "SHARED"})
    void shouldServeOthersThoughSomebodyListensToTheirRequestsAndReadsNone(PipelineMode mode) throws IOException {
        try (TestGateway gateway =
                        TestGateway.start(directory, Options.defaults().withMode(mode));
                Aeron stranger = stranger(gateway);
                RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            stranger.addSubscription(IpcStreams.CHANNEL_PREFIX, TestGateway.REQUEST_STREAM_ID);

            askOften(client);
            RawClient.await(() -> !gateway.errors.isEmpty());

            List<String> lines =
                    gateway.errors.stream().map(Throwable::toString).toList();
            assertEquals(1, lines.size(), lines.toString());
            assertTrue(
                    lines.get(0)
                            .startsWith("a subscription to request stream " + TestGateway.REQUEST_STREAM_ID
                                    + " was ended: only the gateway may listen there, or others are held up: of "),
                    lines.get(0));
            assertTrue(lines.get(0).contains(Long.toString(stranger.clientId())), lines.get(0));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = PipelineMode.class,
            names = {"COMPACT", "SHARED"})
    void shouldServeOthersThoughSomebodyListensAgainAndAgain(PipelineMode mode) throws Exception {
        AtomicInteger begun = new AtomicInteger();
        try (TestGateway gateway =
                        TestGateway.start(directory, Options.defaults().withMode(mode));
                Aeron stranger = stranger(gateway);
                RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            AtomicBoolean isEnough = new AtomicBoolean();
            Thread again = new Thread(() -> {
                while (!isEnough.get()) {
                    Subscription next =
                            stranger.addSubscription(IpcStreams.CHANNEL_PREFIX, TestGateway.REQUEST_STREAM_ID);
                    begun.incrementAndGet();
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                    assertTrue(next.streamId() > 0);
                }
            });
            again.setDaemon(true);
            again.start();
            RawClient.await(() -> begun.get() > 1);

            askOften(client);

            isEnough.set(true);
            again.join(10_000);
            assertTrue(gateway.errors.size() < 20, "told of the first, the second, the fourth ...");
        }
    }

    private static Aeron stranger(TestGateway gateway) {
        return Aeron.connect(
                new Aeron.Context().aeronDirectoryName(gateway.aeronDirectory()).errorHandler(ended -> {}));
    }

    /** In the one session that it has: none is lost, and none is begun anew. */
    private static void askOften(RingfenceClient client) {
        AtomicInteger answers = new AtomicInteger();
        Answer.Handler handler = new Answer.Handler() {
            @Override
            public void onDecision(AdmissionDecisionDecoder decision) {
                answers.incrementAndGet();
            }

            @Override
            public void onRefused(RefusedDecoder refused) {
                throw new AssertionError("refused: " + refused);
            }
        };
        Deadline deadline = Deadline.inSeconds(60);
        int sent = 0;
        while (answers.get() < REQUESTS) {
            deadline.require("every request is answered");
            if (sent < REQUESTS) {
                client.admission()
                        .accountId(TestGateway.ACCOUNT)
                        .useCase((short) 1)
                        .substitution(Substitution.ALLOWED)
                        .riskBps(100);
                sent += client.offer() > 0 ? 1 : 0;
            }
            client.poll(handler, 10);
            assertTrue(client.isConnected(), "the session was lost after " + answers + " answers");
        }
    }
}

package io.ringfence.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.pipeline.PipelineMode;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.frame.Frames;
import io.ringfence.gateway.server.TestGateway.Options;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Tristate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With DISK no answer tells of a record that the watermark does not cover, whether it is a first one, a repeat or a query's. */
@Tag("system")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HeldAnswersTest {
    private static final int ROUNDS = 300;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(
            value = PipelineMode.class,
            names = {"COMPACT", "SHARED"})
    void shouldTellNothingThatTheWatermarkDoesNotCover(PipelineMode mode) throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        Options options = Options.defaults().withMode(mode).withDurability(Durability.DISK);
        try (TestGateway gateway = TestGateway.start(directory, options);
                RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            Seen seen = new Seen(seed, gateway.journal.appended());
            gateway.journal.releaseUpTo(seen.released);
            for (int round = 0; round < ROUNDS; round++) {
                int count = 1 + random.nextInt(6);
                for (int i = 0; i < count; i++) {
                    ask(client, seen, random);
                    RawClient.await(
                            () -> client.offer() > 0 || client.poll(seen, 16) < 0); // What is not sent is not asked.
                }
                poll(client, seen);
                seen.released = Math.max(seen.released, gateway.journal.appended() - random.nextInt(12));
                gateway.journal.releaseUpTo(seen.released);
                poll(client, seen);
            }
            seen.released = Long.MAX_VALUE;
            gateway.journal.releaseUpTo(Long.MAX_VALUE);
            RawClient.await(() -> client.poll(seen, 16) >= 0 && client.unansweredCount() == 0);

            assertTrue(seen.repeats > 50, "repeats=" + seen.repeats);
            assertTrue(seen.notYet > 0, "a query must have met what was not covered yet");
            assertTrue(seen.ended > 0, "a hold must have ended");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = PipelineMode.class,
            names = {"SHARED", "DEDICATED"})
    void shouldHaveRoomForTheAnswersOfAFullRingWhenTheDiskStandsStill(PipelineMode mode) {
        int window = 1_024;
        int before = 28; // Their answers leave less room than a ring of answers takes.
        Options options = Options.defaults()
                .withMode(mode)
                .withDurability(Durability.DISK)
                .withRing(4_096)
                .withWindow(window)
                .withTimeout(Duration.ofSeconds(50))
                .withSessions(before + 4);
        List<RawClient> clients = new ArrayList<>();
        try (TestGateway gateway = TestGateway.start(directory, options)) {
            for (int i = 0; i < options.sessions(); i++) {
                clients.add(new RawClient(gateway.aeronDirectory(), TestGateway.REQUEST_STREAM_ID));
                assertEquals(
                        ReasonCode.NONE,
                        clients.get(i).logOn(TestGateway.FIRST_OF_MANY + i).reason());
            }
            gateway.journal.releaseUpTo(gateway.journal.appended());
            for (RawClient client : clients.subList(0, before)) {
                long appended = gateway.journal.appended();
                cancel(client, window);
                RawClient.await(() -> gateway.journal.appended() >= appended + window);
            }
            gateway.journal.hold(true);
            List<RawClient> last = clients.subList(before, clients.size());
            last.forEach(client -> cancel(client, window));
            RawClient.await(
                    () -> last.get(3).drain() > 0 || gateway.depth() == options.ringSize()); // Refused, or all taken.
            gateway.journal.hold(false);
            RawClient.await(() -> gateway.agent.failure() != null || gateway.depth() == 0);
            gateway.journal.releaseUpTo(Long.MAX_VALUE);

            assertNull(gateway.agent.failure());
            for (RawClient client : clients) {
                RawClient.await(() -> client.drain() >= 0 && client.replySequence() == window);
            }
        } finally {
            clients.forEach(RawClient::close);
        }
    }

    /** Cancels of unknown holds: they may take the kept slots. */
    private static void cancel(RawClient client, int count) {
        for (int i = 1; i <= count; i++) {
            client.send(Frames.cancel(), i, 0, i);
        }
    }

    private static void poll(RingfenceClient client, Seen seen) {
        long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2);
        while (System.nanoTime() - untilNs < 0) {
            client.poll(seen, 16);
        }
    }

    private static void ask(RingfenceClient client, Seen seen, SplittableRandom random) {
        switch (seen.asked.isEmpty() ? 0 : random.nextInt(5)) {
            case 0, 1 -> {
                seen.asked.add(client.nextRequestId());
                admission(client, client.nextRequestId());
            }
            case 2 -> admission(client, seen.any(random));
            case 3 -> client.query(seen.any(random));
            default -> {
                if (seen.holds.isEmpty()) {
                    client.query(seen.any(random));
                    return;
                }
                long hold = seen.holds.remove(seen.holds.size() - 1);
                seen.settleOf.put(client.nextRequestId(), hold);
                client.settle().holdId(hold).kind(SettleKind.RELEASE);
            }
        }
    }

    private static void admission(RingfenceClient client, long requestId) {
        client.admission()
                .clientRequestId(requestId)
                .accountId(TestGateway.ACCOUNT)
                .useCase((short) 1)
                .inputUnits(1_000)
                .exposureMicros(1);
    }

    /** Checks each answer against what is released when it is read; the test releases nothing meanwhile. */
    private static final class Seen implements Answer.Handler {
        private final long seed;
        private final List<Long> asked = new ArrayList<>();
        private final List<Long> holds = new ArrayList<>();
        private final Map<Long, Long> settleOf = new HashMap<>();
        private final Map<Long, Boolean> endTold = new HashMap<>();
        private long released;
        private int repeats;
        private int notYet;
        private int ended;

        Seen(long seed, long released) {
            this.seed = seed;
            this.released = released;
        }

        long any(SplittableRandom random) {
            int back = Math.min(asked.size(), 20);
            return asked.get(asked.size() - 1 - random.nextInt(back));
        }

        @Override
        public void onDecision(AdmissionDecisionDecoder decision) {
            long sequence = decision.sequence();
            assertTrue(
                    sequence <= released, () -> "seed=" + seed + ", sequence=" + sequence + ", released=" + released);
            Long settled = settleOf.get(decision.clientRequestId());
            if (settled != null) {
                endTold.put(settled, true);
                return;
            }
            if (decision.isDuplicate() == Tristate.NO) {
                if (decision.holdStands() == Tristate.YES) {
                    holds.add(decision.holdId());
                }
                return;
            }
            repeats++;
            boolean hasHold = decision.holdId() != AdmissionDecisionDecoder.holdIdNullValue();
            if (hasHold && decision.holdStands() == Tristate.NO) {
                ended++;
                long holdId = decision.holdId();
                assertTrue(
                        endTold.containsKey(holdId), () -> "seed=" + seed + ": ended ahead of its settle: " + holdId);
            }
        }

        @Override
        public void onRefused(RefusedDecoder refused) {
            assertEquals(ReasonCode.NOT_ANSWERED_YET, refused.reason(), "seed=" + seed);
            notYet++;
        }
    }
}

package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.replay.OwnedHolds;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.journal.snapshot.SnapshotFiles;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tiny holds without end, at a heap that has just the room for the bounds. {@code -Dringfence.holds=2100000} sends more of them. */
@Tag("system")
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class MemoryBoundTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int HOLDS_PER_ACCOUNT = 32_000;
    private static final long REQUESTS = Long.getLong("ringfence.holds", 150_000);
    private static final long HOLD_MICROS = 1;
    private static final int INFLIGHT = 128;
    private static final long FULL_ACCOUNT = 1;
    private static final long OTHER_ACCOUNT = 2;

    @TempDir
    Path directory;

    @Test
    void shouldRefuseHoldsBeyondTheBoundLiveOnAndStopWithASnapshot() throws Exception {
        ServerFiles files = ServerFiles.write(directory, "compact", "memory");
        String config = Files.readString(files.config());
        Files.writeString(
                files.config(),
                config.replace("accounts_max: 16", "accounts_max: 3\n  holds_per_account: " + HOLDS_PER_ACCOUNT));
        long lastSequence;
        try (ServeProcess server = ServeProcess.start(files, "-Xmx300m")) {
            server.awaitReady();
            try (RingfenceClient client = files.connect(ServerFiles.CLIENT)) {
                Flood flood = new Flood(client);
                flood.run(REQUESTS);

                assertEquals(
                        Map.of(true, (long) HOLDS_PER_ACCOUNT, false, REQUESTS - HOLDS_PER_ACCOUNT), flood.admitted);
                assertEquals(
                        ReasonCode.HOLDS_AT_BOUND, ask(client, FULL_ACCOUNT).reason());
                assertTrue(ask(client, OTHER_ACCOUNT).isAdmitted());
                lastSequence = ask(client, OTHER_ACCOUNT).decision().sequence();
            }
            assertEquals(0, server.stop());
        }
        assertTrue(newestSnapshot(files) > lastSequence, "the stop has written its snapshot");
        assertEquals(HOLDS_PER_ACCOUNT, standing(files));
        assertTrue(Replay.run(files.data(), records -> {}).isOk());
    }

    private static long standing(ServerFiles files) {
        LongAdder ofFullAccount = new LongAdder();
        OwnedHolds.read(files.data(), hold -> {
            if (hold.accountId() == FULL_ACCOUNT) {
                ofFullAccount.increment();
            }
            return false;
        });
        return ofFullAccount.sum();
    }

    private static long newestSnapshot(ServerFiles files) throws IOException {
        return new SnapshotFiles(files.data())
                .newest(Long.MAX_VALUE)
                .orElseThrow()
                .sequence();
    }

    private static Answer ask(RingfenceClient client, long accountId) {
        begin(client, accountId);
        return client.ask(PATIENCE);
    }

    private static void begin(RingfenceClient client, long accountId) {
        client.admission()
                .accountId(accountId)
                .useCase((short) 1)
                .inputUnits(0)
                .businessValueMicros(5_000_000)
                .exposureMicros(HOLD_MICROS);
    }

    /** Sends requests as fast as they are answered, and counts how many were admitted. */
    private static final class Flood implements Answer.Handler {
        private final Map<Boolean, Long> admitted = new TreeMap<>();
        private final RingfenceClient client;
        private long answered;

        Flood(RingfenceClient client) {
            this.client = client;
        }

        void run(long requests) {
            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(500);
            long sent = 0;
            boolean isBegun = false;
            while (answered < requests) {
                assertTrue(System.nanoTime() - deadlineNs < 0, "answered in time: " + answered);
                client.poll(this, INFLIGHT);
                while (sent < requests && sent - answered < INFLIGHT) {
                    if (!isBegun) {
                        begin(client, FULL_ACCOUNT);
                        isBegun = true;
                    }
                    if (client.offer() <= 0) {
                        break;
                    }
                    isBegun = false;
                    sent++;
                }
            }
        }

        @Override
        public void onDecision(AdmissionDecisionDecoder decision) {
            boolean isAdmitted = decision.action() == Action.EXECUTE || decision.action() == Action.SUBSTITUTE;
            assertTrue(
                    isAdmitted || decision.reason() == ReasonCode.HOLDS_AT_BOUND,
                    () -> decision.reason().name());
            admitted.merge(isAdmitted, 1L, Long::sum);
            answered++;
        }

        @Override
        public void onRefused(RefusedDecoder refused) {
            throw new AssertionError("refused: " + refused.reason());
        }
    }
}

package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.limit.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that is killed in mid-load keeps what it answered, whole and balanced. */
@Tag("system")
@Timeout(value = 480, unit = TimeUnit.SECONDS)
class KillNineTest {
    private static final long SHORTEST_LIFE_MS = 30;
    private static final int LIFE_SPREAD_MS = 200;
    private static final int START_SPREAD_MS = 900;

    /** Less than the 5 s after which a client gives up a media driver that stands still. */
    private static final int SILENCE_S = 3;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Desk desk = new Desk(seed, false);

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"compact, memory, 20", "shared, disk, 3"})
    void shouldKeepWhatWasAnsweredWhenKilledUnderLoad(String mode, String durability, int rounds) throws Exception {
        System.out.println("seed=" + seed);
        ServerFiles files = ServerFiles.write(directory, mode, durability);

        for (int round = 0; round < rounds; round++) {
            serveAndKill(files);
        }

        serveToTheEnd(files);
        assertWholeAndBalanced(files);
        System.out.println(desk.summary());
    }

    @Test
    void shouldBeginAndRecoverWhateverMomentAStartIsKilledAt() throws Exception {
        System.out.println("seed=" + seed);
        ServerFiles files = ServerFiles.write(directory, "compact", "memory");

        startAndKill(files, 4); // A journal that is only being begun.
        serveAndKill(files);
        startAndKill(files, 4); // One that is being recovered.

        serveToTheEnd(files);
        assertWholeAndBalanced(files);
    }

    @Test
    void shouldGoOnWhenHaltedForLongerThanASessionMayBeSilent() throws Exception {
        System.out.println("seed=" + seed);
        ServerFiles files = ServerFiles.write(directory, "compact", "memory").withSilenceTimeout(SILENCE_S);
        try (ServeProcess server = ServeProcess.start(files)) {
            server.awaitReady();
            try (RingfenceClient client = files.connect(ServerFiles.CLIENT)) {
                desk.begin(client);
                tradeFor(300);
                server.signal("STOP");
                tradeFor(TimeUnit.SECONDS.toMillis(SILENCE_S)); // Halted for as long as that at least.
                tradeUntilTheClientNoticesTheEndOf(client);
                server.signal("CONT");
                client.reconnect();
                desk.begin(client);
                tradeFor(300);
                desk.settleDown();
                desk.auditHolds();
            }
            assertEquals(0, server.stop());
        }

        assertWholeAndBalanced(files);
    }

    @Test
    void shouldLetAClientThatOutlivedItsServerGoOnWithTheNextOne() throws Exception {
        System.out.println("seed=" + seed);
        ServerFiles files = ServerFiles.write(directory, "compact", "memory");
        try (ServeProcess first = ServeProcess.start(files)) {
            first.awaitReady();
            try (RingfenceClient client = files.connect(ServerFiles.CLIENT)) {
                desk.begin(client);
                tradeFor(200);
                first.kill();
                first.awaitKilled();
                try (ServeProcess second = ServeProcess.start(files)) {
                    second.awaitReady();
                    tradeUntilTheClientNoticesTheEndOf(client);
                    client.reconnect();
                    desk.begin(client);
                    tradeFor(200);
                    desk.settleDown();
                    desk.auditHolds();
                    assertEquals(0, second.stop());
                }
            }
        }
        assertWholeAndBalanced(files);
    }

    private void tradeUntilTheClientNoticesTheEndOf(RingfenceClient client) {
        Deadline deadline = Deadline.inSeconds(30);
        while (client.isConnected()) {
            deadline.require("the client notices the end of its session");
            desk.turn();
        }
    }

    private void tradeFor(long ms) {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        while (System.nanoTime() - endNs < 0) {
            desk.turn();
        }
    }

    private void serveAndKill(ServerFiles files) throws IOException, InterruptedException {
        try (ServeProcess server = ServeProcess.start(files)) {
            server.awaitReady();
            try (RingfenceClient client = files.connect(ServerFiles.CLIENT)) {
                desk.begin(client);
                Executor later = CompletableFuture.delayedExecutor(
                        SHORTEST_LIFE_MS + random.nextInt(LIFE_SPREAD_MS), TimeUnit.MILLISECONDS);
                later.execute(server::kill);
                Deadline deadline = Deadline.inSeconds(30);
                while (server.isAlive()) {
                    deadline.require("the server is killed");
                    desk.turn();
                }
                server.awaitKilled();
                while (desk.poll() > 0) {
                    // What it wrote before it died was answered.
                }
            }
        }
        JournalProver.Report report = JournalProver.verify(files.data());
        assertTrue(report.isOk(), report.faultText());
    }

    private void startAndKill(ServerFiles files, int times) throws IOException, InterruptedException {
        for (int i = 0; i < times; i++) {
            try (ServeProcess server = ServeProcess.start(files)) {
                Thread.sleep(100 + random.nextInt(START_SPREAD_MS));
                server.kill();
                server.awaitKilled();
            }
        }
    }

    private void serveToTheEnd(ServerFiles files) throws IOException, InterruptedException {
        try (ServeProcess server = ServeProcess.start(files)) {
            server.awaitReady();
            try (RingfenceClient client = files.connect(ServerFiles.CLIENT)) {
                desk.begin(client);
                desk.auditHolds();
            }
            assertEquals(0, server.stop());
        }
    }

    private void assertWholeAndBalanced(ServerFiles files) throws IOException {
        JournalProver.Report verified = JournalProver.verify(files.data());
        Replay.Report replayed = Replay.run(files.data());
        JournalContents journal = JournalContents.read(files.data());

        assertTrue(verified.isOk(), verified.faultText());
        assertTrue(verified.isAnchored());
        assertTrue(replayed.isOk(), replayed.firstDifference());
        assertEquals(replayed.liveStateDigest(), replayed.stateDigest());
        assertEquals(0, desk.unansweredCount());
        desk.entryHashes().forEach((sequence, hash) -> {
            JournalContents.Entry entry = journal.entries().get(sequence);
            assertTrue(
                    entry != null && entry.entryHash().equals(hash),
                    () -> "answered, yet not so in the journal: sequence=" + sequence + ", entry=" + entry);
        });
        AccountBooks.assertBalanced(files, desk.book());
    }
}

package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.limit.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server whose follower writes snapshots all the time starts again whenever it is killed. */
@Tag("system")
@Timeout(value = 480, unit = TimeUnit.SECONDS)
class SnapshotKillTest {
    private static final long BY_FOLLOWER = 2;
    private static final int LONG_COMMENT = 300_000; // The source of a policy is state: too long for the stages.

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Desk desk = new Desk(seed, false);

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"compact, memory, 6", "dedicated, disk, 3"})
    void shouldStartAgainWheneverItWasKilledWhileTheFollowerWrote(String mode, String durability, int rounds)
            throws Exception {
        System.out.println("seed=" + seed);
        ServerFiles files = files(mode, durability);

        for (int round = 0; round < rounds; round++) {
            serve(files, 100 + random.nextInt(500));
        }
        long newest = serve(files, 0);

        Replay.Report replayed = Replay.run(files.data());
        assertTrue(replayed.isOk(), replayed.firstDifference());
        assertEquals(replayed.liveStateDigest(), replayed.stateDigest());
        assertTrue(newest > 0);
        AccountBooks.assertBalanced(files, desk.book());
    }

    /** Serves until the follower has written and, for a kill, some time is over; returns the sequence of what it wrote last. */
    private long serve(ServerFiles files, int killAfterMs) throws IOException, InterruptedException {
        long newest = 0;
        try (ServeProcess server = ServeProcess.start(files)) {
            server.awaitReady();
            try (RingfenceClient client = files.connect(ServerFiles.CLIENT);
                    CountersView counters = CountersView.open(files.counters())) {
                desk.begin(client);
                long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
                while (counters.engine().get(EngineCounter.SNAPSHOT_BY) != BY_FOLLOWER) {
                    desk.turn();
                    assertTrue(System.nanoTime() - deadlineNs < 0, "the follower wrote nothing in 60 s");
                }
                newest = counters.engine().get(EngineCounter.SNAPSHOT_SEQUENCE);
                assertEquals(0, counters.engine().get(EngineCounter.SNAPSHOT_FAILURES));
                if (killAfterMs > 0) {
                    CompletableFuture.delayedExecutor(killAfterMs, TimeUnit.MILLISECONDS)
                            .execute(server::kill);
                    Deadline deadline = Deadline.inSeconds(30);
                    while (server.isAlive()) {
                        deadline.require("the server is killed");
                        desk.turn();
                    }
                    server.awaitKilled();
                    while (desk.poll() > 0) {
                        // What it wrote before it died was answered.
                    }
                } else {
                    desk.settleDown();
                }
            }
            assertEquals(killAfterMs > 0 ? 128 + 9 : 0, server.stop());
        }
        JournalProver.Report report = JournalProver.verify(files.data());
        assertTrue(report.isOk(), report.faultText());
        return newest;
    }

    private ServerFiles files(String mode, String durability) throws IOException {
        ServerFiles files = ServerFiles.write(directory, mode, durability);
        String config = Files.readString(files.config());
        Path policy = Path.of(config.lines()
                .filter(line -> line.startsWith("policy: "))
                .findFirst()
                .orElseThrow()
                .substring("policy: ".length()));
        Path longPolicy = directory.resolve("long.yaml");
        Files.writeString(longPolicy, Files.readString(policy) + "# long\n".repeat(LONG_COMMENT / 7));
        Files.writeString(
                files.config(),
                config.replace("policy: " + policy, "policy: " + longPolicy) + "snapshots: {interval: 200}\n");
        return files;
    }
}

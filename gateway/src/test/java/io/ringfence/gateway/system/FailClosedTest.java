package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.gateway.server.RawClient;
import io.ringfence.limit.Deadline;
import io.ringfence.schemas.ReasonCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random traffic over the real transport: nothing is allowed without a standing hold. */
@Tag("system")
@Timeout(value = 360, unit = TimeUnit.SECONDS)
class FailClosedTest {
    private static final int REQUESTS = 6_000;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"compact, memory", "shared, disk"})
    void shouldAllowNothingWithoutAStandingHold(String mode, String durability) throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed=" + seed);
        ServerFiles files = ServerFiles.write(directory, mode, durability);
        Desk desk = new Desk(seed, true);
        try (Ringfence ringfence = Ringfence.start(ServerConfig.read(files.config()));
                RingfenceClient client = files.connect(ServerFiles.CLIENT);
                RingfenceClient person = files.connect(ServerFiles.OPERATOR)) {
            desk.person(person);
            desk.begin(client);
            Deadline deadline = Deadline.inSeconds(200);
            while (desk.answerCount() < REQUESTS) {
                deadline.require("every request is answered");
                desk.turn();
            }
            desk.settleDown();
            awaitNoHoldBeyondItsTime(files, desk);
            desk.auditHolds();
            assertFalse(ringfence.hasEnded());
        }

        JournalContents journal = JournalContents.read(files.data());
        Replay.Report replayed = Replay.run(files.data());

        assertTrue(replayed.isOk(), replayed.firstDifference());
        for (Hold hold : desk.book().holds()) {
            JournalContents.Entry entry = journal.entries().get(hold.id());
            assertEquals(ReasonCode.NONE, entry.budget());
            assertEquals(hold.firstHeldMicros(), entry.heldMicros());
            assertTrue(hold.hasEnded() || !hold.mayExpire(), "a hold stands beyond its time");
        }
        desk.entryHashes()
                .forEach((sequence, hash) ->
                        assertEquals(hash, journal.entries().get(sequence).entryHash()));
        AccountBooks.assertBalanced(files, desk.book());
        assertTrue(desk.dropped() > 10, "rare: dropped=" + desk.dropped());
        System.out.println(desk.summary());
    }

    /** Once the server has swept, those stand that have no time to live. */
    private static void awaitNoHoldBeyondItsTime(ServerFiles files, Desk desk) throws IOException {
        long standing = desk.book().holds().stream()
                .filter(hold -> !hold.mayExpire() && !hold.hasEnded())
                .count();
        try (CountersView counters = CountersView.open(files.counters())) {
            RawClient.await(() -> desk.poll() >= 0 && counters.engine().get(EngineCounter.OPEN_HOLDS) == standing);
        }
    }
}

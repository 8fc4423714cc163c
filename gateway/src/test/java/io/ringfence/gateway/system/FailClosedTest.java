package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.limit.Deadline;
import io.ringfence.schemas.ReasonCode;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random traffic over the real transport: nothing is allowed without a standing hold. */
@Tag("system")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FailClosedTest {
    private static final int REQUESTS = 6_000;
    private static final long LONGEST_TIME_TO_LIVE_MS = 300;
    private static final long SWEEP_MS = 200;

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
            Deadline deadline = Deadline.inSeconds(100);
            while (desk.answerCount() < REQUESTS) {
                deadline.require("every request is answered");
                desk.turn();
            }
            desk.settleDown();
            Thread.sleep(LONGEST_TIME_TO_LIVE_MS + SWEEP_MS);
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
}

package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.limit.Deadline;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that was stopped and started again, and so restored from a snapshot, goes on as if it had not been stopped. */
@Tag("system")
@Timeout(value = 360, unit = TimeUnit.SECONDS)
class RestartTest {
    private static final int REQUESTS_A_LIFE = 800;

    private final long seed = System.nanoTime();
    private final Desk desk = new Desk(seed, false);

    @TempDir
    Path directory;

    @Test
    void shouldGoOnAfterACleanStopAndRepeatTheAnswersOfEarlierLives() throws Exception {
        System.out.println("seed=" + seed);
        ServerFiles files = ServerFiles.write(directory, "compact", "memory");

        for (int life = 1; life <= 3; life++) {
            try (Ringfence ringfence = Ringfence.start(ServerConfig.read(files.config()));
                    RingfenceClient client = files.connect(ServerFiles.CLIENT);
                    RingfenceClient person = files.connect(ServerFiles.OPERATOR)) {
                desk.person(person);
                desk.begin(client);
                desk.book().earlierLife(desk.lastSequence());
                desk.askAgain();
                Deadline deadline = Deadline.inSeconds(100);
                while (desk.answerCount() < life * REQUESTS_A_LIFE) {
                    deadline.require("every request is answered");
                    desk.turn();
                }
                desk.settleDown();
                desk.auditHolds();
                assertFalse(ringfence.hasEnded());
            }
        }

        Replay.Report replayed = Replay.run(files.data());
        assertTrue(replayed.isOk(), replayed.firstDifference());
        assertEquals(replayed.liveStateDigest(), replayed.stateDigest());
        AccountBooks.assertBalanced(files, desk.book());
        System.out.println(desk.summary());
    }
}

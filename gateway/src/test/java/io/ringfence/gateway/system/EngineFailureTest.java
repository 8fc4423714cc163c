package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.server.RawClient;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.limit.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server whose journal cannot go on says so, answers nothing more, says why, and starts again once the cause is gone. */
@Tag("system")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class EngineFailureTest {
    private final long seed = System.nanoTime();
    private final Desk desk = new Desk(seed, false);

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"compact, memory, journal", "shared, memory, journal", "dedicated, disk, journal"})
    void shouldStopSayWhyAndStartAgain(String mode, String durability, String failedStage) throws Exception {
        System.out.println("seed=" + seed);
        ServerFiles files = ServerFiles.write(directory, mode, durability);

        serveUntilTheJournalFails(files);

        List<String> fault = faultFile(files);
        JournalProver.Report verified = JournalProver.verify(files.data());
        assertEquals(
                failedStage == null ? List.of() : List.of("stage: " + failedStage),
                fault.stream().limit(1).toList());
        assertTrue(verified.isOk(), verified.faultText());
        files.letRollFilesBeMade();
        serveOn(files);
    }

    private void serveUntilTheJournalFails(ServerFiles files) throws IOException {
        try (Ringfence ringfence = Ringfence.start(ServerConfig.read(files.config()));
                RingfenceClient client = files.connect(ServerFiles.CLIENT);
                CountersView counters = CountersView.open(files.counters())) {
            desk.begin(client);
            files.letNoRollFileBeMade();
            desk.mayRunOutOfRoom();
            Deadline deadline = Deadline.inSeconds(100);
            while (!desk.hasEngineFailed()) {
                deadline.require("the engine fails");
                if (files.isNextRollFileReady() || isRoomLow(counters)) {
                    desk.turn();
                } else {
                    desk.poll(); // Else the last roll file might be full before it is known that no other can be made.
                }
            }
            RawClient.await(ringfence::hasEnded);
            assertTrue(desk.roomRefusals() > 0, "new risk stops first");

            assertTrue(ringfence.failure().toString().contains("making"), () -> "why: " + ringfence.failure());
            assertEquals(RingfenceClient.NOT_CONNECTED, client.offer());
            assertEquals(0, desk.poll());
        }
    }

    private static boolean isRoomLow(CountersView counters) {
        return counters.engine().get(EngineCounter.DISK_LOW) == 1;
    }

    private static List<String> faultFile(ServerFiles files) throws IOException {
        try (Stream<Path> entries = Files.list(files.data())) {
            List<Path> faults = entries.filter(
                            path -> path.getFileName().toString().startsWith("fault-"))
                    .toList();
            return faults.isEmpty() ? List.of() : Files.readAllLines(faults.get(0));
        }
    }

    private void serveOn(ServerFiles files) throws IOException {
        try (Ringfence ringfence = Ringfence.start(ServerConfig.read(files.config()));
                RingfenceClient client = files.connect(ServerFiles.CLIENT)) {
            desk.begin(client);
            desk.auditHolds();
            assertFalse(ringfence.hasEnded());
        }
        AccountBooks.assertBalanced(files, desk.book());
        JournalContents journal = JournalContents.read(files.data());
        desk.entryHashes()
                .forEach((sequence, hash) ->
                        assertEquals(hash, journal.entries().get(sequence).entryHash()));
    }
}

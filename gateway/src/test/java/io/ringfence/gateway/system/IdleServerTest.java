package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.gateway.server.RawClient;
import io.ringfence.limit.Deadline;
import io.ringfence.schemas.Substitution;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server process that nobody asks anything: it leaves the processor to others, writes next to nothing, and answers when it is asked. */
@Tag("system")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class IdleServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final double MOST_OF_A_CORE = 0.2;
    private static final long WARM_UP_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long IDLE_NS = TimeUnit.SECONDS.toNanos(4);

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"compact, memory", "shared, disk", "dedicated, memory"})
    void shouldLeaveTheProcessorAndTheJournalAloneAndAnswerAfterwards(String mode, String durability) throws Exception {
        ServerFiles files = ServerFiles.write(directory, mode, durability);
        String config = Files.readString(files.config());
        Files.writeString(files.config(), config.replace("wait_strategy: sleeping\n", "")); // As shipped.
        try (ServeProcess server = ServeProcess.start(files)) {
            server.awaitReady();
            pass(WARM_UP_NS);

            long firstSequence = sequence(files);
            Deadline deadline = Deadline.inSeconds(100); // At first it compiles, for as long as the machine takes.
            double cores = coresWhileIdle(server);
            while (cores >= MOST_OF_A_CORE) {
                deadline.require("an idle server leaves the processor alone: it took " + cores + " of a core");
                cores = coresWhileIdle(server);
            }

            assertEquals(firstSequence, sequence(files), "an idle journal grows");
            try (RingfenceClient client = files.connect(ServerFiles.CLIENT)) {
                pass(TimeUnit.MILLISECONDS.toNanos(300)); // Its threads sleep again.
                client.admission()
                        .accountId(1)
                        .useCase((short) 1)
                        .substitution(Substitution.ALLOWED)
                        .businessValueMicros(5_000_000)
                        .inputUnits(1_000);
                client.ask(PATIENCE);
                client.admission()
                        .accountId(1)
                        .useCase((short) 1)
                        .substitution(Substitution.ALLOWED)
                        .businessValueMicros(5_000_000)
                        .inputUnits(1_000)
                        .timeToLiveNs(1);
                client.ask(PATIENCE);
                RawClient.await(() -> openHolds(files) <= 1); // What is due ends, though nobody asks for anything.
            }
            assertEquals(0, server.stop());
        }
        Replay.Report replayed = Replay.run(files.data());
        assertTrue(replayed.isOk(), replayed.firstDifference());
    }

    private static double coresWhileIdle(ServeProcess server) throws InterruptedException {
        Duration begun = server.cpuTime();
        long beganNs = System.nanoTime();
        pass(IDLE_NS);
        return (double) server.cpuTime().minus(begun).toNanos() / (System.nanoTime() - beganNs);
    }

    private static void pass(long durationNs) throws InterruptedException {
        Deadline deadline = Deadline.inSeconds(60);
        long endNs = System.nanoTime() + durationNs;
        while (System.nanoTime() - endNs < 0) {
            deadline.require("the time passes");
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private static long sequence(ServerFiles files) throws Exception {
        try (CountersView counters = CountersView.open(files.counters())) {
            return counters.engine().get(EngineCounter.SEQUENCE);
        }
    }

    private static long openHolds(ServerFiles files) {
        try (CountersView counters = CountersView.open(files.counters())) {
            return counters.engine().get(EngineCounter.OPEN_HOLDS);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

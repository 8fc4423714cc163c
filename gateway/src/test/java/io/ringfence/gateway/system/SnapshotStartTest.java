package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.counters.CountersView.State;
import io.ringfence.gateway.counters.EngineCounter;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.gateway.server.RawClient;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.journal.recovery.DamageFile;
import io.ringfence.journal.snapshot.SnapshotFiles;
import io.ringfence.journal.snapshot.SnapshotFiles.Snapshot;
import io.ringfence.journal.store.RollFileReader;
import io.ringfence.journal.store.RollFiles;
import io.ringfence.journal.store.RollFiles.RollBytes;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.TimeInForce;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A start restores the newest good snapshot, reads what came after, and has the older records proved while it serves. */
@Tag("system")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SnapshotStartTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long UNIT = 100_000_000;
    private static final long PRICE_MICROS = 10_000_000;
    private static final int ORDERS_A_LIFE = 40;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream standardError = System.err;
    private ServerFiles files;
    private Answer openOrder;

    @TempDir
    Path directory;

    /** Two lives with a clean stop each, so two roll files and two snapshots. */
    @BeforeEach
    void liveTwice() throws IOException {
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        files = ServerFiles.write(directory, "compact", "memory");
        for (int life = 0; life < 2; life++) {
            try (Ringfence ringfence = start();
                    RingfenceClient client = files.connect(ServerFiles.CLIENT)) {
                for (int i = 0; i < ORDERS_A_LIFE; i++) {
                    openOrder = order(client);
                    assertTrue(openOrder.isAdmitted());
                }
                assertFalse(ringfence.hasEnded());
            }
        }
    }

    @AfterEach
    void giveStandardErrorBack() {
        System.setErr(standardError);
    }

    @Test
    void shouldProveOlderRecordsWhileItServes() throws IOException {
        long snapshot = newest(Long.MAX_VALUE).sequence();
        long older = firstOfFile(1) - 1;
        try (Ringfence ringfence = start();
                RingfenceClient client = files.connect(ServerFiles.CLIENT);
                CountersView counters = CountersView.open(files.counters())) {
            assertEquals(snapshot, ringfence.restoredSequence());
            assertEquals(older + 1, ringfence.recovery().work().firstSequence());
            assertEquals(State.RUNNING, counters.state());
            RawClient.await(() -> figure(counters, EngineCounter.OLDER_RECORDS) == older);
            RawClient.await(() -> figure(counters, EngineCounter.OLDER_PROVED) == older);
            assertEquals(0, figure(counters, EngineCounter.DAMAGED_SEQUENCE));
            assertTrue(order(client).isAdmitted());
            assertEquals(ReasonCode.APPLIED, fill(client, openOrder).reason());
        }
        assertWhole();
        assertEquals("", printed.toString(StandardCharsets.UTF_8));
    }

    @Test
    void shouldStopNewRiskBookFactsAndRefuseLaterStartsWhenAnOlderRecordIsDamaged() throws IOException {
        Place damaged = place(30);
        flip(damaged);

        for (int start = 1; start <= 2; start++) { // The second finds it again without the file.
            try (Ringfence ringfence = start();
                    RingfenceClient client = files.connect(ServerFiles.CLIENT);
                    CountersView counters = CountersView.open(files.counters())) {
                RawClient.await(() -> figure(counters, EngineCounter.DAMAGED_SEQUENCE) == 30);
                RawClient.await(() -> order(client).refusal() != null);
                assertEquals(ReasonCode.JOURNAL_DAMAGED, order(client).refusal().reason());
                assertEquals(ReasonCode.APPLIED, fill(client, openOrder, start).reason());
                assertFalse(ringfence.hasEnded());
            }
            JournalException refused = assertThrows(JournalException.class, this::start);
            assertNames(damaged, refused.getMessage());
            assertTrue(refused.getMessage().contains(DamageFile.NAME), refused::getMessage);
            try (CountersView counters = CountersView.open(files.counters())) {
                assertEquals(State.STOPPED, counters.state()); // It was refused before anything else.
            }
            Files.delete(files.data().resolve(DamageFile.NAME));
        }
        List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(2, lines.size(), lines::toString);
        lines.forEach(line -> assertNames(damaged, line));

        flip(damaged); // As if the file was restored.
        try (Ringfence ringfence = start();
                RingfenceClient client = files.connect(ServerFiles.CLIENT)) {
            assertNotNull(ringfence);
            assertTrue(order(client).isAdmitted());
        }
        assertWhole();
    }

    @Test
    void shouldRefuseAFaultBehindTheSnapshotAndNameItsByte() throws IOException {
        Files.delete(snapshotFiles().get(1));
        Place damaged = place(firstOfFile(1) + 20);
        flip(damaged);

        assertNames(damaged, assertThrows(JournalException.class, this::start).getMessage());

        assertFalse(Files.exists(files.data().resolve("damaged")));
        try (CountersView counters = CountersView.open(files.counters())) {
            assertEquals(State.FAILED, counters.state());
        }
    }

    @Test
    void shouldPassOverASnapshotThatIsNotOfThisStateOrJournal() throws IOException {
        Snapshot last = newest(Long.MAX_VALUE);
        Snapshot first = newest(last.sequence() - 1);
        byte[] wrong = new byte[32];
        put(last, last.entryHash(), wrong);
        try (Ringfence ringfence = start()) { // Its own snapshot is the fourth, so the first is gone after it.
            assertEquals(first.sequence(), ringfence.restoredSequence());
            assertEquals(1, ringfence.recovery().work().firstSequence());
        }
        Files.delete(snapshotFiles().get(2));
        put(last, wrong, last.stateDigest());
        put(first, wrong, first.stateDigest());
        try (Ringfence ringfence = start()) {
            assertEquals(0, ringfence.restoredSequence());
            assertEquals(1, ringfence.recovery().work().firstSequence());
        }
        assertWhole();
    }

    @Test
    void shouldComeToTheSameStateAfterAKillWithAndWithoutSnapshots() throws Exception {
        long snapshot = newest(Long.MAX_VALUE).sequence();
        Answer last;
        try (ServeProcess server = ServeProcess.start(files)) {
            server.awaitReady();
            try (RingfenceClient client = files.connect(ServerFiles.CLIENT)) {
                order(client);
                last = order(client);
                server.kill();
                server.awaitKilled();
            }
        }
        try (Ringfence ringfence = start()) {
            assertEquals(snapshot, ringfence.restoredSequence());
            assertEquals(firstOfFile(1), ringfence.recovery().work().firstSequence());
            assertTrue(ringfence.recovery().head().sequence() >= last.decision().sequence());
        }
        for (Path file : snapshotFiles()) {
            Files.delete(file);
        }
        try (Ringfence ringfence = start()) {
            assertEquals(0, ringfence.restoredSequence());
        }
        assertWhole();
    }

    @Test
    void shouldCutATornTailBehindASnapshot() throws Exception {
        long snapshot = newest(Long.MAX_VALUE).sequence();
        try (ServeProcess server = ServeProcess.start(files)) {
            server.awaitReady();
            try (RingfenceClient client = files.connect(ServerFiles.CLIENT)) {
                order(client);
                server.kill();
                server.awaitKilled();
            }
        }
        long head = JournalProver.verify(files.data()).records();
        Place torn = place(head);
        tear(torn);

        try (Ringfence ringfence = start();
                RingfenceClient client = files.connect(ServerFiles.CLIENT)) {
            assertEquals(snapshot, ringfence.restoredSequence());
            assertEquals(head - 1, ringfence.recovery().head().sequence());
            assertNames(torn, ringfence.recovery().cause());
            assertTrue(order(client).isAdmitted());
        }
        assertWhole();
    }

    private void assertWhole() throws IOException {
        JournalProver.Report verified = JournalProver.verify(files.data());
        assertTrue(verified.isOk(), verified.faultText());
        Replay.Report replayed = Replay.run(files.data());
        assertTrue(replayed.isOk(), replayed.firstDifference());
        assertEquals(replayed.liveStateDigest(), replayed.stateDigest());
    }

    private static void assertNames(Place place, String line) {
        String named =
                "sequence " + place.sequence + ", " + place.file.getFileName() + " at byte " + place.position + ": ";
        assertTrue(line.contains(named), line);
    }

    private Ringfence start() {
        return Ringfence.start(ServerConfig.read(files.config()));
    }

    private Snapshot newest(long maxSequence) throws IOException {
        return new SnapshotFiles(files.data()).newest(maxSequence).orElseThrow();
    }

    private void put(Snapshot snapshot, byte[] entryHash, byte[] stateDigest) throws IOException {
        new SnapshotFiles(files.data())
                .write(new Snapshot(
                        snapshot.snapshotId(),
                        snapshot.sequence(),
                        snapshot.semanticsVersion(),
                        entryHash,
                        stateDigest,
                        snapshot.states()));
    }

    private List<Path> snapshotFiles() throws IOException {
        try (Stream<Path> all = Files.list(files.data().resolve("snapshots"))) {
            return all.sorted().toList();
        }
    }

    private long firstOfFile(int index) throws IOException {
        return RollFiles.firstSequence(
                RollFiles.list(files.data()).get(index).getFileName().toString());
    }

    /** Where a record lies. */
    private record Place(long sequence, Path file, long position) {}

    private Place place(long sequence) throws IOException {
        Path holding = null;
        for (Path file : RollFiles.list(files.data())) {
            holding = RollFiles.firstSequence(file.getFileName().toString()) <= sequence ? file : holding;
        }
        RollFileReader reader = new RollFileReader();
        try (RollBytes bytes = RollFiles.bytes(List.of(holding)).get(0)) {
            reader.reset(bytes);
            for (long at = RollFiles.firstSequence(holding.getFileName().toString()); at <= sequence; at++) {
                assertEquals(RollFileReader.Step.RECORD, reader.next());
            }
            return new Place(sequence, holding, reader.recordPosition());
        }
    }

    /** Changes a bit of a record's time stamp. */
    private static void flip(Place place) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(place.file.toFile(), "rw")) {
            file.seek(place.position + 30);
            int value = file.read();
            file.seek(place.position + 30);
            file.write(value ^ 4);
        }
    }

    /** Takes a record's length word away, which is written last. */
    private static void tear(Place place) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(place.file.toFile(), "rw")) {
            file.seek(place.position);
            file.writeInt(0);
        }
    }

    private static long figure(CountersView counters, EngineCounter counter) {
        Map<EngineCounter, Long> engine = counters.engine();
        return engine.get(counter);
    }

    private static Answer order(RingfenceClient client) {
        client.order()
                .accountId(1)
                .useCase((short) 1)
                .requestedCandidateId(1)
                .businessValueMicros(5_000_000)
                .riskBps(400)
                .side(Side.BUY)
                .orderType(OrderType.LIMIT)
                .timeInForce(TimeInForce.DAY)
                .quantity(UNIT)
                .limitPriceMicros(PRICE_MICROS);
        return client.ask(PATIENCE);
    }

    private static Answer fill(RingfenceClient client, Answer order) {
        return fill(client, order, 1);
    }

    private static Answer fill(RingfenceClient client, Answer order, long executionId) {
        client.execution()
                .holdId(order.decision().holdId())
                .executionId(executionId)
                .kind(ExecutionKind.FILL)
                .quantity(UNIT / 4)
                .priceMicros(PRICE_MICROS)
                .leavesQuantity(UNIT - executionId * (UNIT / 4));
        return client.ask(PATIENCE);
    }
}
